"""Systems and the interfaces between them, drawn as SVG text. Pure and deterministic; all text is escaped.

Each interface is a lane between the system that calls and the one that is called; callers stand left, called ones
right, and a system that does both stands twice. The order follows names, so the drawing is the same at each refresh.
Colours come from the page's style sheet by class, so that one drawing serves light and dark.
"""

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboards.figures.map_curves import Place, curve
from dashboards.wording import interface_words

SYSTEM_W, SYSTEM_H, LANE_W, LANE_H, GAP, ROW, MARGIN = 148, 40, 430, 42, 170, 52, 6
MARKS = {"good": "✓", "warn": "▲", "bad": "✕", "quiet": "–"}


class Lane(NamedTuple):
    """One interface in words; `weight` sets the width of its lines, `tone` its colour, `href` opens it.

    `called` is '' where nobody says who is called.
    """

    name: str
    caller: str
    via: str
    called: str
    words: str
    weight: float
    tone: str
    href: str
    chosen: bool = False


class Flow(NamedTuple):
    """Events of a system into a process, in words."""

    source: str
    target: str
    words: str
    weight: float
    tone: str = "good"


def in_order(lanes: Sequence[Lane]) -> list[Lane]:
    """Lanes as they are drawn: by caller, then by the called system."""
    return sorted(lanes, key=lambda lane: (lane.caller, lane.called, lane.name))


def draw_lanes(lanes: Sequence[Lane], links: Mapping[str, str], label: str) -> str:
    """The lanes as an SVG document; `links` opens a system, `label` describes the drawing to a screen reader."""
    ordered = in_order(lanes)
    rows = {lane.name: MARGIN + LANE_H / 2 + index * ROW for index, lane in enumerate(ordered)}
    left_x, lane_x = MARGIN + SYSTEM_W / 2, MARGIN + SYSTEM_W + GAP + LANE_W / 2
    right_x = lane_x + LANE_W / 2 + GAP + SYSTEM_W / 2
    callers = _column([(lane.caller, rows[lane.name]) for lane in ordered])
    called = _column([(lane.called, rows[lane.name]) for lane in ordered if lane.called])
    height = max([*rows.values(), *callers.values(), *called.values()]) + LANE_H / 2 + MARGIN
    svg = _document(right_x + SYSTEM_W / 2 + MARGIN, height, label)
    most = max((lane.weight for lane in ordered), default=1.0) or 1.0
    for lane in ordered:
        width = 1.4 + 5.6 * math.sqrt(lane.weight / most)
        here = Place(lane_x, rows[lane.name], LANE_W / 2, LANE_H / 2)
        _line(svg, Place(left_x, callers[lane.caller], SYSTEM_W / 2, 0), here, width, lane.tone)
        if lane.called:
            _line(svg, here, Place(right_x, called[lane.called], SYSTEM_W / 2, 0), width, lane.tone)
    for x, column in ((left_x, callers), (right_x, called)):
        for name, y in column.items():
            _system(svg, name, x, y, links.get(name, ""))
    for lane in ordered:
        _lane(svg, lane, lane_x, rows[lane.name])
    return ET.tostring(svg, encoding="unicode")


def draw_flows(flows: Sequence[Flow], links: Mapping[str, str], label: str) -> str:
    """Sources left, processes right, a line for each pair as wide as its events."""
    ordered = sorted(flows, key=lambda flow: (flow.target, flow.source))
    sources = _column([(name, MARGIN + SYSTEM_H / 2 + i * ROW) for i, name in enumerate(_by_target(ordered))])
    targets = _column([(flow.target, sources[flow.source]) for flow in ordered])
    left_x, right_x = MARGIN + SYSTEM_W / 2, MARGIN + SYSTEM_W * 1.9 + 420
    height = max([*sources.values(), *targets.values()]) + SYSTEM_H / 2 + MARGIN
    svg = _document(right_x + SYSTEM_W * 0.9 + MARGIN, height, label)
    most = max((flow.weight for flow in ordered), default=1.0) or 1.0
    for flow in ordered:
        ends = (
            Place(left_x, sources[flow.source], SYSTEM_W / 2, 0),
            Place(right_x, targets[flow.target], SYSTEM_W * 0.9, 0),
        )
        group = _line(svg, *ends, 1.4 + 9 * math.sqrt(flow.weight / most), flow.tone)
        ET.SubElement(group, "title").text = f"{flow.source} → {flow.target}: {flow.words}"
    for name, y in sources.items():
        _system(svg, name, left_x, y, links.get(name, ""))
    for name, y in targets.items():
        _system(svg, name, right_x, y, links.get(name, ""), SYSTEM_W * 1.8)
    return ET.tostring(svg, encoding="unicode")


