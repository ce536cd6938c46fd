"""What people did about alerts: acknowledged, assigned, commented, silenced. Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

from metrics.alerts.matching import Matchers, fits
from metrics.alerts.words import Alert, Labels

Deed = Literal["ack", "unack", "assign", "comment"]


class Action(msgspec.Struct, frozen=True):
    """One deed of one person, about one revision of an alert. `text`: the comment, or to whom it was assigned."""

    alert_id: str
    at: int
    action: Deed
    actor: str
    text: str
    revision: int


class Standing(NamedTuple):
    """How people stand to an alert now."""

    acknowledged_by: str = ""
    acknowledged_at: int | None = None
    assignee: str = ""


NOBODY = Standing()


class Silence(msgspec.Struct, frozen=True):
    """Alerts that fit are not told from `starts` to `ends`."""

    id: str
    matchers: Matchers
    starts: int
    ends: int
    actor: str
    comment: str

    def holds(self, labels: Labels, now: int) -> bool:
        return self.starts <= now < self.ends and fits(self.matchers, labels)


def standings(actions: Iterable[Action], alerts: Mapping[str, Alert]) -> dict[str, Standing]:
    """By alert id. An acknowledgement holds for the revision it was given to: what fires anew asks anew."""
    found: dict[str, Standing] = {}
    for one in sorted(actions, key=lambda action: (action.at, action.action)):
        before = found.get(one.alert_id, NOBODY)
        if one.action == "assign":
            found[one.alert_id] = before._replace(assignee=one.text)
        elif one.action in ("ack", "unack"):
            alert = alerts.get(one.alert_id)
            if one.action == "ack" and alert is not None and one.revision >= alert.revision:
                found[one.alert_id] = before._replace(acknowledged_by=one.actor, acknowledged_at=one.at)
            else:
                found[one.alert_id] = before._replace(acknowledged_by="", acknowledged_at=None)
    return found
