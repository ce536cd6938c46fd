"""Whose turn it is: a worker works for one generation of its group, flushes when it stops, and lets go when told."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator

import msgspec
import pytest
from opentelemetry.trace import NoOpTracer

from metrics.exposition import Exposition
from metrics.store.errors import StoreUnavailable
from streams.engine.feeds import NEVER
from streams.engine.flush import Frozen, Partition
from streams.engine.lifecycle import BACKLOG_RECORDS, BACKLOG_SECONDS, FLUSH_RECORDS, FLUSH_SECONDS, BatchWorker
from streams.engine.observed import Observed
from streams.engine.restraint import AFTER_SECONDS, MUCH_RECORDS, WAIT_SECONDS, Restraint
from streams.transport.batch import NotOwner, Record, RecordBatch

TOPIC = "events"


class Gatherer(BatchWorker):
    """Gathers offsets; `rest` is called at each flush and may fail."""

    def __init__(self, rest: Callable[[], None] = lambda: None) -> None:
        self.now = 100.0
        super().__init__(Observed(Exposition(), NoOpTracer()), lambda: self.now)
        self.gathered: list[int] = []
        self.stored: list[int] = []
        self.committed: dict[Partition, int] = {}
        self.loads = 0
        self.fail_loads = 0
        self.due = False
        self._rest = rest

    async def gather(self, batch: RecordBatch) -> int:
        self.gathered += range(batch.first_offset, batch.last_offset + 1)
        return NEVER

    async def freeze(self) -> Frozen:
        return Frozen((), (), (), self.progress.take())

    async def bring_to_rest(self, frozen: Frozen) -> None:
        self._rest()
        self.stored, self.gathered = self.stored + self.gathered, []
        self.committed.update({partition: at.next_offset for partition, at in frozen.positions.items()})

    def is_due(self) -> bool:
        return self.due

    async def load(self, partitions: frozenset[Partition]) -> None:
        self.loads += 1
        if self.loads <= self.fail_loads:
            raise StoreUnavailable("away")
        self.gathered = []


def batch(first: int, last: int, generation: int = 1) -> RecordBatch:
    return RecordBatch(TOPIC, 0, first, last, [(first, 0, None, b"", [])], last + 1, generation, 0)


def lived(worker: Gatherer, *batches: RecordBatch, stop: bool = True) -> Gatherer:
    async def life() -> None:
        await worker.take_over(1, {(TOPIC, 0): 0})
        for one in batches:
            await worker.take(one)
        if stop:
            await worker.stop()

    asyncio.run(life())
    return worker


def test_what_is_urgent_is_flushed_at_the_next_tick_and_the_rest_waits() -> None:
    async def ticked(one: RecordBatch) -> list[int]:
        worker = Gatherer()
        await worker.take_over(1, {(TOPIC, 0): 0})
        await worker.take(one)
        await worker.tick()
        return worker.stored

    urgent = msgspec.structs.replace(batch(0, 4), urgent=True)
    assert asyncio.run(ticked(urgent)) == list(range(5))
    assert asyncio.run(ticked(batch(0, 4))) == []


def test_a_stop_flushes_and_commits_what_is_gathered() -> None:
    worker = lived(Gatherer(), batch(0, 4), batch(5, 9))
    assert worker.stored == list(range(10))
    assert worker.committed == {(TOPIC, 0): 10}


def test_enough_records_are_flushed_at_once() -> None:
    records: list[Record] = [(offset, 0, None, b"", []) for offset in range(FLUSH_RECORDS)]
    full = RecordBatch(TOPIC, 0, 0, FLUSH_RECORDS - 1, records, FLUSH_RECORDS, 1, 0)
    worker = lived(Gatherer(), full, stop=False)
    assert worker.flushed == 1


def in_a_backlog(then: Callable[[Gatherer], Awaitable[None]], *, due: bool = False) -> None:
    """Five records are read, and so many wait behind them that a flush waits, too."""

    async def life() -> None:
        worker, end = Gatherer(), BACKLOG_RECORDS + 6
        worker.due = due
        await worker.take_over(1, {(TOPIC, 0): end})
        await worker.take(RecordBatch(TOPIC, 0, 0, 4, [(4, 0, None, b"", [])], end, 1, 0))
        worker.now += FLUSH_SECONDS
        await worker.tick()
        assert worker.flushed == 0
        await then(worker)
        await worker.tick()
        assert worker.flushed == 1

    asyncio.run(life())


@pytest.mark.parametrize("due", [False, True])
def test_a_flush_waits_for_what_is_left_of_a_backlog_whatever_falls_due(due: bool) -> None:
    async def most_is_read(worker: Gatherer) -> None:
        end = BACKLOG_RECORDS + 6
        await worker.take(RecordBatch(TOPIC, 0, 5, 5, [(5, 0, None, b"", [])], end, 1, 0))

    in_a_backlog(most_is_read, due=due)


def test_no_backlog_holds_a_flush_up_for_long() -> None:
    async def time_passes(worker: Gatherer) -> None:
        worker.now += BACKLOG_SECONDS

    in_a_backlog(time_passes)


def test_what_falls_due_is_flushed_at_once() -> None:
    worker = Gatherer()
    worker.due = True

    async def life() -> None:
        await worker.take_over(1, {(TOPIC, 0): 0})
        await worker.tick()
        assert worker.flushed == 1

    asyncio.run(life())


def test_a_batch_of_another_generation_is_not_taken() -> None:
    worker = lived(Gatherer(), batch(0, 4, generation=2), batch(0, 4, generation=0))
    assert worker.stored == []


def test_what_was_gathered_before_the_partitions_went_away_is_neither_stored_nor_committed() -> None:
    async def life(worker: Gatherer) -> None:
        await worker.take_over(1, {(TOPIC, 0): 0})
        await worker.take(batch(0, 4))
        await worker.hand_over()
        await worker.tick()
        await worker.stop()

    worker = Gatherer()
    asyncio.run(life(worker))
    assert (worker.stored, worker.committed) == ([], {})


def test_a_worker_that_learns_it_is_no_owner_takes_nothing_more() -> None:
    def refuse() -> None:
        raise NotOwner("somebody else's")

    worker = lived(Gatherer(refuse), batch(0, 4), stop=True)
    assert (worker.generation, worker.flushed, worker.committed) == (0, 0, {})


def test_offsets_that_begin_again_end_the_generation() -> None:
    worker = lived(Gatherer(), batch(0, 9), batch(0, 4), batch(5, 9))
    assert worker.generation == 0
    assert worker.committed == {}


def test_state_is_loaded_again_until_the_store_answers() -> None:
    worker = Gatherer()
    worker.fail_loads = 1
    lived(worker, batch(0, 4))
    assert worker.loads == 2
    assert worker.committed == {(TOPIC, 0): 5}


def test_rounds_wait_while_much_is_to_be_read() -> None:
    worker, end = Gatherer(), MUCH_RECORDS + 6

    async def life() -> None:
        await worker.take_over(1, {(TOPIC, 0): end})
        assert not worker.has_time_for_rounds()
        await worker.take(RecordBatch(TOPIC, 0, 0, 4, [(4, 0, None, b"", [])], end, 1, 0))
        assert not worker.has_time_for_rounds()
        await worker.take(RecordBatch(TOPIC, 0, 5, end - 1, [(5, 0, None, b"", [])], end, 1, 0))
        worker.now += AFTER_SECONDS
        assert worker.has_time_for_rounds()

    asyncio.run(life())


def test_rounds_wait_until_what_was_read_is_stored() -> None:
    worker = Gatherer()
    records: list[Record] = [(offset, 0, None, b"", []) for offset in range(MUCH_RECORDS + 1)]

    async def life() -> None:
        await worker.take_over(1, {(TOPIC, 0): 0})
        assert worker.has_time_for_rounds()
        await worker.take(RecordBatch(TOPIC, 0, 0, MUCH_RECORDS, records, MUCH_RECORDS + 1, 1, 0))
        assert not worker.has_time_for_rounds()
        await worker.stop()
        worker.now += AFTER_SECONDS
        assert worker.has_time_for_rounds()

    asyncio.run(life())


def test_rounds_wait_a_little_after_much_was_stored() -> None:
    now = [0.0]
    restraint = Restraint(lambda: now[0])
    assert not restraint.allows(MUCH_RECORDS + 1)
    now[0] += AFTER_SECONDS - 0.1
    assert not restraint.allows(0)
    now[0] += 0.1
    assert restraint.allows(0)
    assert restraint.allows(MUCH_RECORDS)


def test_rounds_do_not_wait_for_ever() -> None:
    now = [0.0]
    restraint = Restraint(lambda: now[0])
    for _ in range(round(WAIT_SECONDS)):
        assert not restraint.allows(MUCH_RECORDS + 1)
        now[0] += 1.0
    assert restraint.allows(MUCH_RECORDS + 1)


def test_a_worker_without_partitions_has_no_rounds() -> None:
    assert not Gatherer().has_time_for_rounds()


class Knot:
    """Garbage that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def calm() -> Iterator[None]:
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("calm")
def test_garbage_is_collected_although_nothing_arrives() -> None:
    async def life(worker: Gatherer, gone: asyncio.Event) -> None:
        weakref.finalize(Knot(), gone.set)
        ticking = asyncio.create_task(worker.run_ticks(collect_seconds=0))
        await gone.wait()
        ticking.cancel()

    async def in_time() -> None:
        await asyncio.wait_for(life(Gatherer(), asyncio.Event()), 10)

    asyncio.run(in_time())


@pytest.mark.usefixtures("calm")
@pytest.mark.parametrize("records", [1, BACKLOG_RECORDS + 1])
def test_a_flush_frees_the_garbage_made_before_it(records: int) -> None:
    freed: list[str] = []

    def leave(name: str) -> None:
        weakref.finalize(Knot(), freed.append, name)

    worker = Gatherer(lambda: leave(f"flush {worker.flushed}"))

    async def life() -> None:
        await worker.take_over(1, {(TOPIC, 0): 0})
        for number in range(2):
            leave(f"before {number}")
            first = number * records
            last = first + records - 1
            some: list[Record] = [(first, 0, None, b"", [])] * records
            await worker.take(RecordBatch(TOPIC, 0, first, last, some, last + 1, 1, 0))
            await worker.stop()
        assert freed == ["before 0", "flush 0", "before 1"]

    asyncio.run(life())
