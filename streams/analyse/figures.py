"""The report's figures: queries on the store, and nothing else, turned into the shape that is printed.

Durations are seconds. Percentiles are by linear interpolation; a pair is measured from the first time of one
milestone to the first time of the other, negative ones kept; variants count orders of activities by time, then
source order. Every figure is of one load in one process, whatever else the store holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

import msgspec

from metrics.queries.analysis.rows import Activity, CaseTotals, Clocks, Completeness, Pair, SpanTotals
from metrics.store.queries import Queries
from streams.analyse.request import MilestonePair, pair_name

MICROSECONDS = 1e6


class Durations(msgspec.Struct, frozen=True):
    """Seconds over `n` cases; None without any."""

    n: int
    median: float | None
    p90: float | None
    mean: float | None
    min: float | None
    max: float | None


class PairFigures(msgspec.Struct, frozen=True):
    """Seconds over the `n` cases that reached both milestones, `negative` of them in the other order."""

    n: int = 0
    median: float | None = None
    p90: float | None = None
    mean: float | None = None
    negative: int = 0


class SpanFigures(msgspec.Struct, frozen=True):
    """`linked`: spans whose trace belongs to at least one of the load's cases."""

    stored: int
    duplicates: int
    traces: int
    services: int
    linked: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What `flowglass analyse --json` prints."""

    cases: int
    events: int
    repeated_rows: int
    variants: int
    activities: dict[str, int]
    case_duration: Durations
    with_start_case_duration: Durations | msgspec.UnsetType = msgspec.UNSET
    pairs: dict[str, PairFigures]
    spans: SpanFigures
    dead_letters: int
    unlinked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What the figures are of: one process, and in it the cases that events of one load belong to.

    ``origins`` and ``span_origins`` name the files by content; ``incarnation`` is the log they came through, and
    ``since`` (microseconds since 1970 UTC) when this began.
    """

    process: str
    feed: str
    origins: tuple[str, ...]
    span_origins: tuple[str, ...]
    incarnation: str
    since: int


@dataclass(frozen=True, slots=True)
class Found:
    """The figures without the seconds, with what they were made from."""

    totals: CaseTotals
    activities: tuple[Activity, ...]
    pairs: dict[str, PairFigures]
    spans: SpanTotals
    completeness: Completeness
    clocks: tuple[Clocks, ...]

    @property
    def events(self) -> int:
        return sum(activity.events for activity in self.activities)


def find(queries: Queries, scope: Scope, pairs: Sequence[MilestonePair]) -> Found:
    """Ask the store."""
    load = {"process": scope.process, "feed": scope.feed}
    completeness = queries.one(
        "analysis/completeness",
        Completeness,
        feed=scope.feed,
        incarnation=scope.incarnation,
        origins=list(scope.origins),
        span_origins=list(scope.span_origins),
        since=scope.since,
    )
    measured = _measured(queries, load, pairs)
    return Found(
        totals=queries.one("analysis/case_totals", CaseTotals, **load),
        activities=tuple(queries.rows("analysis/activities", Activity, **load)),
        pairs={pair_name(pair): measured.get(pair, PairFigures()) for pair in pairs},
        spans=queries.one("analysis/spans", SpanTotals, **load, origins=list(scope.span_origins)),
        completeness=completeness,
        clocks=tuple(queries.rows("analysis/clocks", Clocks, **load)),
    )


def _measured(
    queries: Queries, load: dict[str, str], pairs: Iterable[MilestonePair]
) -> dict[MilestonePair, PairFigures]:
    wanted = list(pairs)
    if not wanted:
        return {}
    starts, stops = [start for start, _ in wanted], [stop for _, stop in wanted]
    rows = queries.rows("analysis/pairs", Pair, **load, starts=starts, stops=stops)
    return {
        (row.start, row.stop): PairFigures(
            row.cases, _seconds(row.median), _seconds(row.p90), _seconds(row.mean), row.negative
        )
        for row in rows
    }


def figures(found: Found, *, with_start: bool, seconds: float) -> Figures:
    """In the shape that is printed."""
    totals, spans, completeness = found.totals, found.spans, found.completeness
    return Figures(
        cases=totals.cases,
        events=found.events,
        repeated_rows=sum(activity.repeats for activity in found.activities),
        variants=totals.variants,
        activities={activity.activity: activity.events for activity in found.activities},
        case_duration=_durations(totals.cases, totals.median, totals.p90, totals.mean, totals.least, totals.most),
        with_start_case_duration=_durations(
            totals.cases,
            totals.started_median,
            totals.started_p90,
            totals.started_mean,
            totals.started_least,
            totals.started_most,
        )
        if with_start
        else msgspec.UNSET,
        pairs=found.pairs,
        spans=SpanFigures(spans.stored, spans.records - spans.stored, spans.traces, spans.services, spans.linked),
        dead_letters=completeness.dead_letters + completeness.span_dead_letters,
        unlinked=completeness.unlinked,
        seconds=round(seconds, 3),
    )


def _durations(cases: int, *microseconds: float) -> Durations:
    """In the order median, p90, mean, least, most."""
    return Durations(cases, *(_seconds(value) if cases else None for value in microseconds))


def _seconds(microseconds: float) -> float | None:
    return None if isnan(microseconds) else microseconds / MICROSECONDS
