"""Each arrow of the flush, broken on purpose in the middle: the next life must find what the last one lost."""

import asyncio

import pytest

from metrics.store.errors import StoreUnavailable
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Killed, Pipeline

RECEIPT = event("received", 30, ("goods_receipt", "G"), ("purchase_order", "P"))
ASKED = event("asked", 10, ("requisition", "R"))
ORDERED = event("ordered", 20, ("purchase_order", "P"), ("requisition", "R"))


def events_in(store: MemoryStore, case_id: str) -> set[str]:
    return {row["event_id"] for row in store.rows("case_events") if row["case_id"] == case_id and not row["withdrawn"]}


async def die_at(stage: str, store: MemoryStore) -> None:
    """The receipt waits and is committed; the order that links it is killed at `stage` and comes again."""
    first = Pipeline(store, [ORDERING], epoch=1)
    await first.start()
    await first.take([RECEIPT, ASKED])
    await first.flush()
    second = Pipeline(store, [ORDERING], epoch=2)
    await second.start()
    await second.take([ORDERED])
    second.kill_at = stage
    with pytest.raises(Killed):
        await second.flush()
    third = Pipeline(store, [ORDERING], epoch=3)
    await third.start()
    await third.take([ORDERED])
    await third.flush()


@pytest.mark.parametrize(
    "stage", ["frozen", "fact:events", "fact:case_events", "facts", "messages", "state:cases", "state:objects", "state"]
)
def test_a_waiting_event_reaches_its_case_wherever_the_linking_flush_died(stage: str) -> None:
    store = MemoryStore()
    asyncio.run(die_at(stage, store))
    assert events_in(store, "R") == {RECEIPT.id, ASKED.id, ORDERED.id}
    case = next(row for row in store.rows("cases") if row["case_id"] == "R")
    assert case["events"] == 3
    assert case["state"] == "here"


def test_a_store_that_is_away_for_a_while_delays_the_flush_and_loses_nothing() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = Pipeline(store, [ORDERING])
        await pipeline.start()
        await pipeline.take([ASKED, ORDERED, RECEIPT])
        store.fail_next = [StoreUnavailable("away"), StoreUnavailable("away")]
        await pipeline.flush(offset=3)
        assert pipeline.committed == {("events", 0): 3}
        return store

    assert events_in(asyncio.run(scene()), "R") == {RECEIPT.id, ASKED.id, ORDERED.id}


def test_nothing_is_committed_before_the_state_is_stored() -> None:
    async def scene() -> None:
        pipeline = Pipeline(MemoryStore(), [ORDERING])
        await pipeline.start()
        await pipeline.take([ASKED])
        pipeline.kill_at = "state"
        with pytest.raises(Killed):
            await pipeline.flush(offset=1)
        assert pipeline.committed == {}

    asyncio.run(scene())


def test_a_redelivered_event_is_neither_late_nor_a_new_revision() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = Pipeline(store, [ORDERING])
        await pipeline.start()
        await pipeline.take([ASKED, ORDERED, RECEIPT])
        await pipeline.flush()
        await pipeline.take([ASKED, ORDERED, RECEIPT])
        await pipeline.flush()
        return store

    store = asyncio.run(scene())
    assert store.rows("late_events") == []
    assert [row["revision"] for row in store.rows("cases")] == [0]


def test_an_older_epoch_never_overwrites_a_newer_one() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        zombie = Pipeline(store, [ORDERING], epoch=1)
        await zombie.start()
        await zombie.take([ASKED])
        owner = Pipeline(store, [ORDERING], epoch=2)
        await owner.start()
        await owner.take([ASKED, ORDERED])
        await owner.flush()
        await zombie.flush()
        return store

    case = asyncio.run(scene()).rows("cases")[0]
    assert case["events"] == 2
