"""The consumer's thread: joins the group, reads batches, commits exactly what it is given.

Heartbeats and fetches run on an event loop of their own in this thread, so that a long computation on the main loop
does not cost the worker its partitions.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import (
    ConsumerStoppedError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.structs import OffsetAndMetadata
from faust.transport.consumer import ensure_TPset
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, ConsumerRebalanceListener
from faust.types import TP

from streams.broker.patience import is_away
from streams.transport.batch import Limits, NotOwner, Record, RecordBatch
from streams.transport.turns import Turns
from streams.transport.unpack import Drained, drain

# One fetch may bring this much of one partition; a compressed producer batch larger than that would never arrive.
FETCH_BYTES = 16 << 20
# A worker whose store is down keeps its partitions (the broker holds the pressure); an hour of silence is a dead one.
IDLE_SECONDS = 3_600
RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.1, 2.0
COORDINATOR_SECONDS = 10.0
HELD_SECONDS = 0.02  # how soon a partition that waits for its turn is looked at again
NO_GENERATION = -1  # as aiokafka writes it
_MOVED_ON = (UnknownMemberIdError, IllegalGenerationError, RebalanceInProgressError)


class BatchReader(AIOKafkaConsumerThread):
    """Faust's consumer thread, reading batches. All methods ending in `_here` must run on its own loop."""

    _assignments = 0
    _in_group = NO_GENERATION  # the broker's number of the generation that the current assignment belongs to
    _turns = Turns({}, 0)

    @property
    def generation(self) -> int:
        """Number of this worker's current assignment, from 1; 0 while it has none."""
        return 0 if self._in_group == NO_GENERATION else self._assignments

    def begin_generation(self, partitions: Iterable[TP]) -> int:
        """The group has assigned `partitions`: returns the assignment's number, never used before in this process."""
        self._assignments += 1
        self._turns = Turns(self.app.weights, self.app.limits.records)  # type: ignore[attr-defined]
        self._turns.begin(partitions)
        self._in_group = int(self._ensure_consumer()._coordinator.generation)
        return self._assignments

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """The group takes all partitions back. The program's hook may still commit; after it, nobody may."""
        try:
            await super().on_partitions_revoked(revoked)
        finally:
            self._in_group = NO_GENERATION

    async def on_thread_stop(self) -> None:
        """Leave the group. aiokafka does so in generations above 0 only, and the embedded broker's first one is 0."""
        if self._consumer is not None and self._consumer._coordinator.generation == 0:
            self._consumer._coordinator.generation = 1
        await super().on_thread_stop()

    async def read(self, partitions: set[TP], timeout: float, limits: Limits) -> dict[TP, list[RecordBatch]]:
        """One batch at most of each partition, waiting up to `timeout` seconds for the first."""
        answer = asyncio.run_coroutine_threadsafe(self._read_here(partitions, timeout, limits), self.thread_loop)
        return await asyncio.wrap_future(answer)

    async def commit_exactly(self, offsets: Mapping[TP, int], generation: int) -> None:
        """Commit `offsets` as a member of `generation`; see `BatchConsumer.commit_offsets`."""
        answer = asyncio.run_coroutine_threadsafe(self._commit_here(offsets, generation), self.thread_loop)
        await asyncio.wrap_future(answer)

    async def _read_here(self, partitions: set[TP], timeout: float, limits: Limits) -> dict[TP, list[RecordBatch]]:
        consumer = self._ensure_consumer()
        fetcher = consumer._fetcher
        deadline = time.monotonic() + timeout
        with fetcher._subscriptions.fetch_context():
            while self.consumer.flow_active and not fetcher._subscriptions.reassignment_in_progress:
                if consumer._closed or fetcher._closed:
                    raise ConsumerStoppedError()
                chosen = self._turns.choose(partitions, self._behind)
                found = drain(fetcher, map(_aiokafka, chosen), limits)
                if found:
                    return self._batches(consumer, found)
                waiter = fetcher._create_fetch_waiter()
                patience = max(0.0, deadline - time.monotonic())
                held = len(chosen) < len(partitions)
                done, _ = await asyncio.wait([waiter], timeout=min(patience, HELD_SECONDS) if held else patience)
                if not done:
                    waiter.cancel()
                    return {}
                waiter.result()
        await asyncio.sleep(0.02)  # a rebalance is under way
        return {}

    def _batches(self, consumer: AIOKafkaConsumer, found: Drained) -> dict[TP, list[RecordBatch]]:
        generation, handed = self.generation, {TP(*tp): read for tp, read in found.items()}
        last = {tp: (len(records), records[-1][0]) for tp, (records, _) in handed.items()}
        urgent = self._turns.took(last, self._behind)
        return {tp: [_batch(consumer, tp, generation, *read, urgent=tp.topic in urgent)] for tp, read in handed.items()}

    def _behind(self, tp: TP) -> int | None:
        """Records of an assigned partition that were not handed on, as far as the broker told; None: not yet."""
        assignment = self._ensure_consumer()._subscription.subscription.assignment
        state = assignment and assignment.state_value(_aiokafka(tp))
        if not state or state.highwater is None or not state.has_valid_position:
            return None
        return max(0, int(state.highwater - state.position))

    async def _commit_here(self, offsets: Mapping[TP, int], generation: int) -> None:
        coordinator = self._ensure_consumer()._coordinator
        wanted = {_aiokafka(tp): OffsetAndMetadata(offset, "") for tp, offset in offsets.items()}
        pause = RETRY_SECONDS
        while True:
            try:
                await asyncio.wait_for(coordinator.ensure_coordinator_known(), COORDINATOR_SECONDS)
                async with coordinator._commit_lock:
                    # From this check to the request's bytes there is no await: they carry the checked generation.
                    self._check_owner(wanted, generation)
                    await asyncio.shield(coordinator._do_commit_offsets(None, wanted))
                self._turns.committed(offsets)
                return
            except _MOVED_ON as moved:
                raise NotOwner(f"assignment {generation} may not commit {dict(offsets)}: {moved!r}") from moved
            except (KafkaError, TimeoutError) as error:
                if not is_away(error):
                    raise
                self._check_owner(wanted, generation)  # the group may go on without us
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY_SECONDS)

    def _check_owner(self, wanted: Mapping[TopicPartition, OffsetAndMetadata], generation: int) -> None:
        if generation != self.generation or self._in_group != self._ensure_consumer()._coordinator.generation:
            raise NotOwner(f"assignment {generation} is over, the worker is at {self.generation}")
        foreign = wanted.keys() - self._ensure_consumer().assignment()
        if foreign:
            raise NotOwner(f"not part of assignment {generation}: {sorted(foreign)}")

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        """A consumer for us: range assignment (co-partitioned topics get the same partition numbers), large fetches."""
        conf = self.app.conf
        self._assignor = RangePartitionAssignor
        return AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            **self.app.reached,  # type: ignore[attr-defined]
            partition_assignment_strategy=[RangePartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=IDLE_SECONDS * 1000,
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_wait_ms=500,
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
            connections_max_idle_ms=conf.consumer_connections_max_idle_ms,
        )


class NumberedAssignments(ConsumerRebalanceListener):
    """Gives Faust our number of the assignment instead of the broker's, which may come twice."""

    _thread: BatchReader

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        number = self._thread.begin_generation(TP(*tp) for tp in assigned)
        self._thread.app.consumer_generation_id = number
        await self._thread.on_partitions_assigned(ensure_TPset(assigned), number)


def _aiokafka(tp: TP) -> TopicPartition:
    return TopicPartition(tp.topic, tp.partition)


def _batch(
    consumer: AIOKafkaConsumer, tp: TP, generation: int, records: list[Record], size: int, *, urgent: bool
) -> RecordBatch:
    first, last = records[0][0], records[-1][0]
    end = consumer.highwater(_aiokafka(tp)) or last + 1
    return RecordBatch(tp.topic, tp.partition, first, last, records, end, generation, size, urgent)
