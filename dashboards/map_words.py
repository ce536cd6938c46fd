"""The process map in words: list, table, legend, and the chips of its filters."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.cards import plain_table
from dashboards.components.icons import icon
from dashboards.figures.map_graph import Graph
from dashboards.figures.map_svg import heat, metric_text
from dashboards.map_pick import pick_links
from dashboards.scope import Scope
from dashboards.wording import count, duration, percent

METRIC_WORDS = {
    "median": "median time",
    "p90": "90th percentile of the time",
    "cases": "volume",
    "breached": "share of cases with a breached clock",
}


def map_list(graph: Graph, scope: Scope) -> Component:
    """The map for a narrow screen: each activity with the ways out of it."""
    heats = heat(graph, scope.address.metric)
    items = []
    for node in graph.nodes:
        out = [edge for edge in graph.edges if edge.source == node.activity and edge.target]
        ways = [
            html.Li(
                [
                    icon("arrow-right", 13),
                    f" {scope.view.activity_title(edge.target)} · {count(edge.times)}× · ",
                    html.Span(metric_text(edge, scope.address.metric), className=f"fg-heat-{heats(edge)}"),
                ]
            )
            for edge in out
        ]
        link = dcc.Link(
            scope.view.activity_title(node.activity),
            href=pick_links(scope.address, node.activity)[0][1],
            className="fg-link",
        )
        items.append(
            html.Li(
                [
                    html.Div([link, html.Span(f"{count(node.times)}×", className="fg-unit")], className="fg-map-step"),
                    html.Ul(ways),
                ]
            )
        )
    return html.Ol(items)


def map_table(graph: Graph, scope: Scope) -> Component:
    """The shown paths as a table."""
    title = scope.view.activity_title
    rows = [
        [
            title(edge.source) if edge.source else "Start",
            title(edge.target) if edge.target else "End",
            count(edge.times),
            count(edge.cases),
            duration(edge.median_us),
            duration(edge.p90_us),
            percent(edge.breached_cases / edge.cases if edge.cases else None, 0),
        ]
        for edge in graph.edges
    ]
    return plain_table(
        ("From", "To", "Times", "Cases", "Median", "90th percentile", "Cases with a breach"),
        rows,
        "Paths of the process map",
    )


def legend(graph: Graph, address: Address) -> list[Component]:
    """What colours and widths mean, and what the sliders hide."""
    words = METRIC_WORDS[address.metric]
    colours = (
        []
        if address.metric == "cases"
        else [
            html.Span("usual", className="fg-key fg-heat-0"),
            html.Span("above", className="fg-key fg-heat-1"),
            html.Span("far above the usual ▲", className="fg-key fg-heat-2"),
        ]
    )
    hidden = (
        f"{count(graph.hidden_activities)} activities and {count(graph.hidden_paths)} paths are hidden by the sliders."
        if graph.hidden_activities + graph.hidden_paths
        else "Everything is shown."
    )
    return [html.Span(f"Colour and text: {words}"), *colours, html.Span("Width: how often"), html.Span(hidden)]


def chips(scope: Scope) -> list[Component]:
    """The active click filters, each with a link that takes it away."""
    title = scope.view.activity_title
    names = {"has": "with", "lacks": "without", "starts": "starts with", "ends": "ends with"}
    found = [
        (field, f"{words}: {title(getattr(scope.address, field))}")
        for field, words in names.items()
        if getattr(scope.address, field)
    ]
    if scope.address.follows:
        source, _, target = scope.address.follows.partition(">>")
        found.append(("follows", f"path: {title(source)} → {title(target)}"))
    if scope.address.variant:
        found.append(("variant", "one variant"))
    return [
        dcc.Link(
            [text, icon("x", 13), html.Span("remove", className="fg-hidden")],
            href=f"/process{scope.address.with_(**{field: ''}).search()}",
            className="fg-chip",
        )
        for field, text in found
    ]
