"""From the store's directly-follows rows to what the Process page shows: drawing, list, table, chips, variants."""

from collections.abc import Sequence
from typing import Any

from dash import ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from dashboards.address import Address, parse
from dashboards.components.cards import plain_table
from dashboards.components.grids import sized
from dashboards.components.icons import icon
from dashboards.figures.map_graph import Graph, choose
from dashboards.figures.map_svg import draw, heat, metric_text
from dashboards.filling import Empty, Request, checked_text
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.wording import count, duration, percent
from metrics.queries.rows import MapEdge, MapVariant

MOST_VARIANTS = 100
TICKS_BETWEEN = 6
METRIC_WORDS = {"median": "median time", "p90": "90th percentile of the time", "cases": "volume", "breached": "share of cases with a breached clock"}


def map_parameters(scope: Scope) -> dict[str, Any]:
    """The parameters of both map queries."""
    address = scope.address
    source, _, target = address.follows.partition("\x1f") if "\x1f" in address.follows else address.follows.partition(">>")
    chosen = {name: getattr(address, name) for name in ("status", "has", "lacks", "starts", "ends")}
    since = scope.since // 60_000_000 * 60_000_000
    return {**scope.case_filter, **chosen, "since": since, "follows_source": source, "follows_target": target}


def read_variants(reader: Reader, scope: Scope) -> list[MapVariant]:
    """The most frequent variants; raises Empty when no case passes the filters."""
    variants = reader.rows("map_variants", MapVariant, **map_parameters(scope), limit=MOST_VARIANTS)
    if not variants:
        raise Empty("No case matches these filters and this period.")
    return variants


