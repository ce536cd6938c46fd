"""What every worker program does around its own work: take batches, flush in time, know whose turn it is.

A worker holds partitions for one generation of its consumer group. What it gathered and did not flush is
dropped when they are taken away: whoever owns them next reads it again from the committed offsets.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic

import structlog

from streams.engine.flush import Frozen, Partition
from streams.engine.insist import insist
from streams.engine.observed import Observed
from streams.engine.progress import Progress
from streams.engine.restraint import Restraint
from streams.transport.batch import NotOwner, RecordBatch
from streams.transport.collector import collect_all, collect_young, spare_young

log = structlog.get_logger(__name__)

FLUSH_RECORDS = 50_000
"""Records that make a flush at once. Only a history comes so fast; the more of it a flush holds, the fewer rows a
case gets: against 20,000 the store front spends 15 us less an event, the worker 6 (whole job, 100,000 events)."""
FLUSH_SECONDS = 0.5
BACKLOG_RECORDS = 5_000
BACKLOG_SECONDS = 6.0
"""How old the oldest record may get while so many more wait behind it: nobody sees the newest yet anyway, they are read
in a tenth of a second, and each flush writes its cases down once more. What falls due meanwhile waits as long."""
TICK_SECONDS = 0.1
COLLECT_SECONDS = 60.0
"""So long at most garbage lies uncollected where nothing arrives that would be flushed."""


class BatchWorker(ABC):
    """Gathers batches under one lock and flushes them by count, age or the passing of time."""

    def __init__(self, observed: Observed, clock: Callable[[], float] = monotonic) -> None:
        """`clock` is seconds that never go back."""
        self.observed = observed
        self.progress = Progress({})
        self.generation = 0
        self.flushed = 0
        self._lock = asyncio.Lock()
        self._oldest: float | None = None
        self._unstored = 0
        self._steady = clock
        self._restraint = Restraint(clock)
        self._urgent = False
        self._collected = monotonic()

    @abstractmethod
    async def gather(self, batch: RecordBatch) -> int:
        """Take a batch in; returns its newest event time in microseconds (NEVER: it has none)."""

    @abstractmethod
    async def freeze(self) -> Frozen:
        """Everything gathered since the last flush, ready to be sent."""

    @abstractmethod
    async def bring_to_rest(self, frozen: Frozen) -> None:
        """Store and commit."""

    @abstractmethod
    def is_due(self) -> bool:
        """Whether time alone has made something worth a flush."""

    async def take(self, batch: RecordBatch) -> None:
        """One batch of the stream. A batch of an earlier generation is somebody else's by now."""
        async with self._lock:
            if batch.generation != self.generation:
                return
            partition = (batch.topic, batch.partition)
            if self.progress.goes_back(partition, batch.first_offset):
                self.generation = 0
                log.warning("offsets begin again: this is a new log, which is left to the next assignment")
                return
            newest = await self.gather(batch)
            self.observed.read(batch.topic, len(batch))
            came = batch.records[-1][1] * 1000
            self.progress.advance(partition, batch.last_offset + 1, batch.high_water, newest, len(batch), came)
            self._unstored += len(batch)
            self._urgent |= batch.urgent
            if self._oldest is None:
                self._oldest = self._steady()
            if self.progress.records >= FLUSH_RECORDS:
                await self._flush()

    async def tick(self) -> None:
        """Let time pass: flush what has waited long enough, and what fell due while nothing arrived."""
        async with self._lock:
            if self.generation <= 0:
                return
            behind = self.progress.backlog > BACKLOG_RECORDS
            patience = BACKLOG_SECONDS if behind else FLUSH_SECONDS
            waited = self._oldest is not None and self._steady() - self._oldest >= patience
            due = self.is_due() and not behind
            if waited or self._urgent or due:
                await self._flush()

    def has_time_for_rounds(self) -> bool:
        """Whether work beside the flushes may be done (see `Restraint`)."""
        return self._restraint.allows(self.progress.backlog + self._unstored) and self.generation > 0

    async def run_ticks(self, collect_seconds: float = COLLECT_SECONDS) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await self.tick()
            if monotonic() - self._collected >= collect_seconds:
                self._collect()

    async def stop(self) -> None:
        """Flush and commit what is gathered."""
        async with self._lock:
            if self.generation > 0:
                await self._flush()

    async def _flush(self) -> None:
        self._oldest, self._urgent = None, False
        large = self._unstored > BACKLOG_RECORDS
        if large:
            self._collect()
        frozen = await self.freeze()
        if large:
            spare_young()
        else:
            self._collect()
        try:
            with self.observed.flush(frozen):
                await self.bring_to_rest(frozen)
        except NotOwner as error:
            self.generation = 0
            log.warning(
                "these partitions belong to another worker now; what was gathered is left to it", error=str(error)
            )
            return
        self.flushed += 1
        self._unstored = 0
        self.observed.backlog(self.progress.standing)

    def _collect(self) -> None:
        collect_young()
        self._collected = monotonic()

    async def hand_over(self) -> None:
        """The partitions are taken away. A flush under way ends by itself: its rows are older than the next owner's."""
        self.generation = 0
        self._oldest, self._urgent = None, False
        self.observed.owns_partitions = False

    async def take_over(self, generation: int, ends: Mapping[Partition, int]) -> None:
        async with self._lock:
            self.progress = Progress(ends)
            self._oldest, self._unstored = None, 0
            self._restraint.start_over()
            await insist(partial(self.load, frozenset(ends)), "state of the partitions")
            collect_all()
            self.generation = generation
            self.observed.owns_partitions = True

    @abstractmethod
    async def load(self, partitions: frozenset[Partition]) -> None:
        """Take an epoch and rebuild the state of what was assigned; made again when the store is away."""
