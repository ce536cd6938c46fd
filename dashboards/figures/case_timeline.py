"""The dual timeline of a case: milestones above the line, its traces as ticks below. Pure."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREY, VERMILLION, framed
from dashboards.wording import count, duration, exact_moment, on_wall
from metrics.queries.rows import CaseMilestone, CaseTrace

PIXELS = 72  # of one unit of height; all else here is in units
BELOW, LIFT, ROW = 1.5, 0.34, 0.27  # room for the ticks, height of the lowest label, from one row of labels to the next
LETTER, GAP = 0.0105, 0.012  # a letter's width and the room between labels, as shares of 600 pixels of time
END = 1.07  # where labels must end: the axis goes on a little after the newest point


def case_timeline(
    milestones: Sequence[CaseMilestone], traces: Sequence[CaseTrace], title: Callable[[str], str]
) -> go.Figure:
    """Milestones at their first occurrence (thick ring: repeated); ticks grow with duration, red when a span failed."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": GREY, "width": 2})
    top = _add_milestones(figure, milestones, traces, title)
    _add_traces(figure, traces)
    framed(figure, round((BELOW + top) * PIXELS) + 40, left=76, right=20)
    figure.update_yaxes(
        range=[-BELOW, top], tickvals=[LIFT, -0.75], ticktext=["Milestones", "Traces"], showticklabels=True
    )
    low, high = _reach(milestones, traces)
    begin, end = low - (high - low) * 0.03, high + (high - low) * (END - 1)
    figure.update_xaxes(range=[on_wall(int(begin)).isoformat(), on_wall(int(end)).isoformat()], type="date")
    return figure


def _reach(milestones: Sequence[CaseMilestone], traces: Sequence[CaseTrace]) -> tuple[int, int]:
    """The first and the last point in microseconds, at least a second apart."""
    times = [m.first_us for m in milestones] + [m.last_us for m in milestones] + [t.start_us for t in traces]
    low = min(times, default=0)
    return low, max([low + 1_000_000, *times])


class Label(NamedTuple):
    """Where a label stands: its row (0 lowest), and whether it reaches to the left of its point."""

    row: int
    leftward: bool


def label_places(places: Sequence[float], letters: Sequence[int]) -> list[Label]:
    """A place for each label so that no two overlap, however close their points are.

    `places` are shares of the time shown, ascending. The last label takes the lowest row, so that the lines
    from earlier labels down to their points run beside later ones. A label that would run out at the right turns left.
    """
    rows: list[list[tuple[float, float]]] = []
    found: list[Label] = []
    for at, width in zip(reversed(places), reversed([each * LETTER + GAP for each in letters]), strict=True):
        leftward = at + width > END and at - width > 0
        begin, end = (at - width, at) if leftward else (at, at + width)
        row = next((n for n, taken in enumerate(rows) if all(end <= b or begin >= e for b, e in taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append((begin, end))
        found.append(Label(row, leftward))
    return found[::-1]


def _add_milestones(
    figure: go.Figure, milestones: Sequence[CaseMilestone], traces: Sequence[CaseTrace], title: Callable[[str], str]
) -> float:
    """Points, labels and the lines between them; gives the height that they need."""
    titles = [_shortened(title(m.milestone)) for m in milestones]
    low, high = _reach(milestones, traces)
    shares = [(m.first_us - low) / (high - low) for m in milestones]
    labels = label_places(shares, [len(text) for text in titles])
    for milestone, text, label in zip(milestones, titles, labels, strict=True):
        at, height = on_wall(milestone.first_us), LIFT + label.row * ROW
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=height, line={"color": GREY, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=at,
            y=height,
            text=text,
            showarrow=False,
            xanchor="right" if label.leftward else "left",
            yanchor="middle",
            xshift=4 if label.leftward else -4,
            borderpad=1,
            bgcolor="#ffffff",  # the page's ground, set by the style sheet: lines of other labels pass behind
            font={"size": 12},
        )
    figure.add_scatter(
        x=[on_wall(m.first_us) for m in milestones],
        y=[0.0] * len(milestones),
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 13,
            "color": BLUE,
            "line": {"width": [3 if m.count > 1 else 1 for m in milestones], "color": "#ffffff"},
        },
        hovertext=[
            f"<b>{text}</b><br>{exact_moment(m.first_us)}"
            + (f"<br>{count(m.count)} times, last {exact_moment(m.last_us)}" if m.count > 1 else "")
            for m, text in zip(milestones, titles, strict=True)
        ],
        hoverinfo="text",
    )
    return LIFT + max((label.row for label in labels), default=0) * ROW + 0.25


def _shortened(text: str) -> str:
    """A title of at most 40 letters; the whole one stands in the hover text and in the table."""
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"


def _add_traces(figure: go.Figure, traces: Sequence[CaseTrace]) -> None:
    """Ticks between −0.2 and −1.3, by the logarithm of the duration (1 ms … 1 h)."""
    for failed, colour in ((False, GREY), (True, VERMILLION)):
        own = [trace for trace in traces if bool(trace.errors) is failed]
        xs: list[object] = []
        ys: list[float | None] = []
        for trace in own:
            xs += [on_wall(trace.start_us), on_wall(trace.start_us), None]
            ys += [-0.2, -0.2 - tick_length(trace.lasts_us), None]
        figure.add_scatter(x=xs, y=ys, mode="lines", line={"color": colour, "width": 3}, hoverinfo="skip")
        figure.add_scatter(
            x=[on_wall(t.start_us) for t in own],
            y=[-0.2 - tick_length(t.lasts_us) for t in own],
            mode="markers",
            marker={"size": 9, "color": colour, "symbol": "x" if failed else "circle"},
            customdata=[t.trace_id for t in own],
            hoverinfo="text",
            hovertext=[_trace_words(t) for t in own],
        )


def _trace_words(trace: CaseTrace) -> str:
    name = ", ".join(trace.interfaces) or ", ".join(trace.services)
    facts = f"{duration(trace.lasts_us)}, {count(trace.spans)} spans, {count(trace.errors)} errors"
    return f"<b>{name}</b><br>{exact_moment(trace.start_us)}<br>{facts}<br>click for its spans"


def tick_length(lasts_us: int) -> float:
    """The length of a trace's tick: 0.15 for a millisecond, 1.1 for an hour and more."""
    return 0.15 + 0.95 * min(max(math.log10(max(lasts_us, 1) / 1000) / 6.56, 0), 1)
