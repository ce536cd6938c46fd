"""Up to where intervals are closed: by the clocks of the feeds that bring what is counted."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from metrics.figures import asking
from metrics.figures.intervals import UNITS, last_closed
from metrics.figures.looking import Reader
from metrics.figures.rules import FigureRules


class FeedClock(NamedTuple):
    """What a feed said of itself, what was seen of it, and which processes have cases that it was the last to move."""

    phase: str
    watermark: int
    last_seen: int
    processes: frozenset[str]


class Closing:
    """`behind`: the oldest watermark of a partition with unread records; None when all are read."""

    def __init__(self, feeds: Iterable[FeedClock], rules: FigureRules, wall: int, behind: int | None) -> None:
        self._feeds = tuple(feeds)
        self._rules = rules
        self._wall = wall
        self._behind = behind

    def until(self, process: str) -> int | None:
        """The instant before which intervals of a process ('': of the ledger) are closed; None: nothing closes.

        Feeds that are through hold nobody back: what only they bring closes by the newest of their watermarks. Any
        feed that sends its history holds back whatever live feeds bring, until its patience is over.
        """
        mine = [feed for feed in self._feeds if not process or process in feed.processes]
        if mine and all(feed.phase == "end" for feed in mine):
            return max(feed.watermark for feed in mine) - self._rules.grace
        return self.by_wall()

    def by_wall(self) -> int | None:
        """As `until` of what live feeds bring, whatever feeds that are through have brought."""
        if any(f.phase == "backfill" and self._wall - f.last_seen < self._rules.patience for f in self._feeds):
            return None
        now = self._wall if self._behind is None else min(self._wall, self._behind)
        return now - self._rules.grace

    def through(self, until: int) -> dict[str, str]:
        """The first day of the last interval that is over at an instant, by unit."""
        return {unit: last_closed(unit, until, self._rules.zone) for unit in UNITS}


def closing_of(reader: Reader, rules: FigureRules, wall: int, worker: str = "cases") -> Closing:
    """As the store knows it; `worker`: the kind of worker that brings what is counted."""
    behind = [row["watermark_us"] for row in reader.rows(asking.BEHIND, {"worker": worker})]
    return Closing(map(_feed, reader.rows(asking.FEEDS, {})), rules, wall, behind[0] if behind else None)


def _feed(row: Mapping[str, Any]) -> FeedClock:
    return FeedClock(row["phase"], row["watermark_us"], row["last_seen_us"], frozenset(row["processes"]))
