"""The guards that a case violates: what was wrong, whose it is, and the way to its evidence."""

from typing import Any

from dashboards.address import Address
from dashboards.case_facts import case_key
from dashboards.components.grids import WIDE, column, grid, sized, when
from dashboards.filling import Empty, Request
from dashboards.quality_words import PATH, state_look
from dashboards.reading import Reader
from dashboards.wording import humanised, moment
from metrics.queries.guard_rows import CaseViolation


def guards_grid() -> Any:
    """The list, empty."""
    columns = [
        column("case", "Guard", cellRenderer="FlowglassLink", minWidth=200, flex=2, tooltipField="detail"),
        column("document", "Document", minWidth=170, **WIDE),
        column("severity", "Severity", minWidth=95, maxWidth=110, **WIDE),
        column("owner", "Owner", minWidth=140, **WIDE),
        when("since", "Since (UTC)"),
        column("status", "State", cellRenderer="FlowglassStatus", minWidth=130, maxWidth=160),
    ]
    return grid("case-guards-grid", columns, "Guards that the case violates", height=200)


def fill_guards(reader: Reader, request: Request) -> list[Any]:
    """Rows of the guards."""
    found = reader.rows("case_guards", CaseViolation, **case_key(request))
    if not found:
        raise Empty("No guard is violated in this case.")
    return sized([violation_row(one) for one in found], 5)


def violation_row(one: CaseViolation) -> dict[str, Any]:
    """One violation; its link opens it on Data quality."""
    look, word = state_look(one.status, "guard")
    return {
        "key": one.finding_id,
        "case": one.title,
        "href": PATH + Address(fault="guard", finding=f"finding:{one.finding_id}", state="all").search(),
        "detail": one.detail,
        "document": f"{humanised(one.document_type)} {one.document_id}",
        "severity": humanised(one.severity),
        "owner": one.owner,
        "since": moment(one.opened_us),
        "status": look,
        "status_word": word,
    }
