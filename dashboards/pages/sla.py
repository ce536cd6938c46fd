"""SLA: attainment against objectives, the budget that is left, and the cases that run out next."""

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboards.address import Address, parse
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import case_controls, choice, page_head, period_choice, time_switch
from dashboards.components.grids import ROOMY, WIDE, column, due_columns, grid, number, sized_outputs
from dashboards.figures.palette import blank
from dashboards.filling import checked_text, fill_card
from dashboards.objective_panel import CARD, LIST, fill_objectives
from dashboards.page import Page
from dashboards.reading import Unanswered
from dashboards.restated import register_restated, restated_card
from dashboards.scope import Desk, NothingYet
from dashboards.shown_money import chosen
from dashboards.sla_facts import due_page, fill_attainment, fill_weeks
from dashboards.spend_book import read_rates
from metrics.settings import read_settings

_CHART: Any = {"displayModeBar": False, "responsive": True}


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    controls = [
        *case_controls(address),
        choice(address, "sla", "SLA", width=210),
        period_choice(address),
        time_switch(address),
    ]
    bars = chart_frame(
        "Attainment of each SLA against its objective", dcc.Graph(id="sla-bars", figure=blank(), config=_CHART)
    )
    heat = chart_frame(
        "SLA attainment by facility and week", dcc.Graph(id="sla-heat", figure=blank(), config=_CHART), "sla-heat-table"
    )
    statuses = choice(
        address,
        "clock",
        "Status",
        (("at_risk", "At risk"), ("running", "On track"), ("breached", "Breached")),
        width=200,
    )
    statuses.placeholder = "At risk and on track"
    return html.Div(
        [
            page_head("SLA", controls),
            html.Div(
                [
                    card(
                        "sla",
                        "Attainment against the objective",
                        bars,
                        height=300,
                        aside=html.Span("Objective", className="fg-swatch fg-swatch-due"),
                    ),
                    card(
                        "weeks",
                        "By facility and week",
                        [html.P(id="weeks-told", className="fg-lead"), heat],
                        height=300,
                        aside=html.Div(id="weeks-note"),
                    ),
                ],
                className="fg-pair",
            ),
            card(
                "sla-table",
                "Budgets and burn",
                _table(),
                height=260,
            ),
            card(CARD, "Objectives", html.Div(id=LIST), height=320),
            card(
                "sla-due",
                "By time to breach",
                grid("sla-due-grid", due_columns(), "Clocks by time to breach", height=444, infinite=True),
                height=320,
                aside=statuses,
            ),
            restated_card("sla-restated"),
        ]
    )


def _table() -> Any:
    columns = [
        column("case", "SLA", cellRenderer="FlowglassLink", minWidth=140, flex=4, tooltipField="about"),
        column("target", "Target", minWidth=176, flex=2, **WIDE),
        number("objective", "Objective", minWidth=88, maxWidth=98, **WIDE),
        number("share", "Attained", minWidth=84, maxWidth=98),
        column("status", "Status", cellRenderer="FlowglassStatus", minWidth=134, maxWidth=150),
        number("decided", "Decided", minWidth=80, maxWidth=96, **ROOMY),
        number("budget", "Budget left", minWidth=98, **WIDE),
        number("burn", "Burn", minWidth=62, maxWidth=85, **WIDE),
        number("overdue", "Overdue", minWidth=80, maxWidth=96, **WIDE),
        number("at_risk", "At risk", minWidth=70, maxWidth=95, **WIDE),
        number("times", "Median / p90", minWidth=136, **WIDE),
        column("owner", "Owner", minWidth=140, flex=2, **ROOMY),
    ]
    found = grid("sla-grid", columns, "SLAs with budget and burn", height=330, card="sla-table")
    return html.Div([html.P(id="sla-told", className="fg-lead"), found])


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of the four cards."""
    reader, rates = desk.reader, read_rates(read_settings().definitions)
    fill_card(app, desk, "sla", [Output("sla-bars", "figure")], lambda request: fill_attainment(reader, request)[:1])
    table = [*sized_outputs("sla-grid"), Output("sla-told", "children")]
    fill_card(app, desk, "sla-table", table, lambda request: fill_attainment(reader, request)[1:])
    fill_card(
        app, desk, CARD, [Output(LIST, "children")], lambda request: fill_objectives(reader, request, chosen(rates))
    )
    weeks = [Output("sla-heat", "figure"), Output("sla-heat-table", "children"), Output("weeks-note", "children")]
    weeks.append(Output("weeks-told", "children"))
    fill_card(app, desk, "weeks", weeks, lambda request: fill_weeks(reader, request))
    fill_card(app, desk, "sla-due", [], lambda _request: [])
    register_restated(app, desk, "sla-restated", ("sla",))
    app.callback(
        Output("sla-due-grid", "getRowsResponse"),
        Input("sla-due-grid", "getRowsRequest"),
        State("url", "search"),
        prevent_initial_call=True,
    )(
        lambda request, search: (
            due_page(desk, parse(checked_text(search)), request) if request is not None else no_update
        )
    )
    app.callback(Output({"control": "sla"}, "data"), Input("url", "search"))(
        lambda search: sla_choices(desk, checked_text(search))
    )


def sla_choices(desk: Desk, search: str) -> Any:
    """The SLAs of the shown process."""
    try:
        view = desk.scope(parse(search)).view
    except (Unanswered, NothingYet):
        return no_update
    return [{"value": name, "label": sla.title} for name, sla in view.slas.items()]


PAGE = Page("/sla", "SLA", "target", 40, layout, register)
