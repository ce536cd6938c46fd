"""The worker of data quality: it reads events for facts, and facts for findings, each from a topic of its own.

The topic of facts has one partition: all that an alias or a fingerprint may join has one judge. The order of its flush
is that of the other workers: messages are acknowledged, then facts and findings are stored, then offsets are committed.
Whatever is read again after a crash gives the same facts, and so the same findings.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from time import monotonic

import structlog

from metrics.guards.model import Guards
from metrics.privacy.opened import Privacy
from metrics.quality.model import Domains
from metrics.quality.observing import Observer
from streams import topics
from streams.codecs.cloudevents import decode_batch
from streams.engine.cases_worker import Read
from streams.engine.epochs import take_epoch
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.insist import insist
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.ports import Reader, StoreWriter
from streams.engine.progress import committed
from streams.lasting_producer import LastingProducer
from streams.producer import Outgoing
from streams.quality.judge import Judge
from streams.quality.messages import pack, unpack
from streams.quality.reading import Reading
from streams.quality.stored import QualityStore, rows_of
from streams.quality.subjects import Subjects
from streams.quality.tides import Tides
from streams.transport.batch import RecordBatch

log = structlog.get_logger(__name__)

WORKER = "quality"
TIDE_SECONDS = 5.0
"""How often a reader with nothing new says that time passes: so late at most is a change found missing."""

Send = Callable[[Sequence[bytes]], Awaitable[None]]


class QualityWorker(BatchWorker):
    """Reads events for facts, and judges the facts of its partitions."""

    def __init__(
        self,
        domains: Domains,
        guards: Guards,
        observer: Observer,
        reader: Reader,
        writer: StoreWriter,
        send: Send,
        commit: Callable[[Mapping[Partition, int]], Awaitable[None]],
        *,
        partitions: int,
        observed: Observed,
        incarnation: str,
        clock: WallClock,
        privacy: Privacy | None = None,
        on_stage: Callable[[str], None] = no_stage,
    ) -> None:
        super().__init__(observed)
        self._domains = domains
        self._guards = guards
        self._observer = observer
        self._reader = reader
        self._writer = writer
        self._guard = privacy.guard() if privacy else None
        self._partitions = partitions
        self._incarnation = incarnation
        self._clock = clock
        self._store = QualityStore(reader)
        self._flusher = Flusher(writer, send, commit, on_stage, observed.buried)
        self._tides = Tides(clock, partitions, topics=len(topics.EVENT_TOPICS))
        self._begin(epoch=0, partitions=frozenset())

    def _begin(self, epoch: int, partitions: frozenset[Partition]) -> None:
        self._reading = Reading(self._observer)
        self._events = [self._place(*one) for one in partitions if one[0] != topics.QUALITY]
        self._judges = any(topic == topics.QUALITY for topic, _ in partitions)
        self._told = monotonic()
        self._stands = False
        self._freezer = Freezer(
            self._writer, worker=WORKER, epoch=epoch, incarnation=self._incarnation, clock=self._clock
        )

    async def load(self, partitions: frozenset[Partition]) -> None:
        epoch = take_epoch(self._reader, self._writer, worker=WORKER, incarnation=self._incarnation, clock=self._clock)
        self._begin(epoch, partitions)
        self._tides = Tides(self._clock, self._partitions, topics=len(topics.EVENT_TOPICS))
        self._subjects = Subjects(self._store, complete=self._store.is_empty())
        self.judge = Judge(self._domains, self._subjects, self._tides, self._store.known_types(), self._guards)
        if self._judges:
            self._tides.restore(self._store.tides())
            self.judge.open.update(self._store.open_findings())
            for subject, wakes in self._store.pending():
                self.judge.wake(subject, wakes)
            self.judge.reconsider(self._store.open_subjects())
        self.progress.start_at(committed(self._reader, self._incarnation, WORKER))
        log.info("partitions taken over", epoch=epoch, events=self._events, judges=self._judges)

    async def gather(self, batch: RecordBatch) -> int:
        if batch.topic == topics.QUALITY:
            for record in batch.records:
                observations = unpack(record[3] or b"")
                self.judge.take(observations.facts)
                for tide in observations.tides:
                    self._tides.take(tide)
            return NEVER
        records = [Read(batch.topic, batch.partition, *record) for record in batch.records]
        events, markers, _ = decode_batch(records, self._incarnation)
        if self._guard is not None:
            events = self._guard.backstop(events)
        at_end = batch.last_offset + 1 >= batch.high_water
        self._reading.read(self._place(batch.topic, batch.partition), events, markers, at_end=at_end)
        return max((event.time for event in events), default=NEVER)

    async def freeze(self) -> Frozen:
        await insist(partial(asyncio.to_thread, self.judge.prepare), "facts of objects")
        self._look_whether_caught_up()
        facts, tides = self._reading.take(self._clock(), quietly=not self._ebbed())
        if tides:
            self._told = monotonic()
        verdict = self.judge.verdict()
        self.observed.quality(Counter(fact.kind for fact in verdict.facts), self.judge.open)
        rows = rows_of(verdict, [*self._tides.take_changed(judged=any(verdict))], self._clock())
        return self._freezer.freeze_mapped((), [*pack(facts, tides)], rows, self.progress.take())

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self._subjects.evict()

    def _place(self, topic: str, partition: int) -> int:
        return topics.place_of(topic, partition, self._partitions)

    def is_due(self) -> bool:
        return self.judge.is_due() or (bool(self._events) and self._ebbed())

    def _ebbed(self) -> bool:
        """Whether it is time to say that nothing came, and true."""
        return monotonic() - self._told >= TIDE_SECONDS and self.progress.caught_up

    def _look_whether_caught_up(self) -> None:
        """A partition that had nothing to read since the assignment is read to its end as soon as the others are."""
        if not self._stands and self.progress.caught_up:
            self._stands = True
            for partition in self._events:
                self._reading.stands_unless_read(partition)


def tell_judge(producer: LastingProducer) -> Send:
    """A function that sends records to the judge and returns once they are acknowledged."""

    async def send(records: Sequence[bytes]) -> None:
        outgoing: list[Outgoing] = [(None, value, [], 0, None) for value in records]
        await producer.send_many(topics.QUALITY, outgoing)
        await producer.flush()

    return send
