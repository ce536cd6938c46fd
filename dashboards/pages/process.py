"""Process: how cases really run. A left-to-right map, its variants, and filters by clicking."""

import dash_mantine_components as dmc
from dash import Dash, Input, Output, dcc, html

from dashboards.address import Address
from dashboards.browser_side import in_browser
from dashboards.case_delay import delay_legend
from dashboards.components.attributes import marked
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import case_controls, choice, page_head, period_choice
from dashboards.components.grids import WIDE, column, grid, number, sized_outputs
from dashboards.conformance_facts import fill_conformance
from dashboards.figures.palette import blank
from dashboards.filling import fill_card
from dashboards.map_pick import fill_pick
from dashboards.mapping import fill_map, fill_variants
from dashboards.page import Page
from dashboards.process_delay import fill_process_delay
from dashboards.scope import Desk

_METRICS = (("median", "Median time"), ("p90", "90th percentile"), ("cases", "Volume"), ("breached", "Breach share"))


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    status = choice(address, "status", "Status", (("open", "Open"), ("closed", "Closed")), width=110)
    drawing = html.Div(
        [
            html.P(id="map-told", className="fg-lead"),
            html.Div(id="map-filters", className="fg-chips"),
            html.Div(id="map-pick-panel", className="fg-pick", role="status"),
            marked(
                html.Div(id="map-drawing", className="fg-map-scroll", tabIndex=0, role="region"),
                aria_label="Process map, scrolls sideways",
            ),
            html.Div(id="map-list", className="fg-map-list"),
            html.Div(id="map-legend", className="fg-legend"),
            html.Details(
                [html.Summary("View as table"), html.Div(id="map-table", className="fg-table-view", tabIndex=0)],
                className="fg-as-table",
            ),
            dcc.Store(id="map-svg"),
            dcc.Store(id="map-pick"),
        ]
    )
    return html.Div(
        [
            page_head("Process", [*case_controls(address), status, period_choice(address)]),
            card(
                "map",
                "Process map",
                drawing,
                height=300,
                aside=_map_controls(address),
            ),
            card(
                "variants",
                "Variants",
                _variant_grid(),
                height=300,
            ),
            card("conformance", "How cases go", _conformance(), height=160),
            card("delays", "Where the time goes", _delay(), height=320, aside=delay_legend()),
        ]
    )


def _conformance() -> html.Div:
    return html.Div([html.Div(id="conformance-told"), html.Div(id="conformance-table")])


def _delay() -> html.Div:
    chart = dcc.Graph(id="delays-chart", figure=blank(), config={"displayModeBar": False, "responsive": True})
    return html.Div(
        [
            html.Div(id="delays-told"),
            chart_frame("Mean time of the cases in each stage, by part", chart),
            html.Div(id="delays-tables", className="fg-delay-tables"),
        ]
    )


def _map_controls(address: Address) -> list[object]:
    metric = dmc.SegmentedControl(
        id={"control": "metric"},
        value=address.metric,
        size="xs",
        data=[{"value": v, "label": t} for v, t in _METRICS],
        **{"aria-label": "Colour paths by"},
    )
    return [metric, _slider(address, "activities", "Activities"), _slider(address, "paths", "Paths")]


def _slider(address: Address, field: str, label: str) -> html.Div:
    slider = dmc.Slider(
        id={"control": field},
        value=getattr(address, field),
        min=0,
        max=100,
        step=5,
        w=110,
        size="sm",
        label=None,
        updatemode="mouseup",
        thumbLabel=f"{label} shown beyond the happy path, percent",
    )
    return html.Div([html.Span(label, className="fg-label"), slider], className="fg-slider")


def _variant_grid() -> object:
    columns = [
        column("name", "Variant", cellRenderer="FlowglassLink", minWidth=100, maxWidth=120),
        number("cases", "Cases", minWidth=90, maxWidth=110),
        column("share", "Share of cases", cellRenderer="FlowglassBar", minWidth=140, maxWidth=180),
        number("coverage", "Coverage", minWidth=95, maxWidth=115, **WIDE),
        number("median", "Median time", minWidth=110, maxWidth=130),
        number("p90", "90th pct.", minWidth=100, maxWidth=120, **WIDE),
        number("breached", "Breached", minWidth=95, maxWidth=115, **WIDE),
        column("path", "Activities", cellRenderer="FlowglassPath", minWidth=420, flex=4, sortable=False),
    ]
    return grid("variants-grid", columns, "Variants", height=440)


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of map, pick panel and variants."""
    map_outputs = [
        Output(name, prop)
        for name, prop in (
            ("map-svg", "data"),
            ("map-list", "children"),
            ("map-table", "children"),
            ("map-legend", "children"),
            ("map-filters", "children"),
            ("map-told", "children"),
        )
    ]
    fill_card(app, desk, "map", map_outputs, lambda request: fill_map(desk.reader, request))
    fill_card(
        app, desk, "variants", sized_outputs("variants-grid"), lambda request: fill_variants(desk.reader, request)
    )
    outputs = [Output("delays-chart", "figure"), Output("delays-told", "children"), Output("delays-tables", "children")]
    fill_card(app, desk, "delays", outputs, lambda request: fill_process_delay(desk.reader, request))
    outputs = [Output("conformance-told", "children"), Output("conformance-table", "children")]
    fill_card(app, desk, "conformance", outputs, lambda request: fill_conformance(desk.reader, request))
    drawn = Output("map-drawing", "data-drawn")
    in_browser(app, "draw_map", drawn, Input("map-svg", "data"), first_call=False)
    app.callback(Output("map-pick-panel", "children"), Input("map-pick", "data"), Input("url", "search"))(
        lambda pick, search: fill_pick(desk, pick, search)
    )


PAGE = Page("/process", "Process", "sitemap", 20, layout, register)