def fill_map(reader: Reader, request: Request) -> list[Any]:
    """Drawing, list, table, legend and chips. A tick refreshes them every half minute only."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope = request.scope
    address = scope.address
    variants = read_variants(reader, scope)
    happy = next((v.path for v in variants if v.variant == address.variant), variants[0].path)
    edges = reader.rows("map_edges", MapEdge, **map_parameters(scope), variant=address.variant)
    graph = choose(edges, happy, address.activities, address.paths)
    title = scope.view.activity_title
    label = f"Process map of {scope.view.title}: {len(graph.nodes)} activities, {len(graph.edges)} paths, coloured by {METRIC_WORDS[address.metric]}"
    drawing = draw(graph, address.metric, title, label)
    if request.ticked:
        return [drawing, *[no_update] * 4]
    return [drawing, map_list(graph, scope), map_table(graph, scope), legend(graph, address), chips(scope)]


def map_list(graph: Graph, scope: Scope) -> Component:
    """The map for a narrow screen: each activity with the ways out of it."""
    heats = heat(graph, scope.address.metric)
    items = []
    for node in graph.nodes:
        out = [edge for edge in graph.edges if edge.source == node.activity and edge.target]
        ways = [
            html.Li([icon("arrow-right", 13), f" {scope.view.activity_title(edge.target)} · {count(edge.times)}× · ",
                     html.Span(metric_text(edge, scope.address.metric), className=f"fg-heat-{heats(edge)}")])
            for edge in out
        ]  # fmt: skip
        link = dcc.Link(scope.view.activity_title(node.activity), href=pick_links(scope.address, node.activity)[0][1], className="fg-link")
        items.append(html.Li([html.Div([link, html.Span(f"{count(node.times)}×", className="fg-unit")], className="fg-map-step"), html.Ul(ways)]))
    return html.Ol(items)


def map_table(graph: Graph, scope: Scope) -> Component:
    """The shown paths as a table."""
    title = scope.view.activity_title
    rows = [
        [title(edge.source) if edge.source else "Start", title(edge.target) if edge.target else "End", count(edge.times), count(edge.cases),
         duration(edge.median_us), duration(edge.p90_us), percent(edge.breached_cases / edge.cases if edge.cases else None, 0)]
        for edge in graph.edges
    ]  # fmt: skip
    return plain_table(("From", "To", "Times", "Cases", "Median", "90th percentile", "Cases with a breach"), rows, "Paths of the process map")


def legend(graph: Graph, address: Address) -> list[Component]:
    """What colours and widths mean, and what the sliders hide."""
    words = METRIC_WORDS[address.metric]
    colours = [] if address.metric == "cases" else [html.Span("usual", className="fg-key fg-heat-0"), html.Span("above", className="fg-key fg-heat-1"), html.Span("far above the usual ▲", className="fg-key fg-heat-2")]
    hidden = f"{count(graph.hidden_activities)} activities and {count(graph.hidden_paths)} paths are hidden by the sliders." if graph.hidden_activities + graph.hidden_paths else "Everything is shown."
    return [html.Span(f"Colour and text: {words}"), *colours, html.Span("Width: how often"), html.Span(hidden)]


def chips(scope: Scope) -> list[Component]:
    """The active click filters, each with a link that takes it away."""
    title = scope.view.activity_title
    names = {"has": "with", "lacks": "without", "starts": "starts with", "ends": "ends with"}
    found = [(field, f"{words}: {title(getattr(scope.address, field))}") for field, words in names.items() if getattr(scope.address, field)]
    if scope.address.follows:
        source, _, target = scope.address.follows.partition(">>")
        found.append(("follows", f"path: {title(source)} → {title(target)}"))
    if scope.address.variant:
        found.append(("variant", "one variant"))
    return [dcc.Link([text, icon("x", 13), html.Span("remove", className="fg-hidden")], href=f"/process{scope.address.with_(**{field: ''}).search()}", className="fg-chip") for field, text in found]


class Pick(BaseModel):
    """What was clicked on the map: an activity, or a path."""

    model_config = ConfigDict(extra="forbid")

    activity: str = Field(default="", max_length=400)
    source: str = Field(default="", max_length=200)
    target: str = Field(default="", max_length=200)


def pick_links(address: Address, activity: str) -> list[tuple[str, str]]:
    """What can be done with an activity: (words, URL)."""
    words = (("Cases with it", "has"), ("without it", "lacks"), ("that start with it", "starts"), ("that end with it", "ends"))
    return [(text, f"/process{address.with_(**{field: activity[:200]}).search()}") for text, field in words]


def fill_pick(desk: Desk, pick: Any, search: Any) -> Any:
    """The strip under the map's head that offers filters for what was clicked."""
    if ctx.triggered_id != "map-pick" or pick is None:
        return None
    try:
        picked = Pick.model_validate(pick)
    except ValidationError as problem:
        raise BadRequest("no such pick") from problem
    address = parse(checked_text(search))
    try:
        view = desk.scope(address).view
    except (Unanswered, NothingYet):
        return None
    if picked.activity:
        return pick_strip(view.activity_title(picked.activity), pick_links(address, picked.activity))
    path = f"{picked.source}>>{picked.target}"
    words = f"{view.activity_title(picked.source)} → {view.activity_title(picked.target)}"
    return pick_strip(words, [("Cases that take this path", f"/process{address.with_(follows=path[:400]).search()}")])


def pick_strip(title: str, links: Sequence[tuple[str, str]]) -> Component:
    """A title with filter links."""
    return html.Div([html.Strong(title), *(dcc.Link(text, href=href, className="fg-button fg-small") for text, href in links)], className="fg-pick-strip")


def fill_variants(reader: Reader, request: Request) -> list[Any]:
    """Rows of the variants grid."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    return sized(variant_rows(read_variants(reader, request.scope), request.scope), 12)


def variant_rows(variants: Sequence[MapVariant], scope: Scope) -> list[dict[str, Any]]:
    """Ready-to-show rows, most frequent first, with running coverage."""
    rows, covered = [], 0
    for number, variant in enumerate(variants, 1):
        covered += variant.cases
        rows.append({
            "key": variant.variant,
            "name": f"#{number}",
            "href": f"/process{scope.address.with_(variant=variant.variant).search()}",
            "cases": count(variant.cases),
            "share": variant.cases / variant.all_cases,
            "coverage": percent(covered / variant.all_cases, 0 if covered == variant.all_cases else 1),
            "median": duration(variant.median_us),
            "p90": duration(variant.p90_us),
            "breached": percent(variant.breached_cases / variant.cases, 0),
            "path": [scope.view.activity_title(name) for name in variant.path[:60]],
        })  # fmt: skip
    return rows
