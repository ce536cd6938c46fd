"""Dead letters: which messages could not be read, why, whose they are, and how they come back."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboards.address import Address, parse
from dashboards.browser_side import in_browser
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import choice, page_head, period_choice
from dashboards.components.grids import ROOMY, WIDE, column, grid, number, sized_outputs, when
from dashboards.components.leaves import leaf_outputs
from dashboards.components.tiles import tile
from dashboards.dead_letter_counts import CARD, fill_groups, fill_tiles, fill_trend, group_title
from dashboards.dead_letter_detail import fill_detail
from dashboards.dead_letters import GROUPS, PATH, STATES, LetterDesk, list_page, none_words, read_list
from dashboards.figures.palette import blank
from dashboards.filling import Empty, Request, checked_text, fill_card
from dashboards.page import Page
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk
from dashboards.wording import count
from metrics.queries.dead_letter_rows import LetterCount

_TILES = ("waiting", "today", "again", "lost", "paused")
_TITLES = {"reason": "Reason", "source": "Source", "team": "Owner"}


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    controls = [
        *(choice(address, name, _TITLES[name], width=180) for name in GROUPS),
        choice(address, "state", "State", STATES, width=140),
        period_choice(address),
    ]
    controls[-2].placeholder = "Waiting"
    trend = chart_frame(
        "Dead letters over time by reason",
        dcc.Graph(id="letter-chart", figure=blank(), config={"displayModeBar": False, "responsive": True}),
        "letter-chart-table",
    )
    tiles = html.Div([tile(name, CARD) for name in _TILES], className="fg-tiles fg-tiles-five")
    tables = html.Div([_counts(name) for name in GROUPS], className="fg-letter-counts")
    found = html.Div([html.P(id="letter-words", className="fg-lead"), _list()])
    return html.Div(
        [
            page_head("Dead letters", controls),
            card(CARD, "Key figures", tiles, height=112, class_name="bare"),
            html.Div(
                [
                    card("letter-list", "Messages that could not be read", found, height=420),
                    card("letter-detail", "In detail", html.Div(id="letter-panel", className="fg-detail"), height=420),
                ],
                className="fg-master",
            ),
            card("letter-groups", "By reason, source and owner", tables, height=220),
            card("letter-trend", "Over time", trend, height=260),
        ]
    )


def _list() -> Any:
    fixed = {"sortable": False}
    columns = [
        column("case", "Reason", cellRenderer="FlowglassLink", minWidth=150, flex=2, tooltipField="detail", **fixed),
        column("source", "Source", minWidth=140, flex=2, **fixed),
        column("owner", "Owner", minWidth=110, **fixed, **ROOMY),
        when("time", "Taken in (UTC)", **fixed, **WIDE),
        column("status", "State", cellRenderer="FlowglassStatus", minWidth=126, maxWidth=150, **fixed, **WIDE),
    ]
    return grid("letter-grid", columns, "Dead letters, newest first", height=524, infinite=True)


def _counts(name: str) -> Any:
    # A cell of its own: a link follows the filters, which change without the text beside it.
    named = {"field": "name", "headerName": _TITLES[name], "cellRenderer": "FlowglassCell", "minWidth": 130, "flex": 2}
    columns = [
        named,
        number("waiting", "Waiting", minWidth=86, maxWidth=100),
        number("letters", "All", minWidth=74, maxWidth=90),
    ]
    label = f"Dead letters by {_TITLES[name].lower()}"
    return grid(f"letter-{name}-grid", columns, label, height=248, card="letter-groups")


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of all cards, of the list's pages and of the filters."""
    own = LetterDesk(desk.reader)
    reader = own.reader
    fill_card(app, own, CARD, leaf_outputs(CARD), partial(fill_tiles, reader))
    fill_card(app, own, "letter-list", [Output("letter-words", "children")], partial(fill_words, reader))
    fill_card(app, own, "letter-detail", [Output("letter-panel", "children")], partial(fill_detail, reader))
    groups = [output for name in GROUPS for output in sized_outputs(f"letter-{name}-grid")]
    fill_card(app, own, "letter-groups", groups, partial(fill_groups, reader))
    trend = [Output("letter-chart", "figure"), Output("letter-chart-table", "children")]
    fill_card(app, own, "letter-trend", trend, partial(fill_trend, reader))
    app.callback(
        Output("letter-grid", "getRowsResponse"),
        Input("letter-grid", "getRowsRequest"),
        State("url", "search"),
        prevent_initial_call=True,
    )(
        lambda request, search: (
            list_page(own, parse(checked_text(search)), request) if request is not None else no_update
        )
    )
    offers = [Output({"control": name}, "data") for name in GROUPS]
    app.callback(offers, Input("url", "pathname"), State("url", "search"))(
        lambda _path, search: choices(reader, parse(checked_text(search)))
    )
    shown = Output("letter-panel", "data-shown")
    in_browser(app, "reveal", shown, Input("letter-panel", "children"), State("url", "search"), first_call=False)


def fill_words(reader: Reader, request: Request) -> list[Any]:
    """The sentence above the list; raises Empty when no letter is in it."""
    found = read_list(reader, request.scope, 0, 1)
    if not found:
        raise Empty(none_words(request.scope.address))
    return [f"{count(found[0].total)} letters, newest first"]


def choices(reader: Reader, address: Address) -> list[Any]:
    """What the filters of reason, source and owner offer: all that the store knows, and what is chosen."""
    try:
        found = reader.rows("dead_letter_counts", LetterCount, days=0)
    except Unanswered:
        return [no_update] * len(GROUPS)
    known = {word: {getattr(one, field) for one in found} for word, field in GROUPS.items()}
    return [
        [{"value": name, "label": group_title(word, name)} for name in sorted({*names, getattr(address, word)} - {""})]
        for word, names in known.items()
    ]


PAGE = Page(PATH, "Dead letters", "mail-exclamation", 58, layout, register)
