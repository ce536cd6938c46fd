"""A trace as a waterfall of its spans, parents before children. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, VERMILLION, framed
from dashboards.wording import duration
from metrics.queries.rows import TraceSpan

MOST_SPANS = 120


class Line(NamedTuple):
    """A span in its place: depth below its root."""

    span: TraceSpan
    depth: int


def ordered(spans: Sequence[TraceSpan]) -> list[Line]:
    """Spans depth first, siblings by start; a span whose parent is missing stands as a root, a cycle is cut."""
    known = {span.span_id for span in spans}
    children: dict[str, list[TraceSpan]] = {}
    for span in sorted(spans, key=lambda s: (s.start_us, s.span_id)):
        parent = span.parent_span_id if span.parent_span_id in known and span.parent_span_id != span.span_id else ""
        children.setdefault(parent, []).append(span)
    lines: list[Line] = []
    placed: set[str] = set()
    pending = [(span, 0) for span in reversed(children.get("", []))]
    while pending:
        span, depth = pending.pop()
        if span.span_id in placed:
            continue
        placed.add(span.span_id)
        lines.append(Line(span, depth))
        pending += [(child, depth + 1) for child in reversed(children.get(span.span_id, []))]
    return lines + [Line(span, 0) for span in spans if span.span_id not in placed]


def waterfall(spans: Sequence[TraceSpan]) -> go.Figure:
    """Bars from start to end in milliseconds since the trace began; vermillion and ✕ where the span failed."""
    lines = ordered(spans)[:MOST_SPANS]
    begin = min((line.span.start_us for line in lines), default=0)
    figure = go.Figure()
    for failed, colour in ((False, BLUE), (True, VERMILLION)):
        own = [(index, line) for index, line in enumerate(lines) if (line.span.status == "error") is failed]
        figure.add_bar(
            orientation="h",
            y=[index for index, _ in own],
            base=[(line.span.start_us - begin) / 1000 for _, line in own],
            x=[max(line.span.lasts_us, 1) / 1000 for _, line in own],
            marker={"color": colour},
            width=0.6,
            hoverinfo="text",
            hovertext=[_hover(line.span) for _, line in own],
            text=[f"{'✕ ' if failed else ''}{duration(line.span.lasts_us)}" for _, line in own],
            textposition="outside",
            cliponaxis=False,
            constraintext="none",
        )
    framed(figure, 60 + 27 * max(len(lines), 2), right=80)
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(
        tickvals=list(range(len(lines))), ticktext=[_name(line) for line in lines], range=[len(lines) - 0.4, -0.6]
    )
    figure.update_xaxes(title={"text": "milliseconds since the trace began"}, tickformat=",d", rangemode="tozero")
    return figure


def _name(line: Line) -> str:
    text = f"{line.span.service} · {line.span.name}"
    text = text if len(text) <= 44 else text[:43] + "…"
    return "\u2007\u2007" * min(line.depth, 8) + text


def _hover(span: TraceSpan) -> str:
    parts = [
        f"<b>{span.service}</b> {span.name}",
        span.kind,
        span.interface,
        duration(span.lasts_us),
        f"{span.status} {span.status_message}".strip(),
    ]
    return "<br>".join(part for part in parts if part)
