"""The list of clocks that run out next, as rows of a grid."""

from typing import Any

from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import duration, humanised, moment, status_word, time_left
from metrics.queries.rows import DueClock, SoonClock

PAGE_ROWS = 60


def fill_due(reader: Reader, request: Request) -> list[Any]:
    """Rows for the grid: clocks at risk and running first by deadline; raises Empty when none runs."""
    scope = request.scope
    clocks = read_soonest(reader, scope)
    if not clocks:
        raise Empty(
            "No SLA clock is running for these filters."
            if scope.view.slas
            else "This process has no SLAs: define some to see what runs out next."
        )
    return [[due_row(clock, scope) for clock in clocks]]


def read_soonest(reader: Reader, scope: Scope, limit: int = PAGE_ROWS) -> list[SoonClock]:
    """The first clocks at risk and running, soonest first; those of all places are one answer."""
    asked = {"process": scope.size.process, "as_of": scope.minute, "sla": scope.address.sla, "limit": limit}
    found = reader.rows("clocks_soonest", SoonClock, **asked)
    return [clock for clock in found if scope.holds(clock.facility, clock.department)][:limit]


def read_due(reader: Reader, scope: Scope, statuses: list[str], offset: int, limit: int) -> list[DueClock]:
    """One page of clocks with a deadline, soonest first."""
    return reader.rows(
        "clocks_due",
        DueClock,
        **scope.case_filter,
        as_of=scope.as_of,
        sla=scope.address.sla,
        statuses=statuses,
        offset=offset,
        limit=limit,
    )


def due_row(clock: SoonClock, scope: Scope) -> dict[str, Any]:
    """One row of the grid; texts are ready to show, `left_us` sorts them."""
    return {
        "key": f"{clock.case_id}|{clock.sla}",
        "case": clock.case_id,
        "href": scope.address.link("/case", process=scope.size.process, id=clock.case_id),
        "sla": scope.view.sla_title(clock.sla),
        "status": clock.status,
        "status_word": status_word(clock.status),
        "left": time_left(clock.left_us),
        "left_us": clock.left_us,
        "deadline": moment(clock.deadline_us),
        "target": duration(clock.target_us),
        "state": scope.view.state_title(clock.state),
        "facility": humanised(clock.facility) if clock.facility else "",
        "department": humanised(clock.department) if clock.department else "",
        "owner": humanised(clock.owner) if clock.owner else "–",
    }
