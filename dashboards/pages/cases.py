"""Cases: the list behind any number of the other pages, and what a search found."""

from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from dashboards.address import Address, parse
from dashboards.case_lists import LIST_WORDS, case_page, list_words, read_cases
from dashboards.components.cards import card
from dashboards.components.controls import case_controls, choice, page_head
from dashboards.components.grids import CASE, LINES, ROOMY, STATUS, VERY_WIDE, WIDE, column, grid, number, when
from dashboards.filling import Empty, Request, checked_text, fill_card
from dashboards.page import Page
from dashboards.reading import Reader
from dashboards.scope import Desk


def layout(address: Address) -> html.Div:
    """The page's structure, the list loading."""
    lists = tuple((value, words[:1].upper() + words[1:]) for value, words in LIST_WORDS.items())
    columns = [
        CASE,
        column("process", "Process", minWidth=150, sortable=False, **VERY_WIDE),
        column("state", "Waits in", minWidth=98, flex=3, **LINES),
        STATUS | {"headerName": "Worst SLA", "minWidth": 104},
        number("deadline", "Time left", minWidth=108, **WIDE),
        when("started", "Started (UTC)", **WIDE),
        when("last", "Last event (UTC)", **WIDE),
        number("events", "Events", minWidth=78, maxWidth=95, **ROOMY),
        number("amount", "Amount", minWidth=124, sortable=False, **WIDE),
        column("facility", "Facility", minWidth=95, **WIDE),
        column("department", "Department", minWidth=122, **LINES, **ROOMY),
        column("owner", "Owner", minWidth=132, **WIDE),
    ]
    listed = card(
        "cases",
        "Cases",
        html.Div(
            [
                html.P(id="cases-words", className="fg-lead"),
                grid("cases-grid", columns, "Cases", height=604, infinite=True),
            ]
        ),
        height=400,
    )
    return html.Div(
        [page_head("Cases", [*case_controls(address), choice(address, "list", "Which", lists, width=250)]), listed]
    )


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of sentence and grid."""
    fill_card(app, desk, "cases", [Output("cases-words", "children")], lambda request: fill_words(desk.reader, request))
    app.callback(
        Output("cases-grid", "getRowsResponse"),
        Input("cases-grid", "getRowsRequest"),
        State("url", "search"),
        prevent_initial_call=True,
    )(lambda request, search: rows(desk, request, search))


def rows(desk: Desk, request: Any, search: Any) -> Any:
    """One page of the grid."""
    return no_update if request is None else case_page(desk, parse(checked_text(search)), request)


def fill_words(reader: Reader, request: Request) -> list[Any]:
    """The sentence above the list; raises Empty when no case is in it."""
    found = read_cases(reader, request.scope, "", 0, 1)
    if not found:
        raise Empty("No case matches this.")
    return [list_words(request.scope, found[0].total)]


PAGE = Page("/cases", "Cases", "list-details", 50, layout, register)
