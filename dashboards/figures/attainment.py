"""Attainment per SLA against its objective, and by facility and week as a heat map around the objective. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from dashboards.figures.palette import BLUE, GREY, VERMILLION, framed
from dashboards.wording import count, humanised, percent, utc
from metrics.queries.rows import SlaWeek

# Diverging around the target: vermillion below, blue above, pale in between (Okabe–Ito ends).
SCALE = ((0.0, "#d55e00"), (0.35, "#f4b183"), (0.5, "#f4f4f2"), (0.65, "#9ecae1"), (1.0, "#2b8cc4"))
FEW = 5


class Standing(NamedTuple):
    """One SLA in its window. Shares between 0 and 1, None where nothing was decided or nothing is asked."""

    name: str
    title: str
    objective: float | None
    met: int
    breached: int

    @property
    def decided(self) -> int:
        """Clocks met or breached."""
        return self.met + self.breached

    @property
    def share(self) -> float | None:
        """Attainment."""
        return self.met / self.decided if self.decided else None

    @property
    def missed(self) -> bool:
        """Whether attainment is below the objective."""
        return self.share is not None and self.objective is not None and self.share < self.objective


def attainment_bars(standings: Sequence[Standing]) -> go.Figure:
    """A bar an SLA with its objective as a mark; vermillion and ✕ when below, the value in words at the end."""
    figure = go.Figure()
    names = [standing.title for standing in standings]
    figure.add_bar(
        orientation="h",
        y=names,
        x=[(s.share or 0) * 100 for s in standings],
        width=0.52,
        marker={"color": [VERMILLION if s.missed else BLUE if s.objective else GREY for s in standings]},
        hoverinfo="text",
        hovertext=[
            f"<b>{s.title}</b><br>{count(s.met)} met, {count(s.breached)} breached<br>"
            f"objective {percent(s.objective, 0)}"
            for s in standings
        ],
        customdata=[s.name for s in standings],
    )
    aimed = [s for s in standings if s.objective is not None]
    figure.add_scatter(
        x=[(s.objective or 0) * 100 for s in aimed],
        y=[s.title for s in aimed],
        mode="markers",
        hoverinfo="skip",
        marker={"symbol": "line-ns", "size": 28, "line": {"width": 3, "color": "#9457d6"}},
    )
    for one in standings:
        figure.add_annotation(
            x=100, y=one.title, text=_words(one), showarrow=False, xanchor="left", xshift=10, font={"size": 12}
        )
    framed(figure, max(52 + 38 * len(standings), 340), right=120)
    figure.update_xaxes(
        range=[0, 101], tickvals=[0, 25, 50, 75, 100], ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"]
    )
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return figure


def _words(standing: Standing) -> str:
    if standing.share is None:
        return "none decided"
    mark = "✕ " if standing.missed else "✓ " if standing.objective is not None else ""
    few = " of few" if standing.decided < FEW else ""
    return f"{mark}{percent(standing.share)}{few}"


def week_heat_map(
    weeks: Sequence[SlaWeek], target: float, restated: Mapping[tuple[str, int], str] | None = None
) -> go.Figure:
    """Facilities by week; the value stands in each cell, the colour diverges around `target` (a share).

    `restated`: by facility and week what was published before and why it changed; such a cell is marked with ↺.
    """
    told = restated or {}
    columns = sorted({week.week_us for week in weeks})
    rows = sorted({week.facility for week in weeks}, reverse=True)
    cells = {(week.facility, week.week_us): week for week in weeks}
    shares = [[_share(cells.get((row, column))) for column in columns] for row in rows]
    spread = max([abs(value - target * 100) for line in shares for value in line if value is not None] + [5.0])
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=columns,
            y=[humanised(row) for row in rows],
            zmid=target * 100,
            zmin=target * 100 - spread,
            zmax=target * 100 + spread,
            colorscale=[list(step) for step in SCALE],
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hoverinfo="text",
            showscale=True,
            text=[
                [
                    "" if value is None else f"{value:.0f} %" + (" ↺" if (row, column) in told else "")
                    for column, value in zip(columns, line, strict=True)
                ]
                for row, line in zip(rows, shares, strict=True)
            ],
            texttemplate="%{text}",
            textfont={"size": 12, "color": "#17212b"},
            hovertext=[
                [_hover(row, cells.get((row, column)), told.get((row, column), "")) for column in columns]
                for row in rows
            ],
            customdata=[[row for _ in columns] for row in rows],
            colorbar={
                "title": {"text": "% in SLA", "font": {"size": 11}},
                "thickness": 10,
                "outlinewidth": 0,
                "ticksuffix": " %",
                "len": 0.95,
                "tickvals": [round(target * 100 - spread), round(target * 100), round(target * 100 + spread)],
            },
        )
    )
    framed(figure, 84 + 40 * max(len(rows), 1), right=20)
    words = [_week(column, shortly=index > 0) for index, column in enumerate(columns)]
    return figure.update_xaxes(
        type="category",
        showgrid=False,
        tickvals=columns,
        ticktext=[text.replace(" ", "<br>") for text in words],
        tickangle=0,
    )


def _share(week: SlaWeek | None) -> float | None:
    decided = week.met + week.breached if week else 0
    return week.met / decided * 100 if week and decided else None


def _week(week_us: int, shortly: bool = False) -> str:
    year, week, _ = utc(week_us).isocalendar()
    return f"W{week:02d}" if shortly else f"W{week:02d} {year}"


def _hover(row: str, week: SlaWeek | None, restated: str = "") -> str:
    if week is None:
        return ""
    words = f"{humanised(row)}, {_week(week.week_us)}<br>{count(week.met)} met, {count(week.breached)} breached"
    return f"{words}<br>Restated: {restated}" if restated else words
