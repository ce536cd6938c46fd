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

from metrics.privacy.masking import shape
from metrics.privacy.opened import Privacy
from metrics.words import DeadLetter, Event
from streams import topics
from streams.codecs.encoding import encode
from streams.dead_letters.system_gate import SystemGate, whole
from streams.dead_letters.watch import PauseWatch
from streams.engine.epochs import take_epoch
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.insist import insist
from streams.engine.lifecycle import BatchWorker
from streams.engine.observed import Observed
from streams.engine.ports import Reader, StoreWriter
from streams.event_routes import Route, one_topic
from streams.lasting_producer import LastingProducer
from streams.privacy.snapshots import SealedSnapshots
from streams.producer import Outgoing
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.memory import Rehearsed, SnapshotMemory
from streams.sources.message import Message, Outcome
from streams.sources.native import FEED, Addressed, addressed, question
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
        privacy: Privacy | None = None,
        on_stage: Callable[[str], None] = no_stage,
        route: Route = one_topic,
    ) -> None:
        """`privacy` None: everything goes on as the mappings give it. `route`: the topic of an event."""
        super().__init__(observed)
        self._systems = systems
        self._route = route
        self._guard = privacy.guard() if privacy else None
        self._sealed = SealedSnapshots(privacy.tokens, privacy.sealer) if privacy else None
        self._reader = reader
        self._writer = writer
        self._incarnation = incarnation
        self._clock = clock
        self._flusher = Flusher(writer, send, commit, on_stage, observed.buried)
        self._gate = SystemGate(clock)
        self._watch = PauseWatch(self._gate, reader, writer, clock)
        self._begin(epoch=0)

    def _begin(self, epoch: int) -> None:
        fetch = fetch_from(self._reader)
        self._memory = SnapshotMemory(self._sealed.opening(fetch) if self._sealed else fetch)
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
        await self._watch.look()
        before = len(self._letters)
        messages, unread = addressed(batch, self._incarnation, self._systems)
        messages, aside = self._gate.admit(messages)
        self._bury([*unread, *aside])
        ahead: dict[int, Rehearsed] = {}
        for at, (mapping, message) in enumerate(messages):
            known = ahead.get(at)
            if known is not None and self._memory.confirms(known):
                self._take(mapping, message, known.outcome)
                continue
            outcome = mapping.map(message, self._memory)
            if self._memory.wants:
                ahead = dict(enumerate(await self._rehearse(messages[at:]), at))
                outcome = mapping.map(message, self._memory)
            self._take(mapping, message, outcome)
        self._letters[before:] = whole(self._letters[before:], batch.records)
        self._gate.judge(messages, self._letters[before:])
        return NEVER

    async def _rehearse(self, ahead: Sequence[Addressed]) -> list[Rehearsed]:
        """Learn which snapshots the messages ahead ask for, by mapping them, and fetch all at once.

        Most give the same when their turn comes: they ask for nothing, or for what the store does not know either.
        """
        memory = self._memory
        found = [memory.rehearse(partial(mapping.map, message, memory)) for mapping, message in ahead]
        await insist(partial(asyncio.to_thread, memory.fetch), "snapshots of sources")
        return found

    def _take(self, mapping: SystemMapping, message: Message, outcome: Outcome) -> None:
        self._memory.remember(outcome.state, simulated=message.simulated)
        protect = self._guard.protect if self._guard else _as_it_is
        for event in outcome.events:
            said = _as_told(protect(event), message)
            key, value, headers = encode(said)
            self._outbox.append((self._route(said), (key, value, headers, None, None)))
        asked = (question(mapping.name, mapping.source, one) for one in outcome.enrichments)
        self._outbox += [(topics.ENRICHMENTS, one) for one in asked]
        self._bury(outcome.letters)
        for table, word in outcome.unknown_words:
            told = shape(word[:100]) if self._guard else word[:100]
            log.warning("a status that the mapping does not know", system=mapping.name, table=table, word=told)

    def _bury(self, letters: Sequence[DeadLetter]) -> None:
        if letters:
            self._letters += letters
            self.observed.dead(topics.NATIVE, Counter(letter.reason for letter in letters))

    async def freeze(self) -> Frozen:
        changed, letters, outbox = self._memory.take_changed(), self._letters, self._outbox
        self._letters, self._outbox = [], []
        if self._guard:
            self.observed.covered(self._guard.take_dropped(), self._guard.take_unknown())
        state = {TABLE: partial(state_rows, self._sealed.closed(changed) if self._sealed else changed)}
        return self._watch.with_pauses(self._freezer.freeze_mapped(letters, outbox, state, self.progress.take()))

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self._memory.evict()

    def is_due(self) -> bool:
        return False


def send_through(producer: LastingProducer) -> Send:
    """A function that sends records to their topics and returns once all are acknowledged."""

    async def send(records: Sequence[tuple[str, Outgoing]]) -> None:
        by_topic: dict[str, list[Outgoing]] = {}
        for topic, record in records:
            by_topic.setdefault(topic, []).append(record)
        for topic, outgoing in by_topic.items():
            await producer.send_many(topic, outgoing)
        await producer.flush()

    return send


def _as_it_is(event: Event) -> Event:
    return event


def _as_told(event: Event, message: Message) -> Event:
    """The event with what the message's headers say of its feed."""
    feed = message.headers.get(FEED)
    if feed or (message.simulated and not event.simulated):
        simulated = message.simulated or event.simulated
        return msgspec.structs.replace(event, feed=feed or event.feed, simulated=simulated)
    return event
