"""The process map drawn as SVG text: widths by volume, colour by the chosen metric. Pure; all text is escaped.

Colours come from the page's style sheet by class, so that one drawing serves light and dark.
"""

import math
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Callable

from dashboards.figures.map_curves import Place, curve, rise
from dashboards.figures.map_graph import Graph, Node
from dashboards.wording import count, duration, percent, short_duration
from metrics.queries.rows import MapEdge

BOX_W, BOX_H, GAP_X, GAP_Y, MARGIN, TERMINAL = 110, 58, 54, 44, 8, 11


def metric_value(edge: MapEdge, metric: str) -> float:
    """The edge's number for a metric: cases, median or p90 in microseconds, breached as a share."""
    if metric == "breached":
        return edge.breached_cases / edge.cases if edge.cases else 0.0
    return {"cases": float(edge.times), "median": edge.median_us, "p90": edge.p90_us}[metric]


def metric_text(edge: MapEdge, metric: str) -> str:
    """The edge's number for a metric in words."""
    value = metric_value(edge, metric)
    return percent(value, 0) if metric == "breached" else count(value) if metric == "cases" else short_duration(value)


def heat(graph: Graph, metric: str) -> Callable[[MapEdge], int]:
    """How an edge's value stands out: 0 usual, 1 from 1.5 times the paths' median, 2 from 2.5 times (top three).

    Volume has no bad end.
    """
    inner = [metric_value(edge, metric) for edge in graph.edges if edge.source and edge.target]
    usual = statistics.median(inner) if inner else 0.0
    if metric == "cases" or usual <= 0:
        return lambda edge: 0

    top = sorted(inner)[-3:][0]

    def step(edge: MapEdge) -> int:
        value = metric_value(edge, metric) if edge.source and edge.target else 0.0
        return 2 if value >= max(2.5 * usual, top) else 1 if value >= 1.5 * usual else 0

    return step


def draw(graph: Graph, metric: str, title: Callable[[str], str], label: str) -> str:
    """The map as an SVG document; `title` names activities, `label` describes the drawing to a screen reader."""
    places, width, height = _places(graph)
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "role": "img",
            "aria-label": label,
            "class": "fg-map",
            "style": f"min-width:{width * 0.6:.0f}px;max-width:{width * 1.3:.0f}px",
        },
    )
    heats = heat(graph, metric)
    most = max((edge.times for edge in graph.edges), default=1)
    ranks = {node.activity: node for node in graph.nodes}
    labels: list[ET.Element] = []
    for edge in reversed(graph.edges):
        if _is_stub(edge, graph):
            _stub(svg, edge, places)
            continue
        labels.append(_edge(svg, edge, places, ranks, most, heats(edge), metric_text(edge, metric)))
    for name in ("start", "end"):
        if name in places and any((edge.source if name == "start" else edge.target) == "" for edge in graph.edges):
            _terminal(svg, name, places[name])
    for node in graph.nodes:
        _node(svg, node, places[node.activity], title(node.activity))
    svg.extend(labels)
    return ET.tostring(svg, encoding="unicode")


def _is_stub(edge: MapEdge, graph: Graph) -> bool:
    """A start or end away from the happy path's own is drawn as a stub, not across the map."""
    if edge.source and edge.target:
        return False
    return (edge.source or edge.target) not in ((graph.happy[-1],) if edge.source else (graph.happy[0],))


def _stub(svg: ET.Element, edge: MapEdge, places: dict[str, Place]) -> None:
    """A short line with a ring: this many cases begin or end here."""
    place = places[edge.source or edge.target]
    way, word = (1, "end") if edge.source else (-1, "start")
    x, y = place.x + way * (place.half_w - 16), place.y + way * place.half_h
    group = ET.SubElement(svg, "g", {"class": "fg-stub"})
    ET.SubElement(group, "title").text = f"{count(edge.times)} cases {word} here"
    ET.SubElement(group, "path", {"d": f"M{x:.1f},{y:.1f} v{way * 12}", "fill": "none"})
    ET.SubElement(group, "circle", {"cx": f"{x:.1f}", "cy": f"{y + way * 16:.1f}", "r": "4"})
    text = ET.SubElement(group, "text", {"x": f"{x + 8:.1f}", "y": f"{y + way * 16 + 4:.1f}"})
    text.text = f"{count(edge.times)} {word}"


def _places(graph: Graph) -> tuple[dict[str, Place], float, float]:
    """Centres of all boxes, and the drawing's size; arcs over and under the lanes get their room."""
    lanes = [node.lane for node in graph.nodes] or [0]
    ranks = max((node.rank for node in graph.nodes), default=0)
    room_up, room_down = _arc_room(graph)
    top = MARGIN + room_up + max(-min(lanes), 0) * (BOX_H + GAP_Y) + BOX_H / 2
    places = {
        node.activity: Place(
            MARGIN + 2 * TERMINAL + GAP_X * 0.8 + BOX_W / 2 + node.rank * (BOX_W + GAP_X),
            top + node.lane * (BOX_H + GAP_Y),
            BOX_W / 2,
            BOX_H / 2,
        )
        for node in graph.nodes
    }
    right = MARGIN + 2 * TERMINAL + GAP_X * 1.6 + BOX_W + ranks * (BOX_W + GAP_X) + TERMINAL
    places |= {"start": Place(MARGIN + TERMINAL, top, TERMINAL, TERMINAL), "end": Place(right, top, TERMINAL, TERMINAL)}
    height = top + max(max(lanes), 0) * (BOX_H + GAP_Y) + BOX_H / 2 + room_down + MARGIN
    return places, right + TERMINAL + MARGIN, max(height, 110)


