"""One flush: facts, then messages, then state, then the commit; repeated byte for byte until it is through.

The order is the whole guarantee. Facts first, because state is made of them. Internal messages are
acknowledged before any state says that they were sent. Offsets come last; whatever fails before is
done again, and every step may be done twice. A row that the store can never take goes aside (`refused.py`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from time import time_ns
from typing import Any, NamedTuple

import structlog

from metrics.words import DeadLetter
from streams.engine.insist import insist
from streams.engine.ports import StoreWriter
from streams.engine.refused import store_block

log = structlog.get_logger(__name__)


class Position(NamedTuple):
    """How far a partition was read: the next offset, the end of its log when last seen, its newest event time.

    `read_to` is when the newest record read came, in microseconds (0: not known); `left_us`, until the worker's whole
    backlog is read (-1: not known).
    """

    next_offset: int
    high_water: int
    watermark: int
    read_to: int = 0
    left_us: int = -1


Partition = tuple[str, int]
Positions = dict[Partition, Position]


class Frozen(NamedTuple):
    """A flush that can be repeated byte for byte: blocks of facts, messages to send, blocks of state, offsets."""

    facts: Sequence[Any]
    outbox: Sequence[Any]
    state: Sequence[Any]
    positions: Positions


def no_stage(name: str) -> None:
    """Called at each arrow of the flush; tests stop the worker there."""


def no_letters(letters: Sequence[DeadLetter]) -> None:
    """Called with the dead letters of rows that the store refused; workers count them."""


class Flusher:
    """Brings frozen flushes to rest."""

    def __init__(
        self,
        writer: StoreWriter,
        send: Callable[[Sequence[Any]], Awaitable[None]],
        commit: Callable[[Mapping[Partition, int]], Awaitable[None]],
        on_stage: Callable[[str], None] = no_stage,
        on_refused: Callable[[Sequence[DeadLetter]], None] = no_letters,
    ) -> None:
        self._writer = writer
        self._send = send
        self._commit = commit
        self._on_stage = on_stage
        self._on_refused = on_refused

    async def flush(self, frozen: Frozen) -> None:
        """Returns only when everything is stored and committed. Raises TooManyRefused."""
        upto = {partition: at.next_offset for partition, at in frozen.positions.items()}
        self._on_stage("frozen")
        await self._store(frozen.facts, "fact", upto)
        self._on_stage("facts")
        if frozen.outbox:
            await self._send(frozen.outbox)
        self._on_stage("messages")
        await self._store(frozen.state, "state", upto)
        self._on_stage("state")
        if upto:
            await self._commit(upto)
        self._on_stage("committed")

    async def _store(self, blocks: Sequence[Any], kind: str, upto: Mapping[Partition, int]) -> None:
        for block in blocks:
            attempt = partial(asyncio.to_thread, store_block, self._writer, block, upto, _now)
            if letters := await insist(attempt, block.table):
                log.error("the store refused rows for good", table=block.table, rows=len(letters))
                self._on_refused(letters)
            self._on_stage(f"{kind}:{block.table}")


def _now() -> int:
    """Microseconds since 1970 UTC: when a letter was made, never what a row says."""
    return time_ns() // 1000
