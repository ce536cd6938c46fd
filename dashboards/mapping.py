"""From the store's directly-follows rows to what the Process page shows."""

from collections.abc import Sequence
from typing import Any

from dash import no_update
from dash.exceptions import PreventUpdate

from dashboards.components.grids import sized
from dashboards.figures.map_graph import choose
from dashboards.figures.map_svg import draw
from dashboards.filling import Empty, Request
from dashboards.leading import map_sentence
from dashboards.map_words import METRIC_WORDS, chips, legend, map_list, map_table
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, duration, percent
from metrics.queries.rows import MapEdge, MapVariant

MOST_VARIANTS = 100
TICKS_BETWEEN = 6


def map_parameters(scope: Scope) -> dict[str, Any]:
    """The parameters of both map queries."""
    address = scope.address
    source, _, target = address.follows.partition(">>")
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
    """Drawing, list, table, legend, chips and the sentence above. A tick refreshes them every half minute only."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope = request.scope
    address = scope.address
    variants = read_variants(reader, scope)
    happy = next((v.path for v in variants if v.variant == address.variant), variants[0].path)
    edges = reader.rows("map_edges", MapEdge, **map_parameters(scope), variant=address.variant)
    graph = choose(edges, happy, address.activities, address.paths)
    title = scope.view.activity_title
    size = f"{len(graph.nodes)} activities, {len(graph.edges)} paths"
    label = f"Process map of {scope.view.title}: {size}, coloured by {METRIC_WORDS[address.metric]}"
    drawing = draw(graph, address.metric, title, label)
    told = map_sentence(variants, graph, title)
    if request.ticked:
        return [drawing, *[no_update] * 4, told]
    words = (map_list(graph, scope), map_table(graph, scope), legend(graph, address), chips(scope))
    return [drawing, *words, told]


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
        rows.append(
            {
                "key": variant.variant,
                "name": f"#{number}",
                "href": f"/process{scope.address.with_(variant=variant.variant).search()}",
                "cases": count(variant.cases),
                "share": variant.cases / variant.all_cases,
                "coverage": percent(covered / variant.all_cases, 0 if covered == variant.all_cases else 1),
                "median": duration(variant.median_us) if len(variant.path) > 1 else NONE,
                "p90": duration(variant.p90_us) if len(variant.path) > 1 else NONE,
                "breached": percent(variant.breached_cases / variant.cases, 0),
                "path": [scope.view.activity_title(name) for name in variant.path[:60]],
            }
        )
    return rows
