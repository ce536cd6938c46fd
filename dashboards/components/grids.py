"""AG Grid tables in one style. Columns are declared here and nowhere else: the browser cannot ask for others."""

from typing import Any

import dash_ag_grid as dag
from dash import Output

from dashboards.shown import in_zone
from metrics.explaining.catalogue import column_meaning

WIDE: dict[str, Any] = {"context": {"from": 760}}  # a phone drops the column
ROOMY: dict[str, Any] = {"context": {"from": 1300}}  # so does a window narrower than this, in pixels
VERY_WIDE: dict[str, Any] = {"context": {"from": 1560}}  # for lists with something beside them
LINES: dict[str, Any] = {"cellRenderer": "FlowglassLines"}  # names that are long: two lines before they are cut
_TEXT = {
    "sortable": True,
    "resizable": True,
    "suppressHeaderMenuButton": True,
    "cellDataType": False,
    "flex": 1,
    "minWidth": 110,
}


def column(field: str, title: str, **more: Any) -> dict[str, Any]:
    """A text column."""
    return {"field": field, "headerName": in_zone(title), "tooltipField": field, **more}


def when(field: str, title: str, **more: Any) -> dict[str, Any]:
    """A column of times to the minute."""
    return column(field, title, minWidth=156, cellClass="fg-when", **more)


def number(field: str, title: str, **more: Any) -> dict[str, Any]:
    """A right-aligned column."""
    return column(field, title, type="rightAligned", cellClass="fg-number", **more)


def cell(field: str, title: str, **more: Any) -> dict[str, Any]:
    """A right-aligned column whose values are {text, href, tone}: a number that opens its list."""
    shown = {
        "cellRenderer": "FlowglassCell",
        "sortable": False,
        "type": "rightAligned",
        "cellClass": "fg-number",
        "wrapHeaderText": True,
    }
    return {"field": field, "headerName": title, **shown, **more}


CASE = column("case", "Case", cellRenderer="FlowglassLink", minWidth=136)
STATUS = column("status", "Status", cellRenderer="FlowglassStatus", minWidth=116, maxWidth=150)


def grid(
    name: str,
    columns: list[dict[str, Any]],
    label: str,
    *,
    height: int = 404,
    infinite: bool = False,
    card: str = "",
) -> dag.AgGrid:
    """A grid; with `infinite` the server pages through the rows. A head and n rows are 44 + 40 n pixels high.

    `card` names the figure that tells what the columns mean; left out, it is the grid's name without its '-grid'.
    """
    options: dict[str, Any] = {
        "rowHeight": 40,
        "headerHeight": 42,
        "suppressCellFocus": False,
        "ensureDomOrder": True,
        "enableCellTextSelection": True,
        "suppressColumnVirtualisation": True,
        "rowClassRules": {"fg-row-chosen": "params.data && params.data.chosen"},
        "theme": {"function": "flowglassGrid(themeQuartz)"},
    }
    paging: dict[str, Any] = {}
    if infinite:
        options |= {"cacheBlockSize": 100, "maxBlocksInCache": 20, "rowBuffer": 5, "infiniteInitialRowCount": 1}
        paging = {"rowModelType": "infinite"}
    return dag.AgGrid(
        id=name,
        columnDefs=[_told(one, card or name.removesuffix("-grid")) for one in columns],
        defaultColDef=_TEXT,
        dashGridOptions=options,
        getRowId="params.data.key",
        style={"height": height, "width": "100%"},
        className="fg-grid fg-infinite" if infinite else "fg-grid",
        **paging,
    )


def _told(one: dict[str, Any], card: str) -> dict[str, Any]:
    meaning = column_meaning(card, one["field"])
    return {"headerTooltip": meaning, **one} if meaning else one


def sized(rows: list[dict[str, Any]], most: int = 9) -> list[Any]:
    """Rows with the grid's style, just high enough for them, up to `most` rows."""
    return [rows, {"width": "100%", "height": 48 + 40 * min(max(len(rows), 1), most)}]


def sized_outputs(name: str) -> list[Output]:
    """The outputs that `sized` fills."""
    return [Output(name, "rowData"), Output(name, "style")]


def due_columns() -> list[dict[str, Any]]:
    """Clocks by time to breach; the order is the server's."""
    fixed = {"sortable": False}
    return [
        CASE | fixed,
        column("sla", "SLA", minWidth=200, flex=3, **fixed, **LINES, **WIDE),
        STATUS | {"minWidth": 104} | fixed,
        number("left", "Time left", minWidth=94, **fixed),
        number("target", "Target", minWidth=90, **fixed, **ROOMY),
        when("deadline", "Deadline (UTC)", **fixed, **WIDE),
        column("state", "Waits in", minWidth=160, flex=3, **fixed, **LINES, **WIDE),
        column("facility", "Facility", minWidth=92, **fixed, **WIDE),
        column("department", "Department", minWidth=122, **fixed, **LINES, **ROOMY),
        column("owner", "Owner", minWidth=132, **fixed, **WIDE),
    ]
