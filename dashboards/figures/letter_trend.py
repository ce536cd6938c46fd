"""Dead letters over time, stacked by reason. Pure."""

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREEN, GREY, ORANGE, VERMILLION, framed
from dashboards.wording import DAY, HOUR, count, humanised, on_wall
from metrics.queries.dead_letter_rows import LetterStretch

COLOURS = (VERMILLION, ORANGE, BLUE, GREEN, "#cc79a7")
OTHERS = "Other reasons"


def letter_trend(stretches: Sequence[LetterStretch], days: int, *, hourly: bool) -> go.Figure:
    """Bars from the start of the period to the last that was heard of anything; the commonest have colours."""
    width = HOUR if hourly else DAY
    totals: Counter[str] = Counter()
    for one in stretches:
        totals[one.reason] += one.letters
    common = [reason for reason, _ in totals.most_common(len(COLOURS))]
    figure = go.Figure()
    for reason in (*common, "") if len(totals) > len(common) else common:
        own = _own(stretches, reason, common)
        title = humanised(reason) if reason else OTHERS
        figure.add_bar(
            x=[on_wall(begin + width // 2) for begin in own],
            y=list(own.values()),
            width=0.78 * width / 1000,
            name=title,
            marker={"color": COLOURS[common.index(reason)] if reason else GREY},
            hovertext=[f"{title}: {count(letters)}" for letters in own.values()],
            hoverinfo="text+x",
        )
    framed(figure, 260, left=44, top=34)
    end = stretches[-1].as_of_us
    begin = end - days * DAY if days else stretches[0].begin_us
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    )
    figure.update_xaxes(type="date", range=[on_wall(begin), on_wall(end + width // 2)])
    figure.update_yaxes(rangemode="tozero", showgrid=True, gridcolor="rgba(127,140,150,.25)", title_text="letters")
    return figure


def _own(stretches: Sequence[LetterStretch], reason: str, common: Sequence[str]) -> dict[int, int]:
    """Letters by beginning of stretch, of one reason, or of all that are not common ('')."""
    found: dict[int, int] = {}
    for one in stretches:
        if one.reason == reason or (not reason and one.reason not in common):
            found[one.begin_us] = found.get(one.begin_us, 0) + one.letters
    return found
