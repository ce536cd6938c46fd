"""Data quality: which records are duplicate, unmapped, contradictory or incomplete, since when, and who owns them."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from dashboards.address import Address, parse
from dashboards.browser_side import in_browser
from dashboards.components.cards import card
from dashboards.components.controls import choice, page_head
from dashboards.components.grids import ROOMY, VERY_WIDE, WIDE, cell, column, grid, number, sized_outputs, when
from dashboards.components.leaves import leaf_outputs
from dashboards.domains import Domains, read_domains
from dashboards.filling import checked_text, fill_card
from dashboards.page import Page
from dashboards.quality_detail import fill_detail
from dashboards.quality_lists import fill_files, fill_hops, fill_words, list_page
from dashboards.quality_tiles import CARD, MATRIX, fill_matrix, fill_tiles, tile_row
from dashboards.quality_words import KINDS, STATES
from dashboards.reading import Unanswered
from dashboards.scope import Desk
from dashboards.wording import humanised
from metrics.queries.data_quality_rows import QualityChoices
from metrics.settings import read_settings

_STATUS = column("status", "State", cellRenderer="FlowglassStatus", minWidth=144, maxWidth=160)


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    kinds = tuple((name, kind.title) for name, kind in KINDS.items())
    controls = [
        choice(address, "domain", "Domain", width=150),
        choice(address, "owner", "Owner", width=190),
        choice(address, "fault", "Kind", kinds, width=180),
        choice(address, "system", "System", width=150),
        choice(address, "state", "State", STATES, width=150),
    ]
    controls[-1].placeholder = "Needs work"
    found = html.Div([html.P(id="quality-words", className="fg-lead"), _list()])
    return html.Div(
        [
            page_head("Data quality", controls),
            card(CARD, "Key figures", tile_row(), height=230, class_name="bare"),
            html.Div(
                [
                    card("quality-list", "Exceptions", found, height=420),
                    card(
                        "quality-detail",
                        "In detail",
                        html.Div(id="quality-panel", className="fg-detail"),
                        height=420,
                    ),
                ],
                className="fg-master",
            ),
            card("quality-matrix", "By domain and owner", _matrix(), height=220),
            card("quality-hops", "From the system of record to the others", _hops(), height=260),
            card("quality-files", "Nightly files: source, bus and store", _files(), height=240),
        ]
    )


def _list() -> Any:
    fixed = {"sortable": False}
    columns = [
        column("case", "What", cellRenderer="FlowglassLink", minWidth=180, flex=2, tooltipField="detail", **fixed),
        column("kind", "Kind", minWidth=138, **fixed, **WIDE),
        column("systems", "Systems", minWidth=150, **fixed, **VERY_WIDE),
        column("owner", "Owner", minWidth=172, **fixed, **ROOMY),
        when("since", "Since (UTC)", **fixed, **WIDE),
        _STATUS | fixed,
    ]
    return grid("quality-grid", columns, "Exceptions of data quality", height=524, infinite=True, card="quality-list")


def _head_width(title: str) -> int:
    """Wide enough that the longest word of a head is not broken."""
    return max(98, 10 * max(len(word) for word in title.split()))


def _matrix() -> Any:
    columns = [
        column("domain", "Domain", minWidth=130, flex=2),
        column("owner", "Owner", minWidth=182, flex=2, **WIDE),
        *(cell(name, KINDS[name].title, minWidth=_head_width(KINDS[name].title), **WIDE) for name in MATRIX),
        cell("all", "All", minWidth=70),
        number("oldest", "Oldest", minWidth=90),
    ]
    return grid("quality-matrix-grid", columns, "Open exceptions by domain and owner", height=260)


def _hops() -> Any:
    columns = [
        column("hop", "From → to", minWidth=150, flex=2),
        column("what", "What changes", minWidth=170, flex=2, **WIDE),
        column("domain", "Domain", minWidth=110, **ROOMY),
        number("accepted", "Accepted", minWidth=95, **WIDE),
        number("median", "Median", minWidth=95, **WIDE),
        number("p90", "90th percentile", minWidth=120, **WIDE),
        number("share", "In time", minWidth=85, **WIDE),
        number("changes", "Changes", minWidth=90, **WIDE),
        cell("missed", "Late or missing", minWidth=120, **WIDE),
        _STATUS | {"headerName": "Status"},
    ]
    return grid("quality-hops-grid", columns, "Propagation latency", height=300)


def _files() -> Any:
    columns = [
        column("case", "File", cellRenderer="FlowglassLink", minWidth=190, flex=2, tooltipField="reason"),
        column("system", "System", minWidth=100, **WIDE),
        column("day", "Business day", minWidth=110, **WIDE),
        number("declared", "Source says", minWidth=105, **WIDE),
        number("rows", "Rows", minWidth=75, **WIDE),
        number("events", "On the bus", minWidth=100, **WIDE),
        number("stored", "In the store", minWidth=105, **WIDE),
        number("sent_money", "Money sent", minWidth=140, **ROOMY),
        number("stored_money", "Money stored", minWidth=140, **ROOMY),
        _STATUS | {"headerName": "Totals"},
    ]
    return grid("quality-files-grid", columns, "Nightly files", height=280)


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of all cards, of the list's pages and of the filters."""
    reader, domains = desk.reader, read_domains(read_settings().definitions)
    fill_card(app, desk, CARD, leaf_outputs(CARD), partial(fill_tiles, reader, domains))
    fill_card(app, desk, "quality-matrix", sized_outputs("quality-matrix-grid"), partial(fill_matrix, reader, domains))
    fill_card(app, desk, "quality-list", [Output("quality-words", "children")], partial(fill_words, reader, domains))
    fill_card(app, desk, "quality-detail", [Output("quality-panel", "children")], partial(fill_detail, desk, domains))
    fill_card(app, desk, "quality-hops", sized_outputs("quality-hops-grid"), partial(fill_hops, reader, domains))
    fill_card(app, desk, "quality-files", sized_outputs("quality-files-grid"), partial(fill_files, reader))
    app.callback(
        Output("quality-grid", "getRowsResponse"),
        Input("quality-grid", "getRowsRequest"),
        State("url", "search"),
        prevent_initial_call=True,
    )(
        lambda request, search: (
            list_page(desk, domains, parse(checked_text(search)), request) if request is not None else no_update
        )
    )
    app.callback(
        [Output({"control": name}, "data") for name in ("domain", "owner", "system")], Input("url", "pathname")
    )(lambda _path: choices(desk, domains))
    shown = Output("quality-panel", "data-shown")
    in_browser(app, "reveal", shown, Input("quality-panel", "children"), State("url", "search"), first_call=False)


def choices(desk: Desk, domains: Domains) -> Any:
    """What the filters of domain, owner and system offer."""
    try:
        found = desk.reader.rows(
            "data_quality_choices", QualityChoices, **domains.owner_parameters, **domains.source_parameters
        )[0]
    except (Unanswered, IndexError):
        return [no_update] * 3
    return [
        [{"value": name, "label": domains.title(name)} for name in found.domains if name],
        [{"value": name, "label": humanised(name)} for name in found.owners if name],
        [{"value": name, "label": domains.system_title(name)} for name in found.systems if name],
    ]


PAGE = Page("/data-quality", "Data quality", "checks", 55, layout, register)
