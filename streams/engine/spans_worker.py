"""The worker of spans: decode, note what they refer to, flush. It keeps no state between flushes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from streams.correlation.messages import Message
from streams.engine.epochs import take_epoch
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.ports import Reader, StoreWriter
from streams.spans.buffer import SpanBuffer
from streams.transport.batch import RecordBatch

WORKER = "spans"


class SpansWorker(BatchWorker):
    """Stores spans and their references; which cases they belong to is a join at read time."""

    def __init__(
        self,
        span_keys: Mapping[str, str],
        reader: Reader,
        writer: StoreWriter,
        commit: Callable[[Mapping[Partition, int]], Awaitable[None]],
        *,
        observed: Observed,
        incarnation: str,
        clock: WallClock,
        on_stage: Callable[[str], None] = no_stage,
    ) -> None:
        super().__init__(observed)
        self._buffer = SpanBuffer(span_keys)
        self._reader = reader
        self._writer = writer
        self._incarnation = incarnation
        self._clock = clock
        self._flusher = Flusher(writer, _send_nothing, commit, on_stage)
        self._freezer = Freezer(writer, worker=WORKER, epoch=0, incarnation=incarnation, clock=clock)

    async def load(self, partitions: frozenset[Partition]) -> None:
        self._buffer.clear()
        epoch = take_epoch(self._reader, self._writer, worker=WORKER, incarnation=self._incarnation, clock=self._clock)
        self._freezer = Freezer(
            self._writer, worker=WORKER, epoch=epoch, incarnation=self._incarnation, clock=self._clock
        )

    async def gather(self, batch: RecordBatch) -> int:
        self._buffer.add(batch, self._incarnation)
        return NEVER

    async def freeze(self) -> Frozen:
        return self._freezer.freeze_facts(self._buffer.rows(), self.progress.take())

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self._buffer.clear()

    def is_due(self) -> bool:
        return len(self._buffer) >= SPANS_A_FLUSH


SPANS_A_FLUSH = 20_000


async def _send_nothing(messages: Sequence[Message]) -> None:
    """Spans cause no messages."""
