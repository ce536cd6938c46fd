"""The process map: what the sliders show, where it stands, and that its text is safe."""

import xml.etree.ElementTree as ET

from dashboards.figures.map_graph import choose
from dashboards.figures.map_svg import draw, heat, wrapped
from metrics.queries.rows import MapEdge


def edge(source: str, target: str, times: int, median_us: float = 3.6e9) -> MapEdge:
    return MapEdge(source, target, times, times, median_us, median_us * 2, times // 10)


EDGES = [
    edge("", "a", 100),
    edge("a", "b", 90),
    edge("b", "c", 85),
    edge("c", "", 80),
    edge("b", "a", 9),
    edge("a", "x", 10),
    edge("x", "c", 7),
    edge("x", "", 3),
    edge("b", "b", 4),
]
HAPPY = ["a", "b", "c"]


def test_the_sliders_at_zero_show_the_happy_path_only() -> None:
    graph = choose(EDGES, HAPPY, 0, 0)
    assert [node.activity for node in graph.nodes] == HAPPY
    assert {(e.source, e.target) for e in graph.edges} == {("", "a"), ("a", "b"), ("b", "c"), ("c", "")}
    assert (graph.hidden_activities, graph.hidden_paths) == (1, 4)


def test_the_sliders_at_a_hundred_hide_nothing() -> None:
    graph = choose(EDGES, HAPPY, 100, 100)
    assert len(graph.edges) == len(EDGES)
    assert (graph.hidden_activities, graph.hidden_paths) == (0, 0)


def test_an_added_activity_keeps_its_strongest_way_in_and_out() -> None:
    graph = choose(EDGES, HAPPY, 100, 0)
    assert {("a", "x"), ("x", "c")} <= {(e.source, e.target) for e in graph.edges}


def test_the_happy_path_stands_on_one_line_and_no_two_boxes_share_a_place() -> None:
    graph = choose(EDGES, HAPPY, 100, 100)
    lanes = {node.activity: (node.rank, node.lane) for node in graph.nodes}
    assert [lanes[name] for name in HAPPY] == [(0, 0), (1, 0), (2, 0)]
    assert len(set(lanes.values())) == len(lanes)


def test_the_layout_does_not_depend_on_the_order_of_rows() -> None:
    assert choose(EDGES, HAPPY, 100, 100) == choose(EDGES[::-1], HAPPY, 100, 100)


def test_a_repeated_activity_in_the_happy_path_is_drawn_once() -> None:
    graph = choose([edge("", "a", 5), edge("a", "a", 5), edge("a", "", 5)], ["a", "a"], 0, 100)
    assert [node.activity for node in graph.nodes] == ["a"]


def test_names_of_activities_cannot_break_out_of_the_drawing() -> None:
    bad = '<script>alert(1)</script>"onload="x'
    svg = draw(choose([edge("", bad, 5), edge(bad, "", 5)], [bad], 0, 0), "median", lambda name: name, 'a "label"')
    root = ET.fromstring(svg)
    assert "<script" not in svg
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'a "label"'
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_more_volume_is_a_wider_line() -> None:
    root = ET.fromstring(draw(choose(EDGES, HAPPY, 100, 100), "cases", str, ""))
    widths = {
        (group.attrib["data-source"], group.attrib["data-target"]): float(line.attrib["stroke-width"])
        for group in root.iter("{http://www.w3.org/2000/svg}g")
        for line in group
        if "fg-edge-line" in line.attrib.get("class", "")
    }
    assert widths["a", "b"] > widths["a", "x"] > widths["b", "b"]


def test_only_what_stands_out_from_the_usual_is_marked() -> None:
    slow = [
        edge("", "a", 9),
        edge("a", "b", 9, 1e9),
        edge("b", "c", 9, 1.1e9),
        edge("c", "d", 9, 9e9),
        edge("d", "", 9),
    ]
    graph = choose(slow, ["a", "b", "c", "d"], 0, 0)
    steps = {e.source: heat(graph, "median")(e) for e in graph.edges}
    assert (steps["a"], steps["b"], steps["c"]) == (0, 0, 2)
    assert {heat(graph, "cases")(e) for e in graph.edges} == {0}


def test_long_titles_take_two_lines_and_an_ellipsis() -> None:
    assert wrapped("Purchase order acknowledged by the supplier") == ["Purchase order", "acknowledged…"]
