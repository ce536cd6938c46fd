"""Time is per feed: a feed that is sending history runs on its watermark, any other on the wall clock.

``backfill`` → now is the newest event time seen; ``live`` → now is the wall clock; ``end`` (a file that
is through) → the newest of all its events, for good. A feed that never said anything is live. Each partition
carries its own markers and is read at its own pace: a feed is live only when no partition is still in its history, and
in its history it is as late as the partition that is furthest behind. Nothing falls due before the backlog
found at start is through: the event that ends a clock may wait in it.
"""

from collections.abc import Callable, Iterator, Sequence
from time import time_ns

from metrics.words import Event, Marker

WallClock = Callable[[], int]
NEVER = -(1 << 62)


def wall_clock() -> int:
    """Microseconds since 1970 UTC."""
    return time_ns() // 1000


class Feed:
    """What a feed said of itself, by partition, and what was seen of it."""

    __slots__ = ("dirty", "last_seen", "name", "newest", "phases", "settled", "simulated", "watermark")

    def __init__(self, name: str) -> None:
        self.name = name
        self.phases: dict[int, str] = {}
        self.newest: dict[int, int] = {}
        self.watermark = NEVER
        self.last_seen = 0
        self.simulated = False
        self.dirty = False
        self.settled = False

    @property
    def phase(self) -> str:
        phases = self.phases.values()
        return next((phase for phase in ("backfill", "live", "end") if phase in phases), "live")

    def now(self, clock: WallClock) -> int:
        """The feed's present, in microseconds; NEVER while a partition in its history has shown no event."""
        phase = self.phase
        if phase == "backfill":
            return min(self.newest.get(number, NEVER) for number, kind in self.phases.items() if kind == "backfill")
        return clock() if phase == "live" else self.watermark


class Feeds:
    """The clocks of all feeds. `caught_up` is false until the backlog found at start has been read."""

    def __init__(self, clock: WallClock = wall_clock) -> None:
        self._clock = clock
        self._feeds: dict[str, Feed] = {}
        self.caught_up = True

    def see(self, events: Sequence[Event], partition: int = 0) -> None:
        """Take note of one batch of one partition."""
        by_feed: dict[str, list[Event]] = {}
        for event in events:
            by_feed.setdefault(event.feed or event.source, []).append(event)
        for name, seen in by_feed.items():
            feed = self.get(name)
            feed.dirty = True
            newest = max([event.time for event in seen])
            feed.watermark = max(feed.watermark, newest)
            feed.newest[partition] = max(feed.newest.get(partition, NEVER), newest)
            feed.last_seen = max(feed.last_seen, max([event.ingested for event in seen]))
            feed.simulated = feed.simulated or any(event.simulated for event in seen)

    def mark(self, marker: Marker) -> None:
        feed = self.get(marker.feed)
        feed.phases[marker.partition] = marker.kind
        feed.dirty = True
        feed.settled = False

    def now(self, name: str) -> int:
        """The feed's present, in microseconds; NEVER: nothing may fall due yet."""
        if not self.caught_up:
            return NEVER
        feed = self._feeds.get(name)
        return self._clock() if feed is None else feed.now(self._clock)

    def unsettled(self) -> list[str]:
        """Feeds that are through in our partitions, and of which others may know a newer time."""
        return [feed.name for feed in list(self._feeds.values()) if feed.phase == "end" and not feed.settled]

    def settle(self, name: str, newest: int) -> None:
        """The feed is through everywhere; `newest` is the time of its newest event."""
        feed = self.get(name)
        feed.watermark = max(feed.watermark, newest)
        feed.dirty = feed.settled = True

    def take_dirty(self) -> list[Feed]:
        """Feeds that changed since the last call."""
        changed = [feed for feed in self._feeds.values() if feed.dirty]
        for feed in changed:
            feed.dirty = False
        return changed

    def get(self, name: str) -> Feed:
        feed = self._feeds.get(name)
        if feed is None:
            feed = self._feeds[name] = Feed(name)
        return feed

    def __iter__(self) -> Iterator[Feed]:
        return iter(self._feeds.values())
