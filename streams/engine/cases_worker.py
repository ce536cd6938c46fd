"""The worker of business events: decode, correlate, fold, flush."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from time import monotonic
from typing import Any

import msgspec
import structlog

from metrics.contracts.checker import Breach, ContractChecker
from metrics.contracts.model import shipped_contracts
from metrics.figures.publishing import Publishing
from metrics.figures.rules import FigureRules, load_figure_rules
from metrics.health.judging import Judging
from metrics.health.measures import EVENTS, MEASURES, PROPAGATION, Naming
from metrics.ledger.posting import posting_rows
from metrics.ledger.rules import load_rules
from metrics.privacy.opened import Privacy
from streams import topics
from streams.codecs.cloudevents import decode_batch
from streams.codecs.reasons import FOLD_FAILED
from streams.correlation.correlator import Correlator
from streams.correlation.messages import Key, Message
from streams.correlation.rules import LinkRules
from streams.correlation.shards import SHARDS, shard_of
from streams.dead_letters.gate import SourceGate
from streams.dead_letters.watch import PauseWatch
from streams.engine.cache import StateCache
from streams.engine.deliveries import unpack
from streams.engine.digest import Digester
from streams.engine.engine import Engine
from streams.engine.epochs import take_epoch
from streams.engine.exemplars import carried_trace
from streams.engine.feed_ends import keep_ends_settled
from streams.engine.feeds import NEVER, Feeds, WallClock
from streams.engine.flush import Flusher, Frozen, Partition, no_stage
from streams.engine.freeze import Freezer
from streams.engine.health import HealthKeeper
from streams.engine.lifecycle import COLLECT_SECONDS, BatchWorker
from streams.engine.observed import Observed
from streams.engine.plans import Plans
from streams.engine.ports import ArrowReader, Reader, StateStore, StoreWriter
from streams.engine.progress import committed
from streams.engine.publish import Publisher
from streams.engine.settle import Settler
from streams.transport.batch import RecordBatch

log = structlog.get_logger(__name__)

WORKER = "cases"
LONGEST_HOLD_SECONDS = 600.0
"""So long at most a deadline waits for the backlog that may hold the event which keeps it."""
STATE_EVERY = 20
"""Flushes between two looks at the whole state: counting it is a walk over all cases."""


class Read(msgspec.Struct, frozen=True, gc=False):
    """A record with its place, as the codec takes it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, Any]]


