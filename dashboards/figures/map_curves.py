"""The curves of the process map's paths, with the places of their labels and arrow heads. Pure geometry in pixels."""

from typing import NamedTuple

from dashboards.figures.map_graph import Node


class Place(NamedTuple):
    """The centre of a box in pixels and half its size."""

    x: float
    y: float
    half_w: float
    half_h: float


def rise(span: int) -> float:
    """How high an arc over `span` columns reaches."""
    return 22 + 13 * min(abs(span), 8)


def curve(source: Place, target: Place, a: Node | None, b: Node | None, width: float) -> tuple[str, float, float, str]:
    """The path, the label's place and the arrow head of one edge."""
    size = 5 + width * 0.55
    if a and b and a.activity == b.activity:
        x, y = source.x, source.y - source.half_h
        return (
            f"M{x - 16:.1f},{y:.1f} C{x - 30:.1f},{y - 34:.1f} {x + 30:.1f},{y - 34:.1f} {x + 16:.1f},{y - size:.1f}",
            x,
            y - 28,
            _tip(x + 16, y, 0, 1, size),
        )
    span = (b.rank - a.rank) if a and b else 1
    if a and b and a.lane == b.lane and span > 1:
        return _arc(source, target, -1, rise(span), size)
    if a and b and span <= 0 and a.lane == b.lane:
        return _arc(source, target, 1, rise(span), size)
    if a and b and span <= 0:
        return _side(source, target, size)
    x1, x2 = source.x + source.half_w, target.x - target.half_w
    bend = max((x2 - x1) * 0.5, 24)
    path = _bezier((x1, source.y), (x1 + bend, source.y), (x2 - bend, target.y), (x2 - size, target.y))
    lift = 8 + width / 2 if source.y == target.y else 6
    return path, (x1 + x2 - size) / 2, (source.y + target.y) / 2 - lift, _tip(x2, target.y, 1, 0, size)


def _arc(source: Place, target: Place, way: int, height: float, size: float) -> tuple[str, float, float, str]:
    """An arc over (way −1) or under (1) the line from box to box."""
    y1, y2 = source.y + way * source.half_h, target.y + way * target.half_h
    x1, x2 = source.x + (10 if target.x > source.x else -10), target.x + (-10 if target.x > source.x else 10)
    high = way * height * 1.25
    path = _bezier((x1, y1), (x1, y1 + high), (x2, y2 + high), (x2, y2 + way * size))
    return path, (x1 + x2) / 2, y1 + way * height * 0.94 + (4 if way > 0 else -3), _tip(x2, y2, 0, -way, size)


def _side(source: Place, target: Place, size: float) -> tuple[str, float, float, str]:
    """Back, or straight up or down, to another lane."""
    way = 1 if target.y > source.y else -1
    x1, x2 = source.x - 24, target.x + 24 if target.x < source.x else target.x - 24
    y1, y2 = source.y + way * source.half_h, target.y - way * target.half_h
    middle = (y1 + y2) / 2
    path = _bezier((x1, y1), (x1, middle), (x2, middle), (x2, y2 - way * size))
    return path, (x1 + x2) / 2, middle + 4, _tip(x2, y2, 0, way, size)


def _bezier(*points: tuple[float, float]) -> str:
    start, *rest = (f"{x:.1f},{y:.1f}" for x, y in points)
    return f"M{start} C{' '.join(rest)}"


def _tip(x: float, y: float, dx: int, dy: int, size: float) -> str:
    """An arrow head at (x, y) pointing along (dx, dy)."""
    bx, by = x - dx * size * 1.25, y - dy * size * 1.25
    wx, wy = dy * size * 0.8, dx * size * 0.8
    return f"M{x:.1f},{y:.1f} L{bx + wx:.1f},{by + wy:.1f} L{bx - wx:.1f},{by - wy:.1f} Z"
