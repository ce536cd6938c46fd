"""Exceptions: what could not be read, what belongs to no case yet, what came late, and what was restated."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Output, dcc, html
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import card
from dashboards.components.controls import page_head
from dashboards.components.grids import CASE, LINES, WIDE, column, grid
from dashboards.dead_letters import NOTHING
from dashboards.filling import Empty, Request, fill_card
from dashboards.page import Page
from dashboards.reading import Reader
from dashboards.scope import Desk
from dashboards.wording import humanised, second_moment
from metrics.queries.rows import Fault

KINDS = (
    ("dead_letters", "Dead letters"),
    ("unlinked", "Unlinked events"),
    ("late", "Late events"),
    ("restated", "Restatements"),
)
NONE_OF = {
    "dead_letters": NOTHING,
    "unlinked": "Every event belongs to a case.",
    "late": "No event came after a later one of its case.",
    "restated": "No number had to be corrected.",
}
TICKS_BETWEEN = 6


def layout(address: Address) -> html.Div:
    """The page's structure, the list loading."""
    kinds = dmc.SegmentedControl(
        id={"control": "kind"},
        value=address.kind or "dead_letters",
        data=[{"value": v, "label": t} for v, t in KINDS],
        size="sm",
        **{"aria-label": "Kind"},
    )
    columns = [
        column("time", "Time (UTC)", minWidth=180),
        column("subject", "What", minWidth=180),
        column("detail", "Detail", minWidth=320, flex=3, **LINES),
        column("source", "Source", minWidth=260, flex=2, **WIDE),
        CASE | WIDE,
    ]
    return html.Div(
        [
            page_head("Exceptions", [kinds]),
            card(
                "faults",
                "Newest first",
                grid("faults-grid", columns, "Exceptions", height=604),
                height=400,
                aside=dcc.Link("Dead letters by reason, source and owner", href="/dead-letters", className="fg-link"),
            ),
        ]
    )


def register(app: Dash, desk: Desk) -> None:
    """The callback of the list."""
    fill_card(
        app, desk, "faults", [Output("faults-grid", "rowData")], lambda request: fill_faults(desk.reader, request)
    )


def fill_faults(reader: Reader, request: Request) -> list[Any]:
    """Rows of the list; raises Empty with good news."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    kind = request.scope.address.kind or "dead_letters"
    faults = reader.rows("fault_list", Fault, kind=kind)
    if not faults:
        raise Empty(NONE_OF[kind])
    return [[fault_row(index, fault) for index, fault in enumerate(faults)]]


def fault_row(index: int, fault: Fault) -> dict[str, Any]:
    """One ready-to-show row."""
    return {
        "key": str(index),
        "time": second_moment(fault.at_us),
        "subject": humanised(fault.subject),
        "detail": fault.detail,
        "source": fault.source,
        "case": fault.case_id,
        "href": "/case" + Address(process=fault.process, id=fault.case_id).search() if fault.case_id else "",
    }


PAGE = Page("/exceptions", "Exceptions", "alert-triangle", 60, layout, register)
