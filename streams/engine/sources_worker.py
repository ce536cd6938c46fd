"""The worker of native messages: map them, send the canonical events on, remember the snapshots.

The order of its flush is that of the cases worker: what could not be read is stored, the events are acknowledged by
the broker, then the snapshots are stored, then the offsets are committed. A message that is mapped again after a crash
gives the same events with the same ids.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import msgspec
import structlog

from metrics.words import DeadLetter, Event
from streams import topics
from streams.codecs.encoding import encode
from streams.engine.epochs import take_epoch
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.insist import insist
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.ports import Reader, StoreWriter
from streams.producer import Outgoing, Producer
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.memory import SnapshotMemory
from streams.sources.message import Message, Outcome
from streams.sources.native import Addressed, addressed, question
from streams.sources.stored import TABLE, fetch_from, state_rows
from streams.transport.batch import RecordBatch

log = structlog.get_logger(__name__)

WORKER = "sources"

Send = Callable[[Sequence[tuple[str, Outgoing]]], Awaitable[None]]


class SourcesWorker(BatchWorker):
    """Maps the messages of its partitions, in order."""

    def __init__(
        self,
        systems: Mapping[str, SystemMapping],
        reader: Reader,
        writer: StoreWriter,
        send: Send,
        commit: Callable[[Mapping[Partition, int]], Awaitable[None]],
        *,
        observed: Observed,
        incarnation: str,
        clock: WallClock,
        on_stage: Callable[[str], None] = no_stage,
    ) -> None:
        super().__init__(observed)
        self._systems = systems
        self._reader = reader
        self._writer = writer
        self._incarnation = incarnation
        self._clock = clock
        self._flusher = Flusher(writer, send, commit, on_stage)
        self._begin(epoch=0)

    def _begin(self, epoch: int) -> None:
        self._memory = SnapshotMemory(fetch_from(self._reader))
        self._outbox: list[tuple[str, Outgoing]] = []
        self._letters: list[DeadLetter] = []
        self._freezer = Freezer(
            self._writer, worker=WORKER, epoch=epoch, incarnation=self._incarnation, clock=self._clock
        )

    async def load(self, partitions: frozenset[Partition]) -> None:
        self._begin(
            take_epoch(self._reader, self._writer, worker=WORKER, incarnation=self._incarnation, clock=self._clock)
        )

    async def gather(self, batch: RecordBatch) -> int:
        messages, unread = addressed(batch, self._incarnation, self._systems)
        self._bury(unread)
        for at, (mapping, message) in enumerate(messages):
            outcome = mapping.map(message, self._memory)
            if self._memory.wants:
                await self._fetch(messages[at:])
                outcome = mapping.map(message, self._memory)
            self._take(mapping, message, outcome)
        return NEVER

    async def _fetch(self, ahead: Sequence[Addressed]) -> None:
        """Learn which snapshots the messages ahead ask for, by mapping them for nothing, and fetch all at once."""
        for mapping, message in ahead:
            mapping.map(message, self._memory)
        await insist(partial(asyncio.to_thread, self._memory.fetch), "snapshots of sources")

    def _take(self, mapping: SystemMapping, message: Message, outcome: Outcome) -> None:
        self._memory.remember(outcome.state, simulated=message.simulated)
        self._outbox += [(topics.EVENTS, _record(event, message)) for event in outcome.events]
        self._outbox += [(topics.ENRICHMENTS, question(mapping.source, asked)) for asked in outcome.enrichments]
        self._bury(outcome.letters)
        for table, word in outcome.unknown_words:
            log.warning("a status that the mapping does not know", system=mapping.name, table=table, word=word[:100])

    def _bury(self, letters: Sequence[DeadLetter]) -> None:
        if letters:
            self._letters += letters
            self.observed.dead(topics.NATIVE, Counter(letter.reason for letter in letters))

    async def freeze(self) -> Frozen:
        changed, letters, outbox = self._memory.take_changed(), self._letters, self._outbox
        self._letters, self._outbox = [], []
        return self._freezer.freeze_mapped(letters, outbox, {TABLE: partial(state_rows, changed)}, self.progress.take())

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self._memory.evict()

    def is_due(self) -> bool:
        return False


def send_through(producer: Producer) -> Send:
    """A function that sends records to their topics and returns once all are acknowledged."""

    async def send(records: Sequence[tuple[str, Outgoing]]) -> None:
        by_topic: dict[str, list[Outgoing]] = {}
        for topic, record in records:
            by_topic.setdefault(topic, []).append(record)
        for topic, outgoing in by_topic.items():
            await producer.send_many(topic, outgoing)
        await producer.flush()

    return send


def _record(event: Event, message: Message) -> Outgoing:
    if message.simulated and not event.simulated:
        event = msgspec.structs.replace(event, simulated=True)
    key, value, headers = encode(event)
    return key, value, headers, None, None
