"""How an interface went hour by hour over two weeks: calls, share of failed ones, 95th percentile. Pure."""

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboards.figures.palette import BLUE, GREY, ORANGE, VERMILLION, framed
from dashboards.wording import HOUR, count, duration, exact_moment, on_wall, percent
from metrics.health.history import History
from metrics.queries.health_rows import HistoryHour

HEIGHT = 330
_GRID = "rgba(127,140,150,.25)"
_OPEN = "Not judged yet"


def interface_history(history: History, until: int) -> go.Figure:
    """Three rows over the same hours; an hour in which nobody called is empty, the hours not judged yet are shaded."""
    figure = make_subplots(rows=3, shared_xaxes=True, vertical_spacing=0.07)
    hours = history.hours
    times = [on_wall(one.hour_us + HOUR // 2) for one in hours]
    told = {"hoverinfo": "text", "hovertext": [_words(one, history.judged_us) for one in hours]}
    width = HOUR / 1000 * 0.88
    rows = (
        ([one.calls for one in hours], "calls an hour", BLUE),
        ([100 * one.errors / one.calls for one in hours], "% failed", VERMILLION),
        ([one.p95_us / 1e6 for one in hours], "p95, s", ORANGE),
    )
    for place, (values, title, colour) in enumerate(rows, start=1):
        figure.add_bar(x=times, y=values, width=width, marker={"color": colour}, name=title, row=place, col=1, **told)
        figure.update_yaxes(title={"text": title, "standoff": 6}, row=place, col=1)
    shade = {"fillcolor": GREY, "opacity": 0.18, "line_width": 0}
    for begin, end in ((history.since_us, history.known_us), (history.judged_us, until)):
        if begin < end:
            figure.add_vrect(on_wall(begin), on_wall(end), row="all", col=1, **shade)
    framed(figure, HEIGHT, left=52, bottom=30)
    figure.update_xaxes(range=[on_wall(history.since_us), on_wall(until)], nticks=9)
    figure.update_xaxes(tickformat="%d %b", row=3, col=1)
    figure.update_yaxes(showgrid=True, gridcolor=_GRID, rangemode="tozero", nticks=3)
    return figure


def _words(one: HistoryHour, judged: int) -> str:
    known = "" if one.hour_us < judged else f"<br>{_OPEN}"
    return (
        f"<b>{exact_moment(one.hour_us)[:16]}</b><br>{count(one.calls)} calls, {count(one.errors)} failed "
        f"({percent(one.errors / one.calls)})<br>p95 {duration(one.p95_us)}, {count(one.retries)} retries{known}"
    )
