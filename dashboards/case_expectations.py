"""What a case is expected to tell: what has not been seen, who should have told it, and who looks after it."""

from typing import Any

from dashboards.case_facts import case_key
from dashboards.components.grids import WIDE, column, grid, sized, when
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.wording import humanised, interface_words, moment
from metrics.queries.expectation_rows import CaseExpectation
from metrics.queries.rows import CaseHistory

WORDS = {
    "awaited": "Awaited",
    "seen": "Seen in time",
    "unseen": "Expected and not seen",
    "late": "Seen too late",
    "cancelled": "No longer expected",
}
_LOOKS = {"awaited": "running", "seen": "met", "unseen": "breached", "late": "at_risk", "cancelled": "cancelled"}


def expectations_grid() -> Any:
    """The list, empty."""
    columns = [
        column("expectation", "Expected", minWidth=170, flex=2),
        column("status", "State", cellRenderer="FlowglassStatus", minWidth=170, maxWidth=200),
        when("due", "By (UTC)"),
        when("seen", "Seen (UTC)", **WIDE),
        column("told_by", "Told by", minWidth=150),
        column("owner", "Owner", minWidth=140, **WIDE),
    ]
    return grid("case-expected-grid", columns, "What the case is expected to tell", height=200)


def fill_expectations(reader: Reader, request: Request) -> list[Any]:
    """Rows of what is expected."""
    found = reader.rows("case_expectations", CaseExpectation, **case_key(request))
    if not found:
        raise Empty("Nothing is expected of this case.")
    return sized([expectation_row(one) for one in found], 5)


def expectation_words(row: CaseHistory) -> str:
    """A change of an expectation's status as a sentence."""
    by = "an event" if row.cause == "event" else "the passing of time"
    said = WORDS.get(row.new_status, humanised(row.new_status)).lower()
    return f"{humanised(row.clock)}: {said}, as of {moment(row.about_us)}, decided by {by}"


def expectation_row(one: CaseExpectation) -> dict[str, Any]:
    """One expectation; while its clock stands still it has no due."""
    return {
        "key": one.expectation,
        "expectation": humanised(one.expectation),
        "status": _LOOKS.get(one.status, one.status),
        "status_word": WORDS.get(one.status, humanised(one.status)),
        "due": moment(one.due_us),
        "seen": moment(one.seen_us),
        "told_by": interface_words(one.told_by),
        "owner": humanised(one.owner),
    }