def _by_target(flows: Sequence[Flow]) -> list[str]:
    """Sources by the process that most of their events go to, so that lines cross little."""
    main: dict[str, Flow] = {}
    for flow in flows:
        if flow.source not in main or flow.weight > main[flow.source].weight:
            main[flow.source] = flow
    return sorted(main, key=lambda name: (main[name].target, name))


def _column(rows: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Names to heights: each at the mean of its rows, moved down where the one above needs the room."""
    wanted: dict[str, list[float]] = {}
    for name, y in rows:
        wanted.setdefault(name, []).append(y)
    placed: dict[str, float] = {}
    low = -math.inf
    for name in sorted(wanted, key=lambda each: (sum(wanted[each]) / len(wanted[each]), each)):
        low = max(sum(wanted[name]) / len(wanted[name]), low + SYSTEM_H + 8)
        placed[name] = low
    return placed


def _document(width: float, height: float, label: str) -> ET.Element:
    return ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "role": "img",
            "aria-label": label,
            "class": "fg-map fg-topology",
            "style": f"min-width:{width * 0.62:.0f}px;max-width:{width * 1.25:.0f}px",
        },
    )


def _line(svg: ET.Element, source: Place, target: Place, width: float, tone: str) -> ET.Element:
    group = ET.SubElement(svg, "g", {"class": f"fg-flow fg-flow-{tone}"})
    path, _, _, tip = curve(source, target, None, None, width)
    ET.SubElement(group, "path", {"d": path, "class": "fg-edge-line", "fill": "none", "stroke-width": f"{width:.1f}"})
    ET.SubElement(group, "path", {"d": tip, "class": "fg-edge-tip"})
    return group


def _system(svg: ET.Element, name: str, x: float, y: float, href: str, width: float = SYSTEM_W) -> None:
    group = ET.SubElement(svg, "g", {"class": "fg-system", **({"data-href": href} if href else {})})
    ET.SubElement(group, "title").text = name
    _box(group, x, y, width, SYSTEM_H)
    _text(group, x, y + 4.5, cut(name, int(width / 7.4)), "fg-system-name", "middle")


def _lane(svg: ET.Element, lane: Lane, x: float, y: float) -> None:
    look = f"fg-lane-box fg-flow-{lane.tone}" + (" fg-lane-chosen" if lane.chosen else "")
    group = ET.SubElement(svg, "g", {"class": look, "data-href": lane.href})
    through = f" via {lane.via}" if lane.via else ""
    ends = f"{lane.caller}{through} → {lane.called or 'unknown'}"
    ET.SubElement(group, "title").text = f"{lane.name}: {ends}, {lane.words}"
    _box(group, x, y, LANE_W, LANE_H)
    start = x - LANE_W / 2 + 12
    _text(group, start, y - 4, MARKS[lane.tone], "fg-lane-mark")
    _text(group, start + 18, y - 4, cut(interface_words(lane.name), 38), "fg-lane-title")
    if lane.via:
        _text(group, x + LANE_W / 2 - 12, y - 4, f"via {cut(lane.via, 18)}", "fg-lane-words", "end")
    _text(group, start + 18, y + 13, lane.words, "fg-lane-words")


def _box(group: ET.Element, x: float, y: float, width: float, height: float) -> None:
    place = {
        "x": f"{x - width / 2:.1f}",
        "y": f"{y - height / 2:.1f}",
        "width": f"{width:.0f}",
        "height": f"{height:.0f}",
    }
    ET.SubElement(group, "rect", {**place, "rx": "8"})


def _text(group: ET.Element, x: float, y: float, text: str, look: str, anchor: str = "start") -> None:
    element = ET.SubElement(group, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": look, "text-anchor": anchor})
    element.text = text


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters, cut with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
