"""Deadlines outlive restarts, closing and eviction: whoever holds the shard judges them."""

import asyncio

from metrics.words import SECOND, Marker
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline

SUBJECT = ("requisition", "R")


async def closed_with_a_running_clock(store: MemoryStore) -> Pipeline:
    """Paid at 5, never received: the delivery clock runs on to its deadline at 19.5 seconds."""
    pipeline = Pipeline(store, [CLOCKED])
    await pipeline.start()
    await pipeline.take([event("asked", 0, SUBJECT), event("ordered", 3, SUBJECT), event("paid", 5, SUBJECT)])
    await pipeline.flush()
    return pipeline


def delivery(store: MemoryStore) -> str:
    (row,) = store.rows("cases")
    return str(dict(zip(row["clock.name"], row["clock.status"], strict=True))["delivery"])


def timer_breaches(store: MemoryStore) -> int:
    return sum(row["cause"] == "timer" and row["status"] == "breached" for row in store.rows("transitions"))


def test_a_closed_case_whose_clock_runs_on_breaches_after_a_restart() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=30 * SECOND)
        await again.start()
        assert again.engine.wake() == 1
        await again.flush()
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "breached"
    assert timer_breaches(store) == 1


def test_a_closed_case_that_waits_for_a_deadline_is_not_evicted() -> None:
    async def scene() -> Pipeline:
        pipeline = await closed_with_a_running_clock(MemoryStore())
        pipeline.engine.cache._limit = 0
        assert pipeline.engine.cache.evict() == []
        pipeline.now = 30 * SECOND
        await pipeline.flush()
        assert pipeline.engine.cache.cases == {}, "with the verdict it may go"
        return pipeline

    asyncio.run(scene())


def test_a_breach_is_one_transition_however_often_the_flush_that_found_it_died() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        for epoch, stage in enumerate(["state:transitions", "state:cases", "never"], 2):
            life = Pipeline(store, [CLOCKED], epoch=epoch, clock=30 * SECOND)
            await life.start()
            life.kill_at = stage
            try:
                await life.flush()
            except Exception:
                continue
        return store

    store = asyncio.run(scene())
    assert timer_breaches(store) == 1
    assert delivery(store) == "breached"


def test_no_deadline_is_judged_while_the_backlog_is_unread() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=30 * SECOND)
        again.feeds.caught_up = False
        await again.start()
        await again.take([event("noted", 25, ("requisition", "other"))])
        await again.take([event("received", 10, SUBJECT)])
        await again.flush()
        again.feeds.caught_up = True
        await again.flush()
        return store

    store = asyncio.run(scene())
    assert timer_breaches(store) == 0
    assert store.rows("restatements") == []


def test_one_partition_ahead_of_another_breaches_nothing_in_a_history() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = Pipeline(store, [CLOCKED])
        await pipeline.start()
        marks = [
            Marker(feed="/test", kind="backfill", partition=number, count=0, origin="", position=0) for number in (0, 1)
        ]
        await pipeline.engine.take([event("asked", 0, SUBJECT)], markers=marks, partition=0)
        await pipeline.engine.take([event("asked", 100, ("requisition", "far"))], partition=1)
        await pipeline.flush()
        await pipeline.engine.take([event("received", 10, SUBJECT)], partition=0)
        await pipeline.flush()
        return store

    store = asyncio.run(scene())
    assert [row["status"] for row in store.rows("transitions") if row["case_id"] == "R"].count("breached") == 0
    assert store.rows("restatements") == []
