"""Integrations: which systems call each other through which interfaces, how that goes, and whom it hurts."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, dcc, html, no_update

from dashboards.address import Address, parse
from dashboards.browser_side import in_browser
from dashboards.components.attributes import marked
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import choice, page_head
from dashboards.components.grids import LINES, ROOMY, WIDE, cell, column, grid, number, sized_outputs, when
from dashboards.components.leaves import leaf_outputs
from dashboards.domains import Domains, read_domains
from dashboards.feed_cards import feed_cards, register_feeds
from dashboards.figures.palette import blank
from dashboards.filling import checked_text, fill_card
from dashboards.interface_detail import fill_interface
from dashboards.interface_health import fill_health
from dashboards.interface_lanes import read_interfaces
from dashboards.interface_lists import fill_table, fill_topology
from dashboards.interface_systems import fill_systems
from dashboards.interface_tiles import CARD, fill_tiles, tile_row
from dashboards.page import Page
from dashboards.reading import Unanswered
from dashboards.scope import Desk, NothingYet
from metrics.settings import read_settings

_CHART: Any = {"displayModeBar": False, "responsive": True}
_STATUS = column("status", "Status", cellRenderer="FlowglassStatus", minWidth=110, maxWidth=130)


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    period = choice(address, "period", "Window", (("1", "Last day"), ("7", "Last 7 days")), width=140)
    period.placeholder = "Last day"
    controls = [choice(address, "service", "System", width=190), period]
    return html.Div(
        [
            page_head("Integrations", controls),
            card(CARD, "Key figures", tile_row(), height=112, class_name="bare"),
            card("topology", "Systems and interfaces", _drawing("topology"), height=420),
            card("interface", "Interface in detail", _interface(), height=420),
            card("interfaces", "Interfaces", _table(), height=300),
            card("systems", "Systems and processes", _systems(), height=320),
            card("health", "Health", html.Div(id="health-parts"), height=420),
            *feed_cards(),
        ]
    )


def _drawing(name: str) -> html.Div:
    place = html.Div(id=f"{name}-drawing", className="fg-map-scroll fg-drawing", tabIndex=0, role="region")
    return html.Div(
        [
            html.P(id=f"{name}-note", className="fg-lead"),
            marked(place, aria_label=f"Drawing of {name}, scrolls sideways"),
            html.Div(id=f"{name}-list", className="fg-map-list"),
            dcc.Store(id=f"{name}-svg"),
        ]
    )


def _interface() -> html.Div:
    chart = dcc.Graph(id="interface-chart", figure=blank(), config=_CHART)
    history = dcc.Graph(id="interface-history", figure=blank(), config=_CHART)
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [html.Div(id="interface-head"), chart_frame("Calls of the interface over time", chart)],
                        className="fg-interface-left",
                    ),
                    html.Div(id="interface-impact"),
                ],
                className="fg-interface",
            ),
            html.Div(id="interface-operations"),
            html.H3("Hour by hour, two weeks", className="fg-detail-title"),
            chart_frame("Calls, failures and latency of the interface by hour", history),
            html.P(id="interface-history-note", className="fg-note"),
            html.H3("Newest failed calls", className="fg-detail-title"),
            marked(
                html.Div(id="interface-failures", className="fg-table-view", tabIndex=0, role="region"),
                aria_label="Newest failed calls",
            ),
        ]
    )


def _table() -> Any:
    columns = [
        column("case", "Interface", cellRenderer="FlowglassLink", minWidth=180, flex=4),
        column("ends", "From → to", minWidth=180, flex=4, **LINES, **WIDE),
        number("rate", "Rate", minWidth=96, **WIDE),
        number("median", "Median", minWidth=76, **ROOMY),
        number("p95", "p95", minWidth=76, **WIDE),
        number("failed", "Failed", minWidth=74, **WIDE),
        number("retries", "Retries", minWidth=72, **WIDE),
        cell("cases", "Cases", minWidth=68, **WIDE),
        cell("breached", "Breached", minWidth=96, **WIDE),
        number("money", "Amount", minWidth=132, **ROOMY),
        when("last", "Last call (UTC)", **ROOMY),
        _STATUS,
    ]
    return grid("interfaces-grid", columns, "Interfaces", height=420)


def _systems() -> html.Div:
    columns = [
        column("case", "System", cellRenderer="FlowglassLink", minWidth=130),
        number("events", "Events", minWidth=80),
        column("into", "Into the processes", minWidth=220, flex=3, **LINES, **WIDE),
        when("last", "Last event (UTC)", **WIDE),
        cell("dead", "Dead letters", minWidth=105, **WIDE),
        cell("breaches", "Contract breaches", minWidth=110, **WIDE),
        cell("missed", "Shown late or never", minWidth=115, **WIDE),
        number("followed", "In time", minWidth=85, **ROOMY),
        _STATUS,
    ]
    return html.Div([_drawing("systems"), grid("systems-grid", columns, "Systems", height=420)], className="fg-systems")


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of all cards, of the drawings and of the filter."""
    reader, domains = desk.reader, read_domains(read_settings().definitions)
    fill_card(app, desk, CARD, leaf_outputs(CARD), partial(fill_tiles, reader))
    drawn = [Output("topology-svg", "data"), Output("topology-list", "children"), Output("topology-note", "children")]
    fill_card(app, desk, "topology", drawn, partial(fill_topology, reader, domains))
    fill_card(app, desk, "interfaces", sized_outputs("interfaces-grid"), partial(fill_table, reader, domains))
    parts = (("interface-head", "children"), ("interface-chart", "figure"), ("interface-impact", "children"))
    below = (("interface-failures", "children"), ("interface-operations", "children"))
    later = (("interface-history", "figure"), ("interface-history-note", "children"))
    outputs = [Output(*part) for part in (*parts, *below, *later)]
    fill_card(app, desk, "interface", outputs, partial(fill_interface, desk, domains))
    fill_card(app, desk, "health", [Output("health-parts", "children")], partial(fill_health, desk, domains))
    systems = [Output("systems-svg", "data"), *sized_outputs("systems-grid")]
    fill_card(app, desk, "systems", systems, partial(fill_systems, desk, domains))
    register_feeds(app, desk)
    for name in ("topology", "systems"):
        drawing = Output(f"{name}-drawing", "data-drawn")
        in_browser(
            app, "draw_links", drawing, Input(f"{name}-svg", "data"), Input(f"{name}-svg", "id"), first_call=False
        )
    app.callback(Output({"control": "service"}, "data"), Input("url", "search"))(
        lambda search: system_choices(desk, domains, checked_text(search))
    )


def system_choices(desk: Desk, domains: Domains, search: str) -> Any:
    """The systems at the ends of all interfaces."""
    try:
        found = read_interfaces(desk.reader, desk.scope(parse(search)))
    except (Unanswered, NothingYet):
        return no_update
    names = sorted({name for one in found for name in (one.caller, one.via, one.called) if name})
    return [{"value": name, "label": domains.service_title(name)} for name in names]


PAGE = Page("/integrations", "Integrations", "route", 42, layout, register)
