"""The words that Grafana's dashboards are declared in: what a panel asks and how its answer is read. No I/O.

Sizes are in Grafana's grid (24 columns wide, one row of it about 30 pixels high), times in seconds unless a unit says
otherwise.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["stat", "timeseries", "table", "barchart"]
Colour = Literal["good", "watch", "bad", "plain"]

GRID = 24
"""Columns of Grafana's grid."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A ClickHouse query over the views `v_*`. A series has a column `time` and rows in the order of it."""

    text: str
    series: bool = False


@dataclass(frozen=True, slots=True)
class Prom:
    """A Prometheus query. `legend` names each series: `{{label}}`. `instant`: only its newest value."""

    expression: str
    legend: str = ""
    instant: bool = False


Query = Sql | Prom


@dataclass(frozen=True, slots=True)
class Step:
    """From this value on the answer has this colour; the first step of a panel has no value."""

    value: float | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of a panel or a cell, to a Flowglass page. `path` may name fields of the row: `${__data.fields.x}`."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Field:
    """How one column is shown: its heading, its unit, where a click on it leads."""

    name: str
    title: str = ""
    unit: str = ""
    steps: tuple[Step, ...] = ()
    link: Link | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One card. `about` says what the number is and what to do when it is bad.

    `words` are texts shown instead of values (as text), `nothing` the one without any. `each`: a figure for each row of
    the answer. `least` is the narrowest time step, as `1d`.
    """

    title: str
    about: str
    kind: Kind
    query: Query | tuple[Query, ...]
    unit: str = "short"
    steps: tuple[Step, ...] = ()
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    width: int = 4
    height: int = 4
    stacked: bool = False
    bars: bool = False
    each: bool = False
    decimals: int | None = None
    words: tuple[tuple[str, str], ...] = ()
    nothing: str = ""
    least: str = ""

    @property
    def queries(self) -> tuple[Query, ...]:
        return self.query if isinstance(self.query, tuple) else (self.query,)


@dataclass(frozen=True, slots=True)
class Row:
    """A heading and the panels below it, from left to right, wrapped at the edge of the grid."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A list above the dashboard whose entries a query gives; `All` is always one of them."""

    name: str
    label: str
    query: Sql


@dataclass(frozen=True, slots=True)
class Options:
    """A list above the dashboard with fixed entries (label, value); the first is chosen."""

    name: str
    label: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard. `uid` never changes: links and bookmarks name it. `since` is the period it opens with."""

    uid: str
    title: str
    about: str
    page: Link
    rows: tuple[Row, ...]
    choices: tuple[Choice | Options, ...] = ()
    since: str = "now-24h"
    refresh: str = "1m"

    @property
    def panels(self) -> tuple[Panel, ...]:
        return tuple(panel for row in self.rows for panel in row.panels)
