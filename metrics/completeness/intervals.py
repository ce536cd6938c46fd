"""The verdicts about a feed's closed hours and days, all its events together and each type that is frequent enough."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from metrics.completeness.forecast import (
    REASONS,
    SHORT,
    SILENT,
    UNKNOWN,
    VERDICTS,
    Flags,
    Judged,
    expectation,
    judge,
    past,
)
from metrics.completeness.history import FeedHistory
from metrics.completeness.local_time import counted, hour_starts, local_hour, special_days, special_hours, start_of
from metrics.completeness.plan import Feed
from metrics.completeness.rows import Interval
from metrics.completeness.tails import Floats

HOUR_SPAN: Final = "hour"
DAY_SPAN: Final = "day"
_WEEK: Final = {HOUR_SPAN: 168, DAY_SPAN: 7}
_LEAST_PER_HOUR, _LEAST_PER_DAY = 5.0, 1.0
"""A type is looked at in hours, or days, that hold so many of its events on average."""
_SHARES: Final = 3
"""Hours, days and all types together may each be wrong a third as often as the feed."""
_LOW: Final = (VERDICTS.index(SHORT), VERDICTS.index(SILENT))


class Frame(NamedTuple):
    """The closed intervals of one span: when each begins and ends (microseconds), and which are special."""

    first: int
    bounds: list[tuple[int, int]]
    special: Flags

    @property
    def until(self) -> int:
        """Where the last interval ends. An hour that clocks skip has no bounds of its own: (0, 0)."""
        return next((end for _, end in reversed(self.bounds) if end), 0)

    def since(self, at: int) -> int:
        """Where the first interval from index `at` on begins."""
        return next((begin for begin, _ in self.bounds[at:] if begin), 0)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All of a feed. `hours`, `days`: their frame, and what was judged of all its events together."""

    rows: list[Interval]
    hours: tuple[Frame, Judged]
    days: tuple[Frame, Judged]
    chance: float


def judge_feed(
    feed: Feed, simulated: bool, history: FeedHistory, bound: int, weeks: int, rare_weeks: float
) -> Verdicts | None:
    """Judge everything before the hour `bound` (since 1970 UTC); None where nothing came before it."""
    hours = _hours(feed, history, bound)
    if hours is None:
        return None
    days = _days(feed, hours, local_hour(bound, feed.calendar.zone))
    chances = {span: 1.0 / (rare_weeks * week * _SHARES) for span, week in _WEEK.items()}
    frames, judged, rows = {HOUR_SPAN: hours, DAY_SPAN: days}, {}, list[Interval]()
    total = _by_hour(history.total, hours, feed)
    for span, frame in frames.items():
        judged[span] = judge(_folded(total, hours, frame, span), frame.special, _WEEK[span], weeks, chances[span])
        rows += _rows(feed.name, "", span, simulated, frame, judged[span])
    chosen = list(_frequent_types(history.types, hours, days))
    for name, span in chosen:
        counts = _folded(_by_hour(history.types[name], hours, feed), hours, frames[span], span)
        found = judge(counts, frames[span].special, _WEEK[span], weeks, chances[span] / len(chosen))
        rows += [row for row in _rows(feed.name, name, span, simulated, frames[span], found) if row.verdict != UNKNOWN]
    return Verdicts(rows, (hours, judged[HOUR_SPAN]), (days, judged[DAY_SPAN]), chances[HOUR_SPAN])


def next_week(judged: Judged, special: Flags, weeks: int) -> tuple[Floats, bool]:
    """Events to be expected in each of the 168 hours after the last judged one, and whether they are known."""
    size = len(judged.taught)
    taught, flags = np.append(judged.taught, np.zeros(168)), np.append(special, np.zeros(168, np.bool_))
    number, mean, _ = expectation(past(taught, flags, slice(size, size + 168), 168, weeks))
    return mean, bool((number >= 3).mean() > 0.9)


def is_low(judged: Judged) -> Flags:
    """Which intervals are short or silent."""
    return np.asarray(np.isin(judged.verdict, _LOW))


def is_known(judged: Judged) -> Flags:
    """Which intervals have a verdict."""
    return np.asarray(judged.verdict != VERDICTS.index(UNKNOWN))


def _hours(feed: Feed, history: FeedHistory, bound: int) -> Frame | None:
    begin = min(history.total, default=bound)
    if begin >= bound:
        return None
    zone = feed.calendar.zone
    first, after = local_hour(begin, zone), local_hour(bound, zone)
    starts = hour_starts(begin, bound, zone)
    midnight = first // 24 * 24
    days = special_days(midnight // 24, after // 24 + 1, feed.calendar)
    special = special_hours(days, starts, midnight, after)[first - midnight :]
    bounds = [
        (start_of(at[0]), start_of(at[-1] + 1)) if (at := starts.get(hour)) else (0, 0) for hour in range(first, after)
    ]
    return Frame(first, bounds, special)


def _days(feed: Feed, hours: Frame, after: int) -> Frame:
    """Whole local days: the first one may have begun before anything came."""
    first, last = -(-hours.first // 24), after // 24
    begin = feed.calendar.start_of_day
    bounds = [(begin(day), begin(day + 1)) for day in range(first, last)]
    return Frame(first, bounds, special_days(first, max(first, last), feed.calendar))


def _by_hour(counts: Mapping[int, int], hours: Frame, feed: Feed) -> Floats:
    return counted(counts, hours.first, hours.first + len(hours.bounds), feed.calendar.zone)


def _folded(by_hour: Floats, hours: Frame, frame: Frame, span: str) -> Floats:
    """Hours as they are, or added up to the days of the frame."""
    if span == HOUR_SPAN:
        return by_hour
    skipped = frame.first * 24 - hours.first
    return np.asarray(by_hour[skipped : skipped + 24 * len(frame.bounds)].reshape(-1, 24).sum(axis=1))


def _frequent_types(types: Mapping[str, Mapping[int, int]], hours: Frame, days: Frame) -> Iterator[tuple[str, str]]:
    for name in sorted(types):
        number = sum(types[name].values())
        if number >= _LEAST_PER_HOUR * len(hours.bounds):
            yield name, HOUR_SPAN
        if number >= _LEAST_PER_DAY * max(len(days.bounds), 1):
            yield name, DAY_SPAN


def _rows(name: str, kind: str, span: str, simulated: bool, frame: Frame, judged: Judged) -> Iterator[Interval]:
    chance, expected = judged.chance, judged.expected
    for at, (start, end) in enumerate(frame.bounds):
        if end:
            yield Interval(
                feed=name,
                type=kind,
                span=span,
                start_us=start,
                simulated=int(simulated),
                ends_us=end,
                verdict=VERDICTS[judged.verdict[at]],
                reason=REASONS[judged.reason[at]],
                events=int(judged.seen[at]),
                expected=round(float(expected[at]), 2),
                chance=float(f"{chance[at]:.2e}"),
                weeks=int(judged.samples[at]),
            )
