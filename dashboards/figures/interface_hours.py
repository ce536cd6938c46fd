"""The calls of one interface over time: those that went well and those that failed. Pure."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, VERMILLION, framed
from dashboards.wording import count, duration, exact_moment, on_wall
from metrics.queries.interface_rows import InterfaceHour


def interface_hours(hours: Sequence[InterfaceHour], since: int, until: int, step: int) -> go.Figure:
    """Bars a step of `step` seconds between two times in microseconds; failed calls stand on top, hatched."""
    times = [on_wall(hour.at_us + step * 500_000) for hour in hours]
    texts = [
        f"<b>{exact_moment(hour.at_us)[:16]}</b><br>{count(hour.calls)} calls, {count(hour.errors)} failed<br>"
        f"p95 {duration(hour.p95_us)}"
        for hour in hours
    ]
    figure = go.Figure()
    shared = {"x": times, "width": step * 880, "hoverinfo": "text", "hovertext": texts}
    figure.add_bar(y=[hour.calls - hour.errors for hour in hours], marker={"color": BLUE}, name="Went well", **shared)
    hatched = {"color": VERMILLION, "pattern": {"shape": "/", "size": 5, "solidity": 0.25, "fgcolor": "#ffffff"}}
    figure.add_bar(y=[hour.errors for hour in hours], marker=hatched, name="Failed", **shared)
    framed(figure, 190, left=44, bottom=30)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[on_wall(since), on_wall(until)], tickformat="%d %b %H:%M", nticks=7)
    figure.update_yaxes(
        title={"text": "calls", "standoff": 6}, showgrid=True, gridcolor="rgba(127,140,150,.25)", nticks=4
    )
    return figure
