"""Spend & labour: one view for executives, printable on one page."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboards.address import Address, parse
from dashboards.api.spend_report import pdf_href
from dashboards.browser_side import in_browser
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import choice, page_head
from dashboards.components.grids import ROOMY, VERY_WIDE, WIDE, cell, column, grid, number, sized_outputs, when
from dashboards.components.icons import icon
from dashboards.components.leaves import leaf_outputs
from dashboards.figures.palette import blank
from dashboards.filling import Empty, Request, checked_text, fill_card
from dashboards.page import Page
from dashboards.reading import Unanswered
from dashboards.restated import register_restated, restated_card
from dashboards.scope import Desk, NothingYet
from dashboards.shown_money import chosen, in_currency
from dashboards.spend_book import PATH, SpendDesk, narrowed, read_book, read_rates
from dashboards.spend_funnel import fill_funnels
from dashboards.spend_lists import documents_page, documents_words, fill_causes, read_documents
from dashboards.spend_paper import paper_head, register_paper
from dashboards.spend_period import PERIODS
from dashboards.spend_sentence import CARD as SENTENCE
from dashboards.spend_sentence import fill_sentence, sentence_card
from dashboards.spend_table import MEANINGS, csv_name, fill_table, table_csv
from dashboards.spend_tiles import CARD, fill_tiles, tile_row
from dashboards.spend_trend import fill_trend
from dashboards.spend_vacancies import fill_vacancies, read_vacancy_cost
from dashboards.wording import humanised
from metrics.ledger.book import CUTS, TITLES
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendChoices
from metrics.settings import read_settings

OFFERED = ("supplier", "cost_center", "legal_entity", "booked", "fiscal")
"""The controls whose choices come from the store."""
_CHART: Any = {"displayModeBar": False, "responsive": True}
_ROOM: Mapping[str, Mapping[str, Any]] = {
    "budget": WIDE,
    "committed": {},
    "left": {},
    "received": ROOMY,
    "accrued": WIDE,
    "invoiced": WIDE,
    "paid": WIDE,
    "worked": WIDE,
    "hours": ROOMY,
    "requested": VERY_WIDE,
    "reserved": VERY_WIDE,
}
"""The table's columns, and from which width of the window on they are there."""
_BY_SIZE = {"sortable": True, "comparator": {"function": "flowglassBySize"}}


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    controls = [
        html.Div(
            choice(address, "process", "Process"), hidden=True
        ),  # money is shown over all; the page's links keep it
        choice(address, "facility", "Facility", width=150),
        choice(address, "department", "Department", width=160),
        choice(address, "cost_center", "Cost centre", width=140),
        choice(address, "supplier", "Supplier", width=140),
        choice(address, "legal_entity", "Legal entity", width=120),
        choice(address, "booked", "Process", width=150),
        choice(address, "fiscal", "Fiscal period", width=165),
        choice(address, "period", "Months", PERIODS, width=150),
        html.Div(
            [_button("spend-csv", "CSV", "download"), _pdf(address), _button("spend-print", "Print", "printer")],
            className="fg-commands",
        ),
    ]
    controls[-2].placeholder, controls[-3].placeholder = "3 months", "None"
    trend = chart_frame(
        "Budget, committed, invoiced and paid by month",
        dcc.Graph(id="spend-trend-chart", figure=blank(), config=_CHART),
        "spend-trend-table",
    )
    found = html.Div([html.P(id="spend-documents-words", className="fg-lead"), _documents()])
    return html.Div(
        [
            page_head("Spend & labour", controls),
            paper_head(),
            card(CARD, "Key figures", tile_row(), height=112, class_name="bare"),
            sentence_card(),
            card("spend-funnels", "From request to payment", _funnels(), height=330),
            card("spend-table", "Where it is spent", _table(), height=320, aside=_cuts(address)),
            html.Div(
                [
                    card("spend-trend", "By month", trend, height=270),
                    card("spend-causes", "What holds money up", _causes(), height=270),
                ],
                className="fg-pair",
            ),
            card("spend-vacancies", "Open positions", _vacancies(), height=200),
            card("spend-documents", "Documents", found, height=120),
            restated_card("spend-restated"),
            dcc.Download(id="spend-download"),
        ],
        className="fg-spend",
    )


