"""The present of the judge: how far every partition of the events was read, and where each feed is in its history.

Rule: nothing is missing before everything that may hold it has been read. A live feed's present is the moment up to
which *all* partitions are known to be complete (a partition whose reader is away holds it back, at most for
LONGEST_HOLD_SECONDS); a feed in its history stands at the newest event time of the partition that is furthest behind.
"""

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Final

import structlog

from streams.engine.feeds import NEVER, Feeds, WallClock
from streams.quality.messages import Tide

log = structlog.get_logger(__name__)

LONGEST_HOLD_SECONDS: Final = 600.0
BACKFILL: Final = "backfill"


class Tides:
    """What the readers said; `now` is the `Present` that judgements ask."""

    def __init__(
        self, clock: WallClock, partitions: int, since: Callable[[], float] = monotonic, *, topics: int = 1
    ) -> None:
        """`partitions` of the topic that feeds put their markers in; of all `topics` of events each has so many."""
        self._clock = clock
        self._partitions = partitions
        self._places = range(partitions * topics)
        self._complete: dict[int, int] = {}
        self._feeds = Feeds(self._live)
        self._brings: dict[str, set[str]] = {}
        self._systems: dict[tuple[int, str], set[str]] = {}
        self._dirty: set[tuple[int, str]] = set()
        self._moved: set[int] = set()
        self._since, self._began = since, since()
        self._held = False

    def restore(self, tides: Iterable[Tide]) -> None:
        """What was stored at the last flush."""
        for tide in tides:
            self.take(tide)
        self._dirty.clear()
        self._moved.clear()

    def take(self, tide: Tide) -> None:
        if not tide.feed:
            self._complete[tide.partition] = max(tide.newest, self._complete.get(tide.partition, NEVER))
            self._moved.add(tide.partition)
            return
        self._dirty.add((tide.partition, tide.feed))
        feed = self._feeds.get(tide.feed)
        if tide.phase:
            feed.phases[tide.partition] = tide.phase
        feed.newest[tide.partition] = max(tide.newest, feed.newest.get(tide.partition, NEVER))
        feed.watermark = max(feed.watermark, tide.newest)
        self._systems.setdefault((tide.partition, tide.feed), set()).update(tide.systems)
        for system in tide.systems:
            self._brings.setdefault(system, set()).add(tide.feed)

    def take_changed(self, *, judged: bool) -> Iterator[Tide]:
        """What is to be stored.

        How complete partitions are is stored with what was `judged` by it, so that a judge that starts again never
        stands before that; otherwise it moves all the time, and is left out.
        """
        if judged:
            yield from [Tide(partition, "", "", self._complete[partition]) for partition in sorted(self._moved)]
            self._moved.clear()
        changed, self._dirty = sorted(self._dirty), set()
        for partition, name in changed:
            feed = self._feeds.get(name)
            systems = tuple(sorted(self._systems.get((partition, name), ())))
            yield Tide(partition, name, feed.phases.get(partition, ""), feed.newest[partition], systems)

    def now(self, feed: str, system: str = "", /) -> int:
        """The present of a change that came by `feed` and should be seen in `system`; NEVER: judge nothing yet."""
        others = [name for name in self._brings.get(system, ()) if self._feeds.get(name).phase == BACKFILL]
        return min(map(self._present, {feed, *others}))

    def _present(self, name: str) -> int:
        feed = self._feeds.get(name)
        if feed.phases and len(feed.phases) < self._partitions:
            return NEVER  # its marker is on every partition: the others have not been read so far
        return feed.now(self._live)

    def _live(self) -> int:
        """The moment up to which everything is known."""
        complete = min((self._complete.get(number, NEVER) for number in self._places), default=NEVER)
        hold = int(LONGEST_HOLD_SECONDS * 1e6)
        latest = self._clock() - hold
        if complete >= latest or self._since() - self._began < LONGEST_HOLD_SECONDS:
            self._held = self._held and complete < latest
            return complete
        if not self._held:
            log.warning("judging what targets miss although not all events are read: the input is incomplete")
            self._held = True
        return latest
