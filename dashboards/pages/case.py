"""Case: one run of a process, with what happened in business and what happened in the wires."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from pydantic import BaseModel, ValidationError

from dashboards.address import Address, parse
from dashboards.case_breach import CARD as BREACH
from dashboards.case_breach import breach_card, fill_breach
from dashboards.case_closing import closing_card, register_closing
from dashboards.case_delay import delay_legend, fill_delay
from dashboards.case_expectations import expectations_grid, fill_expectations
from dashboards.case_facts import fill_clocks, fill_header, fill_timeline
from dashboards.case_guards import fill_guards, guards_grid
from dashboards.case_tables import fill_events, fill_history, fill_objects
from dashboards.case_traces import fill_traces, fill_waterfall
from dashboards.components.cards import card, chart_frame
from dashboards.components.controls import page_head, time_switch
from dashboards.components.grids import LINES, WIDE, column, grid, number, sized_outputs, when
from dashboards.conformance_facts import fill_deviations
from dashboards.figures.palette import blank
from dashboards.filling import checked_text, fill_card
from dashboards.page import Page
from dashboards.scope import Desk
from dashboards.shell_news import server_now

_CHART: Any = {"displayModeBar": False, "responsive": True}


def layout(address: Address) -> html.Div:
    """The page's structure, all cards loading."""
    head = page_head(f"Case {address.id}" if address.id else "Case", [time_switch(address)])
    return html.Div(
        [
            head,
            card("case-header", "At a glance", html.Div(id="case-header-facts"), height=70),
            breach_card(),
            card(
                "case-timeline",
                "Milestones and traces",
                _chart(
                    "case-timeline-chart", "Timeline of the case: milestones above, traces below", "case-timeline-table"
                ),
                height=280,
            ),
            card(
                "case-clocks",
                "SLA clocks",
                _chart(
                    "case-clocks-chart", "SLA clocks of the case as bars with pauses and deadlines", "case-clocks-table"
                ),
                height=240,
                aside=_clock_legend(),
            ),
            card("case-expected", "Expected milestones", expectations_grid(), height=150),
            card("case-guards", "Guards", guards_grid(), height=150),
            card("case-delay", "Where the time went", _delay(), height=260, aside=delay_legend()),
            card(
                "case-deviations",
                "Deviations",
                html.Div(id="case-deviations-table"),
                height=80,
            ),
            card(
                "case-traces",
                "Traces and the gaps between them",
                _traces(),
                height=300,
            ),
            html.Div(
                [
                    card("case-objects", "Related objects, with proof", _objects(), height=240),
                    card("case-history", "What changed afterwards", _history(), height=240),
                ],
                className="fg-pair fg-case-tables",
            ),
            card("case-events", "Events", _events(), height=300),
            closing_card(),
        ]
    )


def _chart(name: str, label: str, table: str) -> html.Div:
    return chart_frame(label, _graph(name), table)


def _graph(name: str) -> dcc.Graph:
    return dcc.Graph(id=name, figure=blank(), config=_CHART)


def _clock_legend() -> list[html.Span]:
    return [
        html.Span(word, className=f"fg-swatch fg-swatch-{kind}")
        for kind, word in (("work", "Running"), ("wait", "Paused"), ("over", "Past the deadline"), ("due", "Deadline"))
    ]


def _delay() -> html.Div:
    strip = chart_frame("Where the time of the case and of its SLA clocks went", _graph("case-delay-chart"))
    return html.Div(
        [html.Div(id="case-delay-told"), strip, html.Div(id="case-delay-tables", className="fg-delay-tables")]
    )


def _traces() -> html.Div:
    columns = [
        column("what", "Trace", cellRenderer="FlowglassLink", minWidth=150, flex=2),
        when("start", "Start (UTC)", **WIDE) | {"minWidth": 178},
        number("gap", "Gap before", minWidth=105),
        number("lasts", "Took", minWidth=80, **WIDE),
        number("spans", "Spans", minWidth=75, maxWidth=90, **WIDE),
        number("errors", "Errors", minWidth=78, maxWidth=90),
        column("services", "Services", minWidth=180, **LINES, **WIDE),
        column("carriers", "Linked by", minWidth=160, **WIDE),
        column("proof", "Proof", minWidth=190, **LINES, **WIDE),
    ]
    picked = html.Div(
        [
            html.Div(id="trace-banner", className="fg-trace-banner"),
            chart_frame(
                "Waterfall of the chosen trace",
                dcc.Graph(id="trace-chart", figure=blank(), config=_CHART),
                "trace-table",
            ),
        ]
    )
    return html.Div(
        [
            grid("case-traces-grid", columns, "Traces of the case", height=250),
            card("trace", "Spans of the chosen trace", picked, height=160, class_name="inner"),
        ]
    )


