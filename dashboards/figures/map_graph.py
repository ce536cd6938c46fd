"""The process map's graph: which activities and paths are shown, and where. Pure and deterministic.

The happy path (the most frequent variant) is always shown, on one straight line. The sliders add the
rest by frequency, and an activity that is shown keeps its strongest way in and out.
"""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from metrics.queries.rows import MapEdge


class Node(NamedTuple):
    """An activity on the map: column (rank) from the left, lane around the happy path's 0, and its frequency."""

    activity: str
    rank: int
    lane: int
    times: int
    cases: int


class Graph(NamedTuple):
    """What is drawn: nodes by rank and lane, edges by frequency, and the happy path."""

    nodes: tuple[Node, ...]
    edges: tuple[MapEdge, ...]
    happy: tuple[str, ...]
    hidden_activities: int
    hidden_paths: int


def choose(edges: Sequence[MapEdge], happy_path: Sequence[str], activities: int, paths: int) -> Graph:
    """The part of the relation that the sliders (percent, 0 = happy path only) let through, laid out."""
    happy = tuple(dict.fromkeys(happy_path))
    inner = [edge for edge in edges if edge.source and edge.target]
    times = {edge.source: 0 for edge in edges if edge.source} | {edge.target: 0 for edge in edges if edge.target}
    cases = dict(times)
    for edge in edges:
        if edge.target:
            times[edge.target] += edge.times
            cases[edge.target] = max(cases[edge.target], edge.cases)
    others = sorted((name for name in times if name not in happy), key=lambda name: (-times[name], name))
    kept = {*happy, *others[: math.ceil(len(others) * activities / 100)]}
    possible = [edge for edge in inner if edge.source in kept and edge.target in kept]
    shown = _shown(possible, happy, kept, paths)
    border = [edge for edge in edges if not (edge.source and edge.target) and (edge.source or edge.target) in kept]
    ranks = _ranks(happy, shown, sorted(kept, key=lambda name: (-times[name], name)))
    lanes = _lanes(happy, ranks, times)
    nodes = sorted(
        (Node(name, ranks[name], lanes[name], times[name], cases[name]) for name in kept),
        key=lambda n: (n.rank, abs(n.lane), n.lane, n.activity),
    )
    drawn = tuple(sorted([*shown, *_main_borders(border, happy, paths)], key=lambda e: (-e.times, e.source, e.target)))
    return Graph(tuple(nodes), drawn, happy, len(times) - len(kept), len(inner) - len(shown))


def _shown(possible: Sequence[MapEdge], happy: Sequence[str], kept: set[str], paths: int) -> list[MapEdge]:
    """The happy path's edges, the strongest way in and out of each activity, and a share of the rest."""
    ordered = sorted(possible, key=lambda edge: (-edge.times, edge.source, edge.target))
    main = set(itertools.pairwise(happy))
    chosen = {(edge.source, edge.target) for edge in ordered if (edge.source, edge.target) in main}
    for name in kept - set(happy):
        ways_in = next((e for e in ordered if e.target == name != e.source), None)
        ways_out = next((e for e in ordered if e.source == name != e.target), None)
        chosen |= {(edge.source, edge.target) for edge in (ways_in, ways_out) if edge}
    rest = [edge for edge in ordered if (edge.source, edge.target) not in chosen]
    chosen |= {(edge.source, edge.target) for edge in rest[: math.ceil(len(rest) * paths / 100)]}
    return [edge for edge in ordered if (edge.source, edge.target) in chosen]


def _main_borders(border: Sequence[MapEdge], happy: Sequence[str], paths: int) -> list[MapEdge]:
    """The happy path's own start and end, and a share of the other starts and ends."""
    ordered = sorted(border, key=lambda edge: (-edge.times, edge.source, edge.target))
    ends = {happy[0], happy[-1]} if happy else set()
    main = (
        [e for e in ordered if (not e.source and e.target == happy[0]) or (not e.target and e.source == happy[-1])]
        if ends
        else []
    )
    rest = [edge for edge in ordered if edge not in main]
    return main + rest[: math.ceil(len(rest) * paths / 100)]


def _ranks(happy: Sequence[str], shown: Sequence[MapEdge], order: Sequence[str]) -> dict[str, int]:
    """Columns: the happy path counts on, every other activity stands after what mostly leads to it."""
    ranks = {name: index for index, name in enumerate(happy)}
    waiting = [name for name in order if name not in ranks]
    while waiting:
        placed = next((n for n in waiting if any(e.target == n and e.source in ranks for e in shown)), waiting[0])
        lead = [(edge.times, ranks[edge.source]) for edge in shown if edge.target == placed and edge.source in ranks]
        weight = sum(times for times, _ in lead)
        ranks[placed] = round(sum(times * rank for times, rank in lead) / weight) + 1 if weight else 0
        waiting.remove(placed)
    return ranks


def _lanes(happy: Sequence[str], ranks: dict[str, int], times: dict[str, int]) -> dict[str, int]:
    """Lanes: 0 for the happy path, then 1, -1, 2, -2 … by frequency within a column."""
    lanes = dict.fromkeys(happy, 0)
    used: dict[int, int] = {}
    for name in sorted((n for n in ranks if n not in lanes), key=lambda n: (ranks[n], -times[n], n)):
        place = used.get(ranks[name], 0) + (1 if ranks[name] < len(happy) else 0)
        used[ranks[name]] = used.get(ranks[name], 0) + 1
        lanes[name] = (place + 1) // 2 * (1 if place % 2 else -1)
    return lanes
