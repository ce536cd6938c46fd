"""Alerts: those that are not over or ended within a week, and everything about one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.forms import Decimal, Form, Moment
from dashboards.api.operation import Desk, Operation
from dashboards.api.paging import begins_after, page_form, page_of
from dashboards.api.parameters import Cursor, Limit, Process, told
from dashboards.api.problems import Refused
from metrics.alerts.desk import MOST_MEMBERS, NoSuchAlert, Seen
from metrics.alerts.desk import Desk as AlertDesk
from metrics.alerts.rows import StoredMember

MEMBER: Final = Form(StoredMember, "AlertCase", without=("alert_id",))


class Alert(msgspec.Struct, frozen=True):
    """An alert as it stands: what holds, for which cause, for how many, and who has it."""

    id: str
    status: Literal["pending", "firing", "muted", "resolved"]
    muted: str
    revision: int
    labels: dict[str, str]
    summary: str
    count: int
    peak: int
    amounts: Annotated[dict[str, Decimal], Meta(description="Money behind it, by currency.")]
    since: Moment
    fired: Moment | None
    resolved: Moment | None
    acknowledged_by: str
    acknowledged: Moment | None
    assignee: str
    silence: str


class HistoryLine(msgspec.Struct, frozen=True):
    """Something that happened to an alert."""

    at: Moment
    who: str
    what: str
    detail: str


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts."""

    status: (
        Annotated[Literal["pending", "firing", "muted", "resolved"], Meta(description="Only in this status.")]
        | UnsetType
    ) = UNSET
    process: Process | UnsetType = UNSET
    limit: Limit = 100
    cursor: Cursor | UnsetType = UNSET


class OneAlert(msgspec.Struct, frozen=True):
    """Which alert."""

    alert_id: Annotated[str, Meta(description="Its whole id.", min_length=1)]


_PARTS: Final[list[tuple[str, Any]]] = [
    ("alert", Alert), ("cases", MEMBER.many), ("history", list[HistoryLine])
]  # fmt: skip
ALERT_FILE: Final = msgspec.defstruct(
    "AlertFile", _PARTS, frozen=True, namespace={"__doc__": "An alert, the cases behind it, and what happened to it."}
)


class Nowhere:
    """A writer for readers: nothing is written through this interface."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        raise PermissionError(f"{table} can't be written from here")


def list_alerts(desk: Desk, asked: AlertFilter) -> Any:
    """One part of the alerts, by id."""
    (after,) = begins_after(asked.cursor, 1)
    found = sorted(_alerts(desk).alerts(every=True), key=lambda one: one.alert.id)
    wanted = [one for one in found if one.alert.id > after and _let_through(one, asked)]
    return page_of(wanted[: asked.limit + 1], asked.limit, lambda one: (one.alert.id,), Seen.for_machines)


def show_alert(desk: Desk, asked: OneAlert) -> Any:
    """One alert."""
    alerts = _alerts(desk)
    try:
        one = alerts.one(asked.alert_id)
    except NoSuchAlert:
        one = None
    if one is None or one.alert.id != asked.alert_id:
        raise Refused(404, f"There is no alert {asked.alert_id!r}: /alerts lists those of the last week.")
    members = desk.reader.rows("alert_members", StoredMember, alert=one.alert.id, limit=MOST_MEMBERS)
    history = [line.for_machines() for line in alerts.history(one.alert.id)]
    return {"alert": one.for_machines(), "cases": [MEMBER.of(row) for row in members], "history": history}


def _alerts(desk: Desk) -> AlertDesk:
    return AlertDesk(desk.reader, Nowhere(), desk.wall)


def _let_through(one: Seen, asked: AlertFilter) -> bool:
    status, process = told(asked.status), told(asked.process)
    return status in ("", one.alert.status) and process in ("", one.alert.identity.process)


OPERATIONS: Final = (
    Operation("/alerts", "listAlerts", "alerts",
              "Alerts that are not over, and those that ended within a week, by id.", "/alerts", AlertFilter,
              page_form(Alert), list_alerts),
    Operation("/alerts/{alert_id}", "showAlert", "alerts",
              f"One alert, the cases behind it ({MOST_MEMBERS:,} at most) and its history.", "/alerts", OneAlert,
              ALERT_FILE, show_alert, can_miss=True),
)  # fmt: skip
