"""One flush: facts, then messages, then state, then the commit; repeated byte for byte until it is through.

The order is the whole guarantee. Facts first, because state is made of them. Internal messages are
acknowledged before any state says that they were sent. Case rows stand before object rows: an object
that knows of a case proves that the case has its events. Offsets come last; whatever fails before is
done again, and every step may be done twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import structlog

from metrics.store.errors import StoreUnavailable
from streams.cases.rows import case_columns, case_event_columns
from streams.correlation.messages import Message
from streams.engine import event_rows as rows
from streams.engine.engine import Harvest
from streams.engine.feeds import WallClock
from streams.engine.ports import StoreWriter

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
SEQUENCE_BITS = 40

Columns = Mapping[str, Sequence[Any]]


class Position(NamedTuple):
    """How far a partition was read: the next offset, the end of its log when last seen, its newest event time."""

    next_offset: int
    high_water: int
    watermark: int


Positions = dict[tuple[str, int], Position]
Stage = Callable[[str], None]


def _no_stage(name: str) -> None:
    """Called at each arrow of the flush; tests stop the worker there."""


class Frozen(NamedTuple):
    """A flush that can be repeated byte for byte."""

    facts: list[Any]
    outbox: list[Message]
    state: list[Any]
    positions: Positions


class Flusher:
    """Writes what the engine harvested. `epoch` orders this worker's state rows above all earlier ones."""

    def __init__(
        self,
        writer: StoreWriter,
        send: Callable[[Sequence[Message]], Awaitable[None]],
        commit: Callable[[Mapping[tuple[str, int], int]], Awaitable[None]],
        *,
        worker: str,
        epoch: int,
        incarnation: str,
        clock: WallClock,
        on_stage: Stage = _no_stage,
    ) -> None:
        self._writer = writer
        self._send = send
        self._commit = commit
        self._worker = worker
        self._version = epoch << SEQUENCE_BITS
        self._incarnation = incarnation
        self._clock = clock
        self._on_stage = on_stage

    async def flush(self, harvest: Harvest, positions: Positions) -> None:
        """Bring one harvest to rest. Returns only when everything is stored and committed."""
        frozen = await asyncio.to_thread(self.freeze, harvest, positions)
        self._on_stage("frozen")
        await self._store(frozen.facts)
        self._on_stage("facts")
        if frozen.outbox:
            await self._send(frozen.outbox)
        self._on_stage("messages")
        await self._store(frozen.state, each="state")
        self._on_stage("state")
        await self._commit({partition: position.next_offset for partition, position in positions.items()})
        self._on_stage("committed")

    def freeze(self, harvest: Harvest, positions: Positions) -> Frozen:
        """Turn a harvest into blocks of bytes."""
        self._version += 1
        now = self._clock()
        prepare = self._writer.prepare
        facts = [prepare(table, columns) for table, columns in self._facts(harvest, now) if _any(columns)]
        state = [prepare(table, columns) for table, columns in self._state(harvest, now) if _any(columns)]
        if positions:
            state.append(prepare("checkpoints", self._checkpoints(positions, now)))
        return Frozen(facts, harvest.outbox, state, positions)

    def _facts(self, harvest: Harvest, now: int) -> Iterator[tuple[str, Columns]]:
        yield "events", rows.event_columns(harvest.events)
        yield "dead_letters", rows.dead_letter_columns(harvest.dead_letters)
        yield "markers", rows.marker_columns(harvest.markers, now)
        yield "case_events", case_event_columns(harvest.cases, self._version)

    def _state(self, harvest: Harvest, now: int) -> Iterator[tuple[str, Columns]]:
        yield "late_events", rows.late_columns(harvest.late, now)
        yield "transitions", rows.transition_columns(harvest.transitions, self._version, now)
        yield "restatements", rows.restatement_columns(harvest.restatements, now)
        yield "cases", case_columns(harvest.cases, self._version)
        yield "objects", rows.object_columns(harvest.objects, self._version)
        yield "feeds", rows.feed_columns(harvest.feeds, self._version)

    def _checkpoints(self, positions: Positions, now: int) -> Columns:
        count = len(positions)
        return {
            "worker": [self._worker] * count,
            "topic": [topic for topic, _ in positions],
            "partition": [partition for _, partition in positions],
            "version": [self._version] * count,
            "incarnation": [self._incarnation] * count,
            "committed": [position.next_offset for position in positions.values()],
            "high_water": [position.high_water for position in positions.values()],
            "watermark": [position.watermark for position in positions.values()],
            "flushed_at": [now] * count,
        }

    async def _store(self, blocks: Sequence[Any], each: str = "fact") -> None:
        for block in blocks:
            await self._insist(block)
            self._on_stage(f"{each}:{block.table}")

    async def _insist(self, block: Any) -> None:
        """Send one block until the store takes it, with growing pauses; Kafka holds the pressure meanwhile."""
        pause = FIRST_PAUSE
        while True:
            try:
                await asyncio.to_thread(self._writer.send, block)
                return
            except StoreUnavailable as error:
                log.warning("the store is unavailable; trying again", table=block.table, pause=pause, error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


def _any(columns: Columns) -> bool:
    return any(len(values) for values in columns.values())