class CasesWorker(BatchWorker):
    """Owns the shards of its partitions, and with them the objects and cases that live there."""

    def __init__(
        self,
        plans: Plans,
        store: StateStore,
        reader: ArrowReader,
        writer: StoreWriter,
        send: Callable[[Sequence[Message]], Awaitable[None]],
        commit: Callable[[Mapping[Partition, int]], Awaitable[None]],
        *,
        observed: Observed,
        partitions: int,
        incarnation: str,
        clock: WallClock,
        privacy: Privacy | None = None,
        figures: FigureRules | None = None,
        naming: Naming | None = None,
        present: WallClock | None = None,
        cases_in_memory: int = 200_000,
        on_stage: Callable[[str], None] = no_stage,
    ) -> None:
        super().__init__(observed)
        self._guard = privacy.guard() if privacy else None
        self._plans = plans
        self._store = store
        self._reader = reader
        self._writer = writer
        self._partitions = partitions
        self._in_memory = cases_in_memory
        self._incarnation = incarnation
        self._clock = clock
        self._owned: frozenset[int] = frozenset()
        self._flusher = Flusher(writer, send, commit, on_stage, observed.buried)
        self._present = present or clock
        self._feeds = Feeds(self._present)
        self._gate = SourceGate(clock)
        self._contracts = ContractChecker(shipped_contracts())
        self._ledger = load_rules()
        self._settler = Settler(reader, writer, self._settling_version)
        self._digester = Digester(reader, writer, self._settling_version)
        closing = figures or load_figure_rules()
        publishing = Publishing(reader, writer, closing, clock)
        self._publisher = Publisher(publishing, self._settling_version, lambda: self._feeds.caught_up)
        measures = (MEASURES[EVENTS], MEASURES[PROPAGATION])
        judging = Judging(reader, writer, WORKER, measures, naming or Naming(), closing, clock)
        self._health = HealthKeeper(judging, self._settling_version, lambda: self._feeds.caught_up)
        self._breaches: list[Breach] = []
        self._watch = PauseWatch(self._gate, reader, writer, clock)
        self._loaded = monotonic()
        self.engine = self._new_engine()
        self._freezer = Freezer(writer, worker=WORKER, epoch=0, incarnation=incarnation, clock=clock)

    def _owns(self, key: Key) -> bool:
        return len(self._owned) == self._partitions or shard_of(*key) % self._partitions in self._owned

    def _new_engine(self) -> Engine:
        correlator = Correlator(LinkRules(self._plans.definitions()))
        most = self._in_memory
        cache = StateCache(self._plans, self._store, limit=2 * most, case_limit=most, eager=most // 4)
        return Engine(correlator, cache, self._store, self._feeds, self._owns)

    async def load(self, partitions: frozenset[Partition]) -> None:
        self._owned = owned_together(partitions)
        epoch = take_epoch(self._reader, self._writer, worker=WORKER, incarnation=self._incarnation, clock=self._clock)
        self._freezer = Freezer(
            self._writer, worker=WORKER, epoch=epoch, incarnation=self._incarnation, clock=self._clock
        )
        self._feeds = Feeds(self._present)
        restore_feeds(self._feeds, self._reader, self._owned)
        self.progress.start_at(committed(self._reader, self._incarnation, WORKER))
        self._feeds.caught_up, self._loaded = False, monotonic()
        self._breaches = []
        self.engine = self._new_engine()
        shards = [shard for shard in range(SHARDS) if shard % self._partitions in self._owned]
        cases = await self.engine.start(shards)
        log.info("partitions taken over", epoch=epoch, partitions=sorted(self._owned), open_cases=cases)

    async def gather(self, batch: RecordBatch) -> int:
        if batch.topic == topics.DELIVERIES:
            await self.engine.receive(m for _, _, _, value, _ in batch.records for m in unpack(value or b""))
            return NEVER
        records = [Read(batch.topic, batch.partition, *record) for record in batch.records]
        events, markers, dead_letters = decode_batch(records, self._incarnation)
        if self._guard is not None:
            events = self._guard.backstop(events)
        if dead_letters:
            self.observed.dead(batch.topic, Counter(letter.reason for letter in dead_letters))
        await self._watch.look()
        admitted, dead = self._gate.admit(events, dead_letters, records)
        self._breaches += self._contracts.check(admitted)
        place = topics.place_of(batch.topic, batch.partition, self._partitions)
        self.engine.note(admitted, dead, markers, place)
        return max((event.time for event in events), default=NEVER)

    async def freeze(self) -> Frozen:
        self._look_whether_caught_up()
        self._harvest = await self.engine.harvest()
        self.observed.traced(carried_trace(self._harvest.events))
        if self._harvest.aside:
            self.observed.dead(topics.EVENTS, {FOLD_FAILED: len(self._harvest.aside)})
        breaches, self._breaches = self._breaches, []
        if self._guard is not None:
            self.observed.covered(self._guard.take_dropped(), self._guard.take_unknown())
        postings = posting_rows(self._ledger, self._harvest.events)
        await asyncio.sleep(0)  # a breath for the loop before the longest stretch
        return self._watch.with_pauses(
            self._freezer.freeze_cases(self._harvest, self.progress.take(), breaches, postings)
        )

    async def bring_to_rest(self, frozen: Frozen) -> None:
        await self._flusher.flush(frozen)
        self.engine.release(self._harvest)
        if self.flushed % STATE_EVERY == 0:
            self.observed.state(self._feeds, Counter(key.process for key in self.engine.cache.cases))

    async def tick(self) -> None:
        """As any worker's, and then look what will fall due."""
        await super().tick()
        async with self._lock:
            if self.generation > 0:
                await self.engine.bring_back()

    async def run_ticks(self, collect_seconds: float = COLLECT_SECONDS) -> None:
        """Ticks, and beside them the rounds: ledger, digests, figures, health, and the ends of feeds."""
        rounds = (
            self._settler.run(lambda: self.flushed),
            self._digester.run(lambda: self.flushed),
            self._publisher.run(),
            self._health.run(),
            keep_ends_settled(lambda: self._feeds, self._reader),
        )
        beside = [asyncio.ensure_future(one) for one in rounds]
        try:
            await super().run_ticks(collect_seconds)
        finally:
            for one in beside:
                one.cancel()

    def _settling_version(self) -> int | None:
        """The version to settle the ledger with; None when that is another worker's to do, or has to wait."""
        return self._freezer.next_version() if self.has_time_for_rounds() and 0 in self._owned else None

    def is_due(self) -> bool:
        self._look_whether_caught_up()
        return self.engine.wake() > 0

    def _look_whether_caught_up(self) -> None:
        """Deadlines are judged once the backlog found at the assignment is read, or has kept us too long."""
        if self._feeds.caught_up:
            return
        late = monotonic() - self._loaded >= LONGEST_HOLD_SECONDS
        if late and not self.progress.caught_up:
            log.warning("judging deadlines although the backlog is not read to its end: the input is incomplete")
        self._feeds.caught_up = late or self.progress.caught_up


def owned_together(partitions: Collection[Partition]) -> frozenset[int]:
    """The numbers of the partitions, the same of each topic. Raises NotCopartitioned: a case would have two owners."""
    by_topic: dict[str, set[int]] = {topics.EVENTS: set()}
    for topic, number in partitions:
        by_topic.setdefault(topic, set()).add(number)
    owned = by_topic[topics.EVENTS]
    if apart := [topic for topic, numbers in by_topic.items() if numbers != owned]:
        raise topics.NotCopartitioned(
            f"{', '.join(apart)}: other partitions than of {topics.EVENTS}; "
            "a worker of an earlier version is in the group, and must be stopped first"
        )
    return frozenset(owned)


def restore_feeds(feeds: Feeds, reader: Reader, owned: Collection[int]) -> None:
    """The feeds' phases in our partitions from their own markers, and their watermarks as last flushed."""
    sql = (
        """SELECT feed, partition, argMax(kind, (ingested, position)) AS kind FROM v_markers GROUP BY feed, partition"""
    )
    for row in reader.rows(sql, {}):
        if row["partition"] in owned:
            feeds.get(row["feed"]).phases[row["partition"]] = row["kind"]
    sql = """SELECT feed, simulated, toUnixTimestamp64Micro(watermark) AS watermark,
                    toUnixTimestamp64Micro(last_seen) AS last_seen FROM v_feeds"""
    for row in reader.rows(sql, {}):
        feed = feeds.get(row["feed"])
        feed.watermark, feed.last_seen, feed.simulated = row["watermark"], row["last_seen"], bool(row["simulated"])
