"""What people do with alerts, from the command line or a page: look, acknowledge, assign, comment, silence."""

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from metrics.alerts import rows as stored
from metrics.alerts.actions import NOBODY, Deed, Silence, Standing, standings
from metrics.alerts.matching import Matchers, parse_matchers, written
from metrics.alerts.ownership import Reader, Writer
from metrics.alerts.state import actions_of, alert_of, silences_of
from metrics.alerts.words import LABELS, Alert
from metrics.commands.wording import rfc3339
from metrics.words import DAY

RECENT = 7 * DAY
MOST_MEMBERS = 1000


class NoSuchAlert(LookupError):
    """No alert, or more than one, has this id; the message says so."""


class Seen(NamedTuple):
    """An alert, how people stand to it, and the silence that covers it ('' for none)."""

    alert: Alert
    standing: Standing
    silence: str

    def for_machines(self) -> dict[str, Any]:
        alert = self.alert
        times = {name: rfc3339(getattr(alert, name)) for name in ("since", "fired", "resolved")}
        return {
            "id": alert.id,
            "status": alert.status,
            "muted": alert.muted,
            "revision": alert.revision,
            "labels": {name: value for name, value in alert.labels.items() if value},
            "summary": alert.detail,
            "count": alert.count,
            "peak": alert.peak,
            "amounts": dict(alert.amounts),
            **times,
            "acknowledged_by": self.standing.acknowledged_by,
            "acknowledged": rfc3339(self.standing.acknowledged_at),
            "assignee": self.standing.assignee,
            "silence": self.silence,
        }


class Line(NamedTuple):
    """One thing that happened to an alert."""

    at: int
    who: str
    what: str
    detail: str

    def for_machines(self) -> dict[str, Any]:
        return {"at": rfc3339(self.at), "who": self.who, "what": self.what, "detail": self.detail}


class Desk:
    """Methods raise NoSuchAlert and the store's errors."""

    def __init__(self, reader: Reader, writer: Writer, clock: Callable[[], int]) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock

    def alerts(self, *, every: bool = False) -> list[Seen]:
        """Those that are not over; `every`: also those resolved within a week."""
        return self._seen("", self._clock() - RECENT if every else self._clock())

    def one(self, id_: str) -> Seen:
        """The alert whose id begins so, however old."""
        found = self._seen(id_, 0) if id_ else []
        if len(found) != 1:
            what = "no alert has" if not found else f"{len(found)} alerts have"
            raise NoSuchAlert(f"{what} an id that begins with {id_!r}; `flowglass alerts list --all` shows them")
        return found[0]

    def members(self, id_: str) -> list[dict[str, Any]]:
        """The cases behind an alert, those that are it now first; at most 1,000."""
        alert = self.one(id_).alert
        found = self._reader.rows("alert_members", stored.StoredMember, alert=alert.id, limit=MOST_MEMBERS)
        return [
            {"process": row.process, "case": row.case_id, "stage": row.stage, "sla": row.sla,
             "joined": rfc3339(row.joined_us), "left": rfc3339(row.left_us)}
            for row in found
        ]  # fmt: skip

    def history(self, id_: str) -> list[Line]:
        """What happened to an alert, in order of time."""
        alert = self.one(id_).alert
        found = self._reader.rows("alert_history", stored.HistoryLine, alert=alert.id)
        return [Line(row.at_us, row.receiver, row.code, row.detail) for row in found]

    def act(self, id_: str, deed: Deed, actor: str, text: str) -> str:
        """Do something about an alert; its id."""
        alert = self.one(id_).alert
        self._writer.insert(
            "alert_actions",
            {
                "alert_id": [alert.id],
                "at": [self._clock()],
                "action": [deed],
                "actor": [actor],
                "text": [text],
                "revision": [alert.revision],
            },
        )
        return alert.id

    def silences(self) -> list[Silence]:
        now = self._clock()
        return silences_of(self._reader.rows("alert_silences", stored.StoredSilence, now=now))

    def silence(self, matchers: Matchers, duration: int, actor: str, comment: str) -> Silence:
        """Silence what fits from now on, for a duration in microseconds."""
        now = self._clock()
        made = Silence(os.urandom(4).hex(), matchers, now, now + duration, actor, comment)
        self._write(made, 1)
        return made

    def unsilence(self, id_: str) -> str:
        """End a silence now; its id."""
        found = [one for one in self.silences() if id_ and one.id.startswith(id_)]
        if len(found) != 1:
            raise NoSuchAlert(f"no one silence begins with {id_!r}; `flowglass alerts silences` shows them")
        self._write(msgspec.structs.replace(found[0], ends=self._clock()), 2)
        return found[0].id

    def _write(self, one: Silence, version: int) -> None:
        self._writer.insert(
            "alert_silences",
            {
                "silence_id": [one.id],
                "version": [version],
                "matchers": [msgspec.json.encode(one.matchers).decode()],
                "starts": [one.starts],
                "ends": [one.ends],
                "actor": [one.actor],
                "comment": [one.comment],
            },
        )

    def _seen(self, id_: str, since: int) -> list[Seen]:
        found = self._reader.rows("alert_open", stored.StoredAlert, since=since, id=id_)
        alerts = {row.alert_id: alert_of(row) for row in found}
        wanted = next(iter(alerts)) if len(alerts) == 1 else ""
        actions = actions_of(self._reader.rows("alert_actions", stored.StoredAction, alert=wanted))
        stand, silences, now = standings(actions, alerts), self.silences(), self._clock()
        return [
            Seen(one, stand.get(one.id, NOBODY), next((s.id for s in silences if s.holds(one.labels, now)), ""))
            for one in alerts.values()
        ]


def matchers_of(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """`kind=breach` words as matchers. Raises ValueError; nothing at all would silence everything."""
    if not words:
        raise ValueError("say what to silence, such as kind=breach")
    return parse_matchers(words, LABELS)


def silence_json(one: Silence) -> dict[str, Any]:
    """A silence for machines."""
    return {
        "id": one.id,
        "matchers": dict(one.matchers),
        "starts": rfc3339(one.starts),
        "ends": rfc3339(one.ends),
        "by": one.actor,
        "comment": one.comment,
        "written": written(one.matchers),
    }
