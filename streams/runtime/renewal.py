"""Keeps the embedded broker's memory bounded: a log that outgrew its limit is replaced when all of it was read.

The broker has no retention and refuses to delete records, so only a new start frees memory. The simulator
stops first; when the workers have committed everything, what they sent each other included, they and the broker
start again: an empty log under a new incarnation, which is written down with nothing unread. What another producer
sends between the last look and the broker's end, a few milliseconds, goes with the old log.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError

from streams import topics
from streams.broker.offsets import OffsetsUnknown
from streams.broker.trim import lag

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
DRAIN_SECONDS = 60
AGAIN_SECONDS = 300.0
"""After a try in vain: the stack is not to stand still all the time."""
READERS = {
    "flowglass-cases": [*topics.EVENT_TOPICS.values(), topics.DELIVERIES],
    "flowglass-spans": [topics.SPANS],
    "flowglass-sources": [topics.NATIVE],
    "flowglass-quality": [*topics.EVENT_TOPICS.values(), topics.QUALITY],
}
MIB = 1 << 20


def is_drained(address: str, wait: Callable[[float], None], patience: int = DRAIN_SECONDS) -> bool:
    """Whether everything in the broker was read and committed, after up to `patience` seconds of waiting for it."""
    for _ in range(patience):
        try:
            if not asyncio.run(lag(address, READERS)):
                return True
        except (OffsetsUnknown, KafkaError, OSError):
            return False
        wait(1.0)
    return False


class Programs(Protocol):
    """Stops and starts programs of the stack by name; none of it counts as a death."""

    def stop_some(self, names: tuple[str, ...]) -> None: ...
    def start_some(self, names: tuple[str, ...]) -> None: ...


class Renewal:
    """Looks at the broker's size now and then, and replaces it when it is both too large and drained.

    `size` gives the broker's memory in bytes, None while it does not run; `limit` is in bytes.
    """

    def __init__(
        self,
        programs: Programs,
        *,
        producers: tuple[str, ...],
        readers: tuple[str, ...],
        drained: Callable[[], bool],
        size: Callable[[], int | None],
        limit: int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._programs = programs
        self._producers = producers
        self._readers = readers
        self._drained = drained
        self._size = size
        self._limit = limit
        self._clock = clock
        self._next = clock() + LOOK_SECONDS

    def look(self) -> bool:
        """Called every round; returns whether the broker was replaced."""
        if self._clock() < self._next:
            return False
        self._next = self._clock() + LOOK_SECONDS
        size = self._size()
        if size is None or size < self._limit:
            return False
        return self._renew(size)

    def _renew(self, size: int) -> bool:
        log.info("the broker is full; replacing it once all of it is read", mib=size // MIB, limit=self._limit // MIB)
        self._programs.stop_some(self._producers)
        if not self._drained():
            self._next = self._clock() + AGAIN_SECONDS
            log.warning("records in the broker stay unread; it goes on growing", next_try_in=AGAIN_SECONDS)
            self._programs.start_some(self._producers)
            return False
        everything = ("broker", *self._readers, *self._producers)
        self._programs.stop_some(everything)
        self._programs.start_some(everything)
        log.info("an empty broker took over; nothing was unread")
        if (self._size() or 0) >= self._limit:
            self._next = self._clock() + AGAIN_SECONDS
            log.warning("the limit is too low: an empty broker has reached it", next_try_in=AGAIN_SECONDS)
        return True