def _arc_room(graph: Graph) -> tuple[float, float]:
    nodes = {node.activity: node for node in graph.nodes}
    up = down = 0.0
    for edge in graph.edges:
        source, target = nodes.get(edge.source), nodes.get(edge.target)
        if source and target and source.lane == target.lane:
            span = target.rank - source.rank
            up = max(up, rise(span)) if span > 1 else up
            down = max(down, rise(span)) if span < 0 else down
    stubs = [edge for edge in graph.edges if _is_stub(edge, graph)]
    low = 26.0 if any(edge.source for edge in stubs) else 0.0
    high = 26.0 if any(edge.target for edge in stubs) else 0.0
    return max(up + (14 if up else 0), high), max(down + (14 if down else 0), low)


def _edge(
    svg: ET.Element,
    edge: MapEdge,
    places: dict[str, Place],
    nodes: dict[str, Node],
    most: int,
    heat_step: int,
    text: str,
) -> ET.Element:
    """Draw an edge with its arrow head; returns its label, to be drawn above everything."""
    source, target = places[edge.source or "start"], places[edge.target or "end"]
    width = 1.4 + 7.6 * math.sqrt(edge.times / most)
    a, b = nodes.get(edge.source), nodes.get(edge.target)
    path, x, y, tip = curve(source, target, a, b, width)
    kind = "fg-edge fg-edge-border" if a is None or b is None else f"fg-edge fg-heat-{heat_step}"
    group = ET.SubElement(svg, "g", {"class": kind, "data-source": edge.source, "data-target": edge.target})
    times = f"median {duration(edge.median_us)}, p90 {duration(edge.p90_us)}"
    ET.SubElement(group, "title").text = f"{count(edge.times)} times in {count(edge.cases)} cases, {times}"
    ET.SubElement(group, "path", {"d": path, "class": "fg-edge-grip", "fill": "none"})
    ET.SubElement(group, "path", {"d": path, "class": "fg-edge-line", "fill": "none", "stroke-width": f"{width:.1f}"})
    ET.SubElement(group, "path", {"d": tip, "class": "fg-edge-tip"})
    label = ET.Element(
        "text",
        {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": f"fg-edge-label fg-heat-{heat_step}", "text-anchor": "middle"},
    )
    label.text = "" if a is None or b is None else text + ("▲" if heat_step == 2 else "")
    return label


def _terminal(svg: ET.Element, name: str, place: Place) -> None:
    group = ET.SubElement(svg, "g", {"class": f"fg-terminal fg-terminal-{name}"})
    ET.SubElement(group, "circle", {"cx": f"{place.x:.1f}", "cy": f"{place.y:.1f}", "r": str(TERMINAL)})
    text = ET.SubElement(
        group, "text", {"x": f"{place.x:.1f}", "y": f"{place.y + TERMINAL + 16:.1f}", "text-anchor": "middle"}
    )
    text.text = name.capitalize()


def _node(svg: ET.Element, node: Node, place: Place, title: str) -> None:
    group = ET.SubElement(
        svg, "g", {"class": "fg-node" + (" fg-node-side" if node.lane else ""), "data-activity": node.activity}
    )
    ET.SubElement(group, "title").text = f"{title}: {count(node.times)} times"
    ET.SubElement(
        group,
        "rect",
        {
            "x": f"{place.x - BOX_W / 2:.1f}",
            "y": f"{place.y - BOX_H / 2:.1f}",
            "width": str(BOX_W),
            "height": str(BOX_H),
            "rx": "9",
        },
    )
    lines = wrapped(title)
    for index, line in enumerate(lines):
        y = place.y - (6 if len(lines) == 1 else 13) + index * 15
        text = ET.SubElement(
            group, "text", {"x": f"{place.x:.1f}", "y": f"{y:.1f}", "text-anchor": "middle", "class": "fg-node-title"}
        )
        text.text = line
    below = ET.SubElement(
        group,
        "text",
        {
            "x": f"{place.x:.1f}",
            "y": f"{place.y + (15 if len(lines) == 1 else 20):.1f}",
            "text-anchor": "middle",
            "class": "fg-node-count",
        },
    )
    below.text = f"{count(node.times)}×"


def wrapped(title: str, most: int = 14) -> list[str]:
    """A title in at most two lines of about `most` characters, cut with an ellipsis."""
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) + 1 <= most or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return [line if len(line) <= most + 1 else line[: most - 1].rstrip() + "…" for line in lines]
