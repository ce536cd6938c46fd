"""Money by month: the budget, and what was committed, invoiced and paid. Pure."""

from calendar import month_abbr
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREEN, GREY, ORANGE, framed

COLOURS = {"budget": GREY, "committed": BLUE, "invoiced": ORANGE, "paid": GREEN}


def spend_trend(
    months: Sequence[str],
    money: Mapping[str, Sequence[float]],
    titles: Mapping[str, str],
    currency: str,
    apart: Sequence[str] = (),
) -> go.Figure:
    """Bars by month, one for each stage of `money`; `months` as 2026-03. `apart`: currencies that are not drawn."""
    figure = go.Figure()
    for stage, values in money.items():
        texts = [
            f"{titles[stage]} {month}: {value:,.2f} {currency}" for month, value in zip(months, values, strict=True)
        ]
        figure.add_bar(
            x=list(months),
            y=list(values),
            name=titles[stage],
            marker=_look(stage),
            hovertext=texts,
            hoverinfo="text",
        )
    framed(figure, 320, left=60, top=34)
    figure.update_traces(marker_line_width=1.5, selector={"name": titles.get("budget", "")})
    figure.update_layout(
        barmode="group",
        bargap=0.3,
        bargroupgap=0.06,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    if apart:
        words = f"Not drawn, for want of a rate into {currency}: {', '.join(apart)}"
        figure.add_annotation(
            x=1, y=1, xref="paper", yref="paper", xanchor="right", yanchor="top", text=words, showarrow=False
        )
    figure.update_xaxes(type="category", tickvals=list(months), ticktext=[_month(month) for month in months])
    figure.update_yaxes(
        rangemode="tozero", showgrid=True, gridcolor="rgba(127,140,150,.25)", title_text=currency, tickformat="~s"
    )
    return figure


def _month(month: str) -> str:
    """2026-03 as Mar 2026."""
    year, _, number = month.partition("-")
    return f"{month_abbr[int(number)]} {year}"


def _look(stage: str) -> dict[str, object]:
    """A plan is drawn hollow, what happened solid."""
    colour = COLOURS[stage]
    return (
        {"color": "rgba(0,0,0,0)", "line": {"color": colour, "width": 1.5}} if stage == "budget" else {"color": colour}
    )
