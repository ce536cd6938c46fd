"""Where the time went as strips: over time for one case and its clocks, or stacked by stage for many. Pure."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREY, ORANGE, VERMILLION, framed
from dashboards.wording import DAY, HOUR, duration, exact_moment, on_wall, percent
from metrics.delay.flow import Flow
from metrics.delay.ledger import Ledger
from metrics.delay.parts import CLOCK_STOP, HUMAN, INTERFACE, PRIORITY, QUEUE, RETRY, TITLES, UNEXPLAINED
from metrics.delay.sums import StageSum
from metrics.delay.words import cause_words

PURPLE = "#9457d6"
COLOURS = {CLOCK_STOP: GREY, INTERFACE: BLUE, RETRY: VERMILLION, QUEUE: PURPLE, HUMAN: ORANGE, UNEXPLAINED: "#d5dade"}
_HATCHED = {CLOCK_STOP, UNEXPLAINED}


def _look(part: str) -> dict[str, object]:
    look: dict[str, object] = {"color": COLOURS[part]}
    if part in _HATCHED:
        look["pattern"] = {"shape": "/", "fgcolor": "#66727c", "size": 6, "solidity": 0.2}
    return look


def delay_strip(rows: Sequence[tuple[str, Ledger]], flow: Flow) -> go.Figure:
    """One bar a ledger, first on top, each slice in its part's colour at its time."""
    figure = go.Figure()
    for part in PRIORITY:
        slices = [(name, one) for name, ledger in rows for one in ledger.slices if one.part == part]
        figure.add_bar(
            orientation="h",
            y=[name for name, _ in slices],
            base=[on_wall(one.start) for _, one in slices],
            x=[one.lasts / 1000 for _, one in slices],
            marker=_look(part),
            width=0.5,
            hovertext=[
                f"{TITLES[part]}: {cause_words(flow, part, one.cause or one.stage)}<br>"
                f"{exact_moment(one.start)} – {exact_moment(one.stop)}<br>{duration(one.lasts)}"
                for _, one in slices
            ],
            hoverinfo="text",
        )
    framed(figure, 60 + 34 * len(rows), left=10)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(type="date")
    return figure.update_yaxes(categoryorder="array", categoryarray=[name for name, _ in rows][::-1])


def stage_bars(stages: Sequence[tuple[str, StageSum]]) -> go.Figure:
    """One bar a stage, its parts stacked, as the mean of the cases that passed it."""
    figure = go.Figure()
    names = [name.replace(" + ", " +<br>") for name, _ in stages]
    longest = max((one.lasts / one.cases for _, one in stages), default=0)
    unit, word = (DAY, "days") if longest >= 3 * DAY else (HOUR, "hours")
    for part in PRIORITY:
        figure.add_bar(
            orientation="h",
            y=names,
            x=[one.parts[part] / one.cases / unit for _, one in stages],
            marker=_look(part),
            width=0.6,
            hovertext=[
                f"{TITLES[part]}: {duration(one.parts[part] / one.cases)} a case, "
                f"{percent(one.parts[part] / one.lasts if one.lasts else None)}"
                for _, one in stages
            ],
            hoverinfo="text",
        )
    lines = sum(name.count("<br>") + 1 for name in names)
    framed(figure, 76 + 18 * len(names) + 15 * lines, left=10, bottom=44)
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title=f"{word} per case that passed the stage, on average")
    return figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
