"""What came of each feed, hour by hour: read from the store once, and again where something has come or gone since.

Which hours those are is seen from a fingerprint of each hour, and not from when rows were stored: a worker that catches
up stores rows that were received long before those of another.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from metrics.completeness.plan import Expectations
from metrics.completeness.rows import HourCount, HourGap, HourPrint

Row = TypeVar("Row")
Key = tuple[str, bool]
"""A feed's name, and whether its events are simulated: these teach nothing about real ones."""

_HOURS_AT_ONCE: Final = 31 * 24
_MOST_RANGES: Final = 8


class Reader(Protocol):
    """Runs the named queries; `metrics.store.queries.Queries` in production."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Gap(NamedTuple):
    """Of one hour: first and last event, and the longest gap between two. Microseconds."""

    first: int
    last: int
    begin: int
    end: int


class FeedHistory:
    """Counts by hour (since 1970 UTC), all types together and each, and the gaps within hours."""

    def __init__(self) -> None:
        self.total: dict[int, int] = {}
        self.types: dict[str, dict[int, int]] = {}
        self.gaps: dict[int, Gap] = {}
        self.clock = ""
        self.changed: set[int] = set()

    def forget(self, begin: int, end: int) -> None:
        """Drop the hours from `begin` until before `end`."""
        for counts in (self.total, *self.types.values()):
            for hour, _ in _within(counts, begin, end):
                del counts[hour]
        for hour in [hour for hour in self.gaps if begin <= hour < end]:
            del self.gaps[hour]


class History:
    """The counts of all feeds. Not safe for concurrent use."""

    def __init__(self, reader: Reader, plan: Expectations) -> None:
        self._reader = reader
        self._plan = plan
        self._prints: dict[int, HourPrint] = {}
        self.feeds: dict[Key, FeedHistory] = {}

    def refresh(self) -> int:
        """Read what has changed since the last time; returns how many hours that were. Raises StoreError."""
        prints = {row.hour: row for row in self._reader.rows("completeness_hours", HourPrint)}
        hours = prints.keys() | self._prints.keys()
        dirty = sorted(hour for hour in hours if prints.get(hour) != self._prints.get(hour))
        for begin, end in ranges(dirty):
            self._read(begin, end)
        self._prints = prints
        return len(dirty)

    def _read(self, begin: int, end: int) -> None:
        prefixes, feeds = self._plan.prefixes
        asked = {"prefixes": prefixes, "feeds": feeds, "since": begin, "until": end}
        counts = self._reader.rows("completeness_counts", HourCount, **asked)
        gaps = self._reader.rows("completeness_gaps", HourGap, **asked)
        before = {key: _seen(one, begin, end) for key, one in self.feeds.items()}
        for one in self.feeds.values():
            one.forget(begin, end)
        for row in counts:
            known = self.feeds.setdefault((row.feed, bool(row.simulated)), FeedHistory())
            known.total[row.hour] = known.total.get(row.hour, 0) + row.events
            known.types.setdefault(row.type, {})[row.hour] = row.events
            known.clock = row.clock
        for gap in gaps:
            known = self.feeds.setdefault((gap.feed, bool(gap.simulated)), FeedHistory())
            known.gaps[gap.hour] = Gap(gap.first_us, gap.last_us, gap.gap_begin_us, gap.gap_end_us)
        for key, one in self.feeds.items():
            now, then = _seen(one, begin, end), before.get(key, {})
            one.changed |= {hour for hour in now.keys() | then.keys() if now.get(hour) != then.get(hour)}


def ranges(hours: Sequence[int]) -> list[tuple[int, int]]:
    """Windows [begin, end) that hold all these ascending hours: few of them, none longer than a month."""
    cuts = sorted(range(1, len(hours)), key=lambda at: hours[at] - hours[at - 1], reverse=True)[: _MOST_RANGES - 1]
    cuts = sorted(at for at in cuts if hours[at] - hours[at - 1] > 1)
    found: list[tuple[int, int]] = []
    for begin, end in zip([0, *cuts], [*cuts, len(hours)], strict=True):
        if begin < end:
            found += _months(hours[begin], hours[end - 1] + 1)
    return found


def _months(begin: int, end: int) -> Iterable[tuple[int, int]]:
    return [(at, min(at + _HOURS_AT_ONCE, end)) for at in range(begin, end, _HOURS_AT_ONCE)]


def _seen(one: FeedHistory, begin: int, end: int) -> dict[int, tuple[int, Gap | None]]:
    """Of each hour the count and the gaps: both are learned from."""
    return {hour: (number, one.gaps.get(hour)) for hour, number in _within(one.total, begin, end)}


def _within(counts: dict[int, int], begin: int, end: int) -> Iterable[tuple[int, int]]:
    if end - begin > len(counts):
        return [(hour, number) for hour, number in counts.items() if begin <= hour < end]
    return [(hour, counts[hour]) for hour in range(begin, end) if hour in counts]
