"""Knows when everything is through: every partition's end marker is stored, and nothing is on its way any more."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from aiokafka import TopicPartition

from metrics.queries.analysis.rows import ReadSoFar
from metrics.store.queries import Queries
from streams import topics
from streams.broker.offsets import end_offsets

STALLED_SECONDS = 120.0


class Stalled(RuntimeError):
    """For two minutes nothing more was stored although something is left to read."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far the workers are: records read and stored, and those the log holds (None: not asked)."""

    read: int
    there: int | None
    marked: bool

    @property
    def is_through(self) -> bool:
        return self.marked and self.read == self.there


class Through:
    """Looks at the store and the log of one load. `feeds`: feed → partitions whose end marker is expected."""

    def __init__(
        self, queries: Queries, broker: str, incarnation: str, feeds: dict[str, int], partitions: dict[str, int]
    ) -> None:
        self._queries = queries
        self._broker = broker
        self._incarnation = incarnation
        self._feeds = feeds
        self._topics = frozenset(partitions)
        self._partitions = [TopicPartition(topic, n) for topic, count in partitions.items() for n in range(count)]
        self._best = -1
        self._since = monotonic()

    async def look(self) -> Stand:
        """The present stand. The log's ends are asked for last: what a stored record caused is in them already.

        Raises Stalled.
        """
        marked, read = await asyncio.to_thread(self._stored)
        there = None
        if marked:
            ends = await end_offsets(self._broker, self._partitions)
            there = sum(ends.values())
        if read > self._best:
            self._best, self._since = read, monotonic()
        elif monotonic() - self._since > STALLED_SECONDS:
            raise Stalled(f"nothing more was stored for {STALLED_SECONDS:.0f} s; {read:,} records are through")
        return Stand(read, there, marked)

    def _stored(self) -> tuple[bool, int]:
        rows = self._queries.rows("analysis/read_so_far", ReadSoFar, incarnation=self._incarnation)
        read = sum(row.next_offset for row in rows if row.topic in self._topics)
        marked = read > 0 and all(
            self._queries.value("analysis/end_markers", feed=feed, incarnation=self._incarnation) >= count
            for feed, count in self._feeds.items()
        )
        return marked, read


def watched_topics(*, spans: bool) -> tuple[str, ...]:
    """The topics that must be read to their ends."""
    return (topics.EVENTS, topics.DELIVERIES, topics.SPANS) if spans else (topics.EVENTS, topics.DELIVERIES)
