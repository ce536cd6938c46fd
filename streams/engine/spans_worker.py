"""The worker of spans: decode, note what they refer to, flush. It keeps no state between flushes but the pauses."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from metrics.figures.rules import FigureRules, load_figure_rules
from metrics.health.judging import Judging
from metrics.health.measures import CALLS, MEASURES, Naming
from metrics.privacy.opened import Privacy
from metrics.words import DeadLetter
from streams import topics
from streams.correlation.messages import Message
from streams.dead_letters.gate import PauseBook
from streams.dead_letters.span_envelopes import Envelopes
from streams.dead_letters.span_sieve import SpanBatch, SpanSieve
from streams.dead_letters.watch import PauseWatch
from streams.engine.epochs import take_epoch
from streams.engine.event_rows import dead_letter_columns
from streams.engine.exemplars import newest_trace
from streams.engine.feeds import WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.health import HealthKeeper
from streams.engine.lifecycle import COLLECT_SECONDS, BatchWorker
from streams.engine.observed import Observed
from streams.engine.ports import Reader, StoreWriter
from streams.engine.progress import committed
from streams.privacy.span_attributes import PrivateSpans
from streams.spans.buffer import SpanBuffer
from streams.transport.batch import RecordBatch

WORKER = "spans"
SPANS_A_FLUSH = 20_000


class SpansWorker(BatchWorker):
    """Stores spans and their references; which cases they belong to is a join at read time.

    The source that goes over its limit and is paused is the spans' service.
    """

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
        privacy: Privacy | None = None,
        closing: FigureRules | None = None,
        naming: Naming | None = None,
        on_stage: Callable[[str], None] = no_stage,
    ) -> None:
        super().__init__(observed)
        self._private = PrivateSpans(privacy.policy, privacy.tokens) if privacy else None
        self._buffer = SpanBuffer(span_keys, private=self._private)
        self._envelopes = Envelopes()
        self._aside: list[DeadLetter] = []
        self._reader = reader
        self._writer = writer
        self._incarnation = incarnation
        self._clock = clock
        self._book = PauseBook(clock)
        self._sieve = SpanSieve(self._book.names)
        self._watch = PauseWatch(self._book, reader, writer, clock)
        self._flusher = Flusher(writer, _send_nothing, commit, on_stage, observed.buried)
        self._freezer = Freezer(writer, worker=WORKER, epoch=0, incarnation=incarnation, clock=clock)
        self._judges = False
        measures, closing = (MEASURES[CALLS],), closing or load_figure_rules()
        judging = Judging(reader, writer, WORKER, measures, naming or Naming(), closing, clock)
        self._health = HealthKeeper(judging, self._judging_version, lambda: self.progress.caught_up)

    async def load(self, partitions: frozenset[Partition]) -> None:
        self._clear()
        self._judges = (topics.SPANS, 0) in partitions
        epoch = take_epoch(self._reader, self._writer, worker=WORKER, incarnation=self._incarnation, clock=self._clock)
        self._freezer = Freezer(
            self._writer, worker=WORKER, epoch=epoch, incarnation=self._incarnation, clock=self._clock
        )
        self.progress.start_at(committed(self._reader, self._incarnation, WORKER))

    async def run_ticks(self, collect_seconds: float = COLLECT_SECONDS) -> None:
        """Ticks, and beside them the judging of health."""
        judging = asyncio.ensure_future(self._health.run())
        try:
            await super().run_ticks(collect_seconds)
        finally:
            judging.cancel()

    def _judging_version(self) -> int | None:
        """The version to store judged hours with; None when that is another worker's to do, or has to wait."""
        return self._freezer.next_version() if self.has_time_for_rounds() and self._judges else None

    async def gather(self, batch: RecordBatch) -> int:
        """Spans are read when they are stored; until then the log's own time says how far it is."""
        await self._watch.look()
        kept, aside = self._sieve.apply(SpanBatch(batch.topic, batch.partition, batch.records), self._incarnation)
        self._envelopes.note(kept)
        self._aside += aside
        self._buffer.add(kept, self._incarnation)
        return batch.records[-1][1] * 1_000

    async def freeze(self) -> Frozen:
        tables = self._buffer.rows()
        self.observed.traced(newest_trace(tables["spans"]["trace_id"]) if "spans" in tables else "")
        if self._private is not None and "span_refs" in tables:
            tables["span_refs"] = self._private.refs(tables["span_refs"])
        letters = [*self._aside, *map(self._envelopes.restored, self._buffer.dead_letters)]
        self._book.observe(_counted(tables["spans"]["service"]) if "spans" in tables else {}, letters)
        if letters:
            tables["dead_letters"] = dead_letter_columns(letters)
            self.observed.dead(topics.SPANS, Counter(letter.reason for letter in letters))
        return self._watch.with_pauses(self._freezer.freeze_facts(tables, self.progress.take()))

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self._clear()

    def is_due(self) -> bool:
        return len(self._buffer) >= SPANS_A_FLUSH

    def _clear(self) -> None:
        self._buffer.clear()
        self._envelopes.clear()
        self._aside = []


def _counted(column: Any) -> dict[str, int]:
    """How often each text stands in a column."""
    values = column if isinstance(column, pa.Array) else pa.array(column, pa.string())
    return {one["values"]: one["counts"] for one in values.value_counts().to_pylist()}


async def _send_nothing(messages: Sequence[Message]) -> None:
    """Spans cause no messages."""