def _objects() -> Any:
    columns = [
        column("object", "Object", minWidth=170, flex=3, **LINES),
        column("via", "Belongs through", minWidth=170, flex=2, **WIDE),
        column("proof", "Proof", minWidth=150, flex=2, **LINES),
        when("time", "Said at (UTC)", **WIDE),
    ]
    return grid("case-objects-grid", columns, "Related objects", height=270)


def _history() -> Any:
    columns = [
        when("noticed", "Noticed (UTC)"),
        column("what", "What", minWidth=180, flex=4),
        column("event", "Event", minWidth=120, **WIDE),
    ]
    return grid("case-history-grid", columns, "History of the case", height=270)


def _events() -> Any:
    columns = [
        column("time", "Time (UTC)", minWidth=172, maxWidth=190),
        column("activity", "Activity", minWidth=150),
        column("objects", "Objects", minWidth=260, flex=2, **LINES, **WIDE),
        column("actor", "Actor", minWidth=90, maxWidth=110, **WIDE),
        number("amount", "Amount", minWidth=126, maxWidth=140, **WIDE),
        column("source", "Source", minWidth=116, **LINES, **WIDE),
        column("trace", "Trace", minWidth=96, maxWidth=110, **WIDE),
        column("event", "Event id", minWidth=96, maxWidth=110, **WIDE),
        column("attributes", "Attributes", minWidth=180, flex=2, **LINES, **WIDE),
    ]
    return grid("case-events-grid", columns, "Events of the case", height=420)


def register(app: Dash, desk: Desk) -> None:
    """The callbacks of all cards, and the one that opens a trace from the timeline."""
    reader = desk.reader
    plan = (
        ("case-header", [Output("case-header-facts", "children")], fill_header),
        (BREACH, [Output("case-breach-told", "children")], fill_breach),
        (
            "case-timeline",
            [Output("case-timeline-chart", "figure"), Output("case-timeline-table", "children")],
            fill_timeline,
        ),
        ("case-clocks", [Output("case-clocks-chart", "figure"), Output("case-clocks-table", "children")], fill_clocks),
        (
            "case-delay",
            [
                Output("case-delay-chart", "figure"),
                Output("case-delay-told", "children"),
                Output("case-delay-tables", "children"),
            ],
            fill_delay,
        ),
        ("case-deviations", [Output("case-deviations-table", "children")], fill_deviations),
        ("case-traces", sized_outputs("case-traces-grid"), fill_traces),
        (
            "trace",
            [Output("trace-chart", "figure"), Output("trace-banner", "children"), Output("trace-table", "children")],
            fill_waterfall,
        ),
        ("case-expected", sized_outputs("case-expected-grid"), fill_expectations),
        ("case-guards", sized_outputs("case-guards-grid"), fill_guards),
        ("case-objects", sized_outputs("case-objects-grid"), fill_objects),
        ("case-history", sized_outputs("case-history-grid"), fill_history),
        ("case-events", sized_outputs("case-events-grid"), fill_events),
    )
    for name, outputs, fill in plan:
        fill_card(app, desk, name, outputs, partial(fill, reader))
    register_closing(app, desk, desk.hand, server_now)
    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("case-timeline-chart", "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )(open_trace)


class _Point(BaseModel):
    customdata: str = ""


class _Click(BaseModel):
    points: list[_Point] = []


def open_trace(click: Any, search: Any) -> Any:
    """The URL with the trace whose tick was clicked."""
    try:
        points = _Click.model_validate(click).points if click else []
    except ValidationError:
        return no_update
    return (
        parse(checked_text(search)).with_(trace=points[0].customdata[:64]).search()
        if points and points[0].customdata
        else no_update
    )


PAGE = Page("/case", "Case", "file-search", None, layout, register)