def _button(name: str, label: str, picture: str) -> html.Button:
    return html.Button([icon(picture), f" {label}"], id=name, className="fg-button", type="button", n_clicks=0)


def _pdf(address: Address) -> html.A:
    return html.A(
        [icon("download"), " PDF"], id="spend-pdf", href=pdf_href(address), download="", className="fg-button"
    )


def _cuts(address: Address) -> dmc.SegmentedControl:
    return dmc.SegmentedControl(
        id={"control": "cut"},
        value=address.cut,
        size="xs",
        data=[{"value": value, "label": title} for value, title in CUTS.items()],
        **{"aria-label": "Table by"},
    )


def _funnels() -> html.Div:
    money = html.Div([html.H3("Spend", className="fg-detail-title"), html.Div(id="spend-funnel-money")])
    labour = html.Div([html.H3("Agency labour", className="fg-detail-title"), html.Div(id="spend-funnel-labour")])
    return html.Div([html.P(id="spend-period", className="fg-lead"), html.Div([money, labour], className="fg-funnels")])


def _table() -> html.Div:
    columns = [cell("name", "Where", minWidth=92, flex=2, **{**_BY_SIZE, "type": [], "cellClass": ""})]
    for stage, room in _ROOM.items():
        title = {"worked": "Agency labour", "left": "Left of budget", "hours": "Hours"}.get(stage) or TITLES[stage]
        least = 84 if stage == "hours" else 112
        columns.append(cell(stage, title, minWidth=least, headerTooltip=MEANINGS[stage], **_BY_SIZE, **room))
    return html.Div(
        [
            grid("spend-grid", columns, "Spend and labour", card="spend-table"),
            html.P(id="spend-check", className="fg-note"),
        ]
    )


def _vacancies() -> html.Div:
    columns = [
        column("name", "Where", minWidth=110, flex=2),
        cell("positions", "Open positions", minWidth=90),
        cell("cost", "Cost a day, as declared", minWidth=130, flex=2),
        cell("agency", "Agency labour a day", minWidth=130, flex=2),
        cell("premium", "Premium share of hours", minWidth=100, **WIDE),
    ]
    found = grid("spend-vacancies-grid", columns, "Open positions and the labour that covers them")
    return html.Div([found, html.P(id="spend-vacancies-source", className="fg-note")])


def _causes() -> Any:
    columns = [
        column("case", "Deadline broken first", cellRenderer="FlowglassLink", minWidth=150, flex=3),
        column("process", "Process", minWidth=130, flex=2, **VERY_WIDE),
        column("owner", "Owner", minWidth=120, flex=2, **WIDE),
        number("cases", "Cases", minWidth=76, maxWidth=90, **WIDE),
        number("money", "Money", minWidth=140),
    ]
    return grid("spend-causes-grid", columns, "What holds money up")


