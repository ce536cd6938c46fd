"""SLA clocks as bars: running solid, pauses hatched, past the deadline in vermillion, deadlines as marks. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, VERMILLION, WAITING, framed
from dashboards.wording import duration, exact_moment, on_wall, status_word, used_of
from metrics.queries.rows import CaseClock

MARKS = {"met": "✓", "breached": "✕", "at_risk": "▲", "paused": "❚❚", "running": "●", "cancelled": "⊘"}


class Piece(NamedTuple):
    """A stretch of one bar, from and to in microseconds; kind is work, wait or over."""

    kind: str
    start: int
    stop: int
    reason: str


def pieces(clock: CaseClock, now: int) -> list[Piece]:
    """The stretches of a clock between its start and its stop (or now), in order, without gaps."""
    end = clock.stopped_us if clock.stopped_us is not None else max(now, clock.started_us)
    found: list[Piece] = []
    at = clock.started_us
    for begin, stop, reason in msgspec.json.decode(clock.pauses or "[]", type=list[tuple[int, int | None, str]]):
        begin, stop = max(begin, at), min(stop if stop is not None else end, end)
        if stop <= begin:
            continue
        found += [*_work(at, begin, clock.deadline_us), Piece("wait", begin, stop, reason)]
        at = stop
    return [*found, *_work(at, end, clock.deadline_us)]


def _work(start: int, stop: int, deadline: int | None) -> list[Piece]:
    if stop <= start:
        return []
    if deadline is None or stop <= deadline:
        return [Piece("work", start, stop, "")]
    if start >= deadline:
        return [Piece("over", start, stop, "")]
    return [Piece("work", start, deadline, ""), Piece("over", deadline, stop, "")]


def clock_bars(clocks: Sequence[CaseClock], now: int, net: bool, title: Callable[[str], str]) -> go.Figure:
    """One bar a clock, newest first from the bottom; the text gives used of target, or the time to the deadline."""
    figure = go.Figure()
    names = [_wrapped(title(clock.sla)) for clock in clocks]
    styles = {
        "work": {"color": BLUE},
        "wait": {"color": WAITING, "pattern": {"shape": "/", "fgcolor": "#66727c", "size": 6, "solidity": 0.25}},
        "over": {"color": VERMILLION},
    }
    words = {"work": "Running", "wait": "Paused", "over": "Past the deadline"}
    for kind, style in styles.items():
        rows = [
            (name, piece)
            for name, clock in zip(names, clocks, strict=True)
            for piece in pieces(clock, now)
            if piece.kind == kind
        ]
        figure.add_bar(
            orientation="h",
            y=[name for name, _ in rows],
            base=[on_wall(p.start) for _, p in rows],
            x=[(p.stop - p.start) / 1000 for _, p in rows],
            marker=style,
            width=0.46,
            hovertext=[_piece_words(words[kind], p) for _, p in rows],
            hoverinfo="text",
        )
    _add_marks(figure, clocks, names, now, net)
    framed(figure, 64 + 44 * len(clocks), left=10, right=190)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(type="date")
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return figure


def _piece_words(word: str, piece: Piece) -> str:
    why = f": {piece.reason}" if piece.reason else ""
    span = f"{exact_moment(piece.start)} – {exact_moment(piece.stop)}"
    return f"{word}{why}<br>{span}<br>{duration(piece.stop - piece.start)}"


def _add_marks(figure: go.Figure, clocks: Sequence[CaseClock], names: Sequence[str], now: int, net: bool) -> None:
    due = [
        (name, clock.deadline_us) for name, clock in zip(names, clocks, strict=True) if clock.deadline_us is not None
    ]
    figure.add_scatter(
        x=[on_wall(deadline) for _, deadline in due],
        y=[name for name, _ in due],
        mode="markers",
        cliponaxis=False,
        marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": "#9457d6"}},
        hoverinfo="text",
        hovertext=[f"Deadline {exact_moment(deadline)}" for _, deadline in due],
    )
    for name, clock in zip(names, clocks, strict=True):
        end = clock.stopped_us if clock.stopped_us is not None else now
        status = f"<b>{MARKS.get(clock.status, '')} {status_word(clock.status)}</b>"
        text = f"{status}  {standing_words(clock, now, net)}"
        last = max(end, clock.deadline_us or end)
        figure.add_annotation(
            x=on_wall(last), y=name, text=text, showarrow=False, xanchor="left", xshift=9, font={"size": 12}
        )


def standing_words(clock: CaseClock, now: int, net: bool) -> str:
    """Used of target once the clock has stopped; what runs is told by its deadline: its row is of its last event."""
    if clock.stopped_us is not None:
        return used_of(clock.net_us if net else clock.gross_us, clock.target_us)
    target = f"target {duration(clock.target_us)}"
    if clock.deadline_us is None:
        return target
    left = clock.deadline_us - now
    return f"{duration(-left)} overdue · {target}" if left < 0 else f"due in {duration(left)} · {target}"


def _wrapped(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
