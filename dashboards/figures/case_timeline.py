"""The dual timeline of a case: milestones above the line, its traces as ticks below. Pure."""

import math
from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREY, VERMILLION, framed
from dashboards.wording import count, duration, exact_moment, utc
from metrics.queries.rows import CaseMilestone, CaseTrace

LABEL_LEVELS = 4


def case_timeline(
    milestones: Sequence[CaseMilestone], traces: Sequence[CaseTrace], title: Callable[[str], str]
) -> go.Figure:
    """Milestones at their first occurrence (thick ring: repeated); ticks grow with duration, red when a span failed."""
    figure = go.Figure()
    figure.add_hline(y=0, line={"color": GREY, "width": 2})
    _add_milestones(figure, milestones, title)
    _add_traces(figure, traces)
    framed(figure, 290, left=66, right=28)
    figure.update_yaxes(
        range=[-1.5, LABEL_LEVELS * 0.62 + 0.7],
        tickvals=[0.9, -0.75],
        ticktext=["Milestones", "Traces"],
        showticklabels=True,
    )
    figure.update_xaxes(range=_span(milestones, traces), type="date")
    return figure


def _span(milestones: Sequence[CaseMilestone], traces: Sequence[CaseTrace]) -> list[str]:
    times = [m.first_us for m in milestones] + [m.last_us for m in milestones] + [t.start_us for t in traces]
    low, high = min(times, default=0), max(times, default=1)
    pad = max((high - low) * 0.045, 1_000_000)
    return [utc(int(low - pad)).isoformat(), utc(int(high + pad * 1.8)).isoformat()]


def label_levels(times: Sequence[int], widths: Sequence[int]) -> list[int]:
    """A level (0 lowest) for each label so that neighbours do not overlap; `widths` in characters, times ascending."""
    if not times:
        return []
    whole = max(times[-1] - times[0], 1)
    ends = [-1.0] * LABEL_LEVELS
    levels = []
    for at, width in zip(times, widths, strict=True):
        place = (at - times[0]) / whole
        free = [level for level in range(LABEL_LEVELS) if ends[level] <= place]
        level = free[0] if free else min(range(LABEL_LEVELS), key=lambda each: ends[each])
        ends[level] = place + width * 0.0068 + 0.012
        levels.append(level)
    return levels


def _add_milestones(figure: go.Figure, milestones: Sequence[CaseMilestone], title: Callable[[str], str]) -> None:
    titles = [title(m.milestone) for m in milestones]
    levels = label_levels([m.first_us for m in milestones], [len(text) for text in titles])
    for milestone, text, level in zip(milestones, titles, levels, strict=True):
        at, height = utc(milestone.first_us), 0.45 + level * 0.62
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=height, line={"color": GREY, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=at, y=height, text=text, showarrow=False, xanchor="left", yanchor="bottom", xshift=-5, font={"size": 12}
        )
    figure.add_scatter(
        x=[utc(m.first_us) for m in milestones],
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


def _add_traces(figure: go.Figure, traces: Sequence[CaseTrace]) -> None:
    """Ticks between −0.2 and −1.3, by the logarithm of the duration (1 ms … 1 h)."""
    for failed, colour in ((False, GREY), (True, VERMILLION)):
        own = [trace for trace in traces if bool(trace.errors) is failed]
        xs: list[object] = []
        ys: list[float | None] = []
        for trace in own:
            xs += [utc(trace.start_us), utc(trace.start_us), None]
            ys += [-0.2, -0.2 - tick_length(trace.lasts_us), None]
        figure.add_scatter(x=xs, y=ys, mode="lines", line={"color": colour, "width": 3}, hoverinfo="skip")
        figure.add_scatter(
            x=[utc(t.start_us) for t in own],
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