def _documents() -> Any:
    fixed = {"sortable": False}
    columns = [
        column("case", "Document", cellRenderer="FlowglassLink", minWidth=170, flex=2, **fixed),
        column("type", "Kind", minWidth=120, **fixed, **ROOMY),
        when("time", "Day (UTC)", **fixed, **WIDE),
        column("place", "Place", minWidth=180, flex=2, **fixed, **WIDE),
        column("cost_center", "Cost centre", minWidth=104, **fixed, **ROOMY),
        column("supplier", "Supplier", minWidth=104, **fixed, **WIDE),
        number("amount", "Amount", minWidth=150, flex=2, **fixed),
        number("hours", "Hours", minWidth=76, maxWidth=96, **fixed, **ROOMY),
    ]
    return grid("spend-documents-grid", columns, "Documents, newest first", height=404, infinite=True)


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of all cards, of the list's pages, of the filters and of the two commands."""
    own, definitions = SpendDesk(desk.reader, note=desk.note), read_settings().definitions
    rates, cost = read_rates(definitions), read_vacancy_cost(definitions)
    reader = own.reader
    fill_card(app, own, CARD, leaf_outputs(CARD), in_currency(fill_tiles, reader, rates, cost))
    fill_card(
        app, own, SENTENCE, [Output("spend-sentence-told", "children")], in_currency(fill_sentence, reader, rates)
    )
    funnels = [Output(name, "children") for name in ("spend-funnel-money", "spend-funnel-labour", "spend-period")]
    fill_card(app, own, "spend-funnels", funnels, in_currency(fill_funnels, reader, rates))
    table = [*sized_outputs("spend-grid"), Output("spend-check", "children")]
    fill_card(app, own, "spend-table", table, in_currency(fill_table, reader, rates))
    trend = [Output("spend-trend-chart", "figure"), Output("spend-trend-table", "children")]
    fill_card(app, own, "spend-trend", trend, in_currency(fill_trend, reader, rates))
    fill_card(app, own, "spend-causes", sized_outputs("spend-causes-grid"), in_currency(fill_causes, own, rates))
    fill_card(app, own, "spend-documents", [Output("spend-documents-words", "children")], partial(fill_words, own))
    vacancies = [*sized_outputs("spend-vacancies-grid"), Output("spend-vacancies-source", "children")]
    fill_card(app, own, "spend-vacancies", vacancies, in_currency(fill_vacancies, reader, rates, cost))
    register_restated(app, own, "spend-restated", ("money",))
    app.callback(
        Output("spend-documents-grid", "getRowsResponse"),
        Input("spend-documents-grid", "getRowsRequest"),
        State("url", "search"),
        prevent_initial_call=True,
    )(
        lambda request, search: (
            documents_page(own, parse(checked_text(search)), request) if request is not None else no_update
        )
    )
    offers = [Output({"control": name}, "data") for name in OFFERED]
    app.callback(offers, Input("url", "pathname"))(lambda _path: choices(own))
    app.callback(
        Output("spend-download", "data"),
        Input("spend-csv", "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )(lambda clicks, search: download(own, chosen(rates), parse(checked_text(search))) if clicks else no_update)
    register_paper(app, own)
    app.callback(Output("spend-pdf", "href"), Input("url", "search"))(
        lambda search: pdf_href(parse(checked_text(search)))
    )
    in_browser(
        app, "print_page", Output("spend-print", "data-printed"), Input("spend-print", "n_clicks"), first_call=False
    )


def fill_words(desk: Desk, request: Request) -> list[Any]:
    """The sentence above the documents; raises Empty when no number was chosen, or none is behind it."""
    words = documents_words(request.scope.address.stage, request.scope)
    if not request.scope.address.stage:
        raise Empty(words)
    if not request.ticked and not read_documents(desk.reader, request.scope, 0, 1):
        raise Empty("No document is behind this number.")
    return [words]


def choices(desk: SpendDesk) -> list[Any]:
    """What the controls of OFFERED offer."""
    try:
        found = desk.reader.rows("spend_choices", SpendChoices)
        processes = [(one.process, humanised(one.process)) for one in desk.processes()]
        fiscal = desk.fiscal_choices()
    except Unanswered:
        return [no_update] * len(OFFERED)
    one = found[0] if found else SpendChoices([], [], [])
    told = ([(name, name) for name in names if name] for names in (one.suppliers, one.cost_centers, one.legal_entities))
    return [[{"value": value, "label": label} for value, label in offers] for offers in (*told, processes, fiscal)]


def download(desk: SpendDesk, rates: Rates, address: Address) -> Any:
    """The table as a file; nothing where the look can't be noted, or the store does not answer or has nothing."""
    narrow = " ".join(f"{name}={value}" for name, value in narrowed(address).items() if value)
    try:
        scope = desk.scope(address)
        desk.note("exported", f"spend csv {scope.days} {narrow}".strip())
        book = read_book(desk.reader, rates, scope)
    except (Unanswered, NothingYet, Empty):
        return no_update
    simulated = any(row.simulated for row in book.rows)
    return {"content": table_csv(book, scope, simulated), "filename": csv_name(scope), "type": "text/csv"}


PAGE = Page(PATH, "Spend & labour", "coins", 48, layout, register)
