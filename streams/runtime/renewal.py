"""Keeps the embedded broker's memory bounded: a log that outgrew its limit is replaced when all of it was read.

The broker has no retention and refuses to delete records, so only a new start frees memory. The simulator
stops first; when the workers have committed everything, an empty broker takes the old one's place under a
new incarnation, which the workers notice and the pages show (with nothing lost).
"""

import asyncio
from collections.abc import Callable
from time import monotonic

import structlog

from streams import topics
from streams.broker.offsets import OffsetsUnknown
from streams.broker.trim import DEFAULT_LIMIT, lag, resident_bytes
from streams.runtime.child import Child

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
DRAIN_SECONDS = 60
READERS = {"flowglass-cases": [topics.EVENTS], "flowglass-spans": [topics.SPANS]}


def is_drained(address: str, wait: Callable[[float], None], patience: int = DRAIN_SECONDS) -> bool:
    """Whether everything in the broker was read and committed, after up to `patience` seconds of waiting for it."""
    for _ in range(patience):
        try:
            if not asyncio.run(lag(address, READERS)):
                return True
        except (OffsetsUnknown, OSError):
            return False
        wait(1.0)
    return False


class Renewal:
    """Looks at the broker's size now and then, and replaces it when it is both too large and drained."""

    def __init__(
        self,
        broker: Child,
        producer: Child | None,
        *,
        drained: Callable[[], bool],
        size: Callable[[int], int] = resident_bytes,
        limit: int = DEFAULT_LIMIT,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._broker = broker
        self._producer = producer
        self._drained = drained
        self._size = size
        self._limit = limit
        self._clock = clock
        self._next = clock() + LOOK_SECONDS

    def look(self, wait: Callable[[float], None]) -> bool:
        """Called every round; returns whether the broker was replaced."""
        if self._clock() < self._next:
            return False
        self._next = self._clock() + LOOK_SECONDS
        pid = self._broker.pid
        if pid is None or not self._broker.is_alive or self._size(pid) < self._limit:
            return False
        return self._renew(wait)

    def _renew(self, wait: Callable[[float], None]) -> bool:
        log.info("the broker's log has reached its limit; replacing it once all of it is read", limit=self._limit)
        if self._producer is not None:
            self._producer.stop()
        try:
            if not self._drained():
                return False
            self._broker.stop()
            self._broker.start(wait)
            return True
        finally:
            if self._producer is not None:
                self._producer.start(wait)
