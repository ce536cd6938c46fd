"""Deadlines outlive restarts, closing and eviction: whoever holds the shard judges them."""

import asyncio

from metrics.words import SECOND, Marker
from streams.cases.timers import AT_ONCE
from streams.correlation.shards import shard_of
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


def test_an_event_told_again_before_the_case_is_brought_back_takes_no_deadline_away() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=-100 * SECOND, eager=0)
        await again.start()
        await again.take([event("paid", 5, SUBJECT)])
        await again.flush()
        again.now = 10 * SECOND
        await again.engine.bring_back()
        again.now = 30 * SECOND
        assert again.engine.wake() == 1
        await again.flush()
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "breached"
    assert timer_breaches(store) == 1


def test_a_case_that_left_memory_breaches_at_its_deadline_once() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = await closed_with_a_running_clock(store)
        pipeline.engine.cache._case_limit = 0
        await pipeline.flush()
        assert pipeline.engine.cache.cases == {}
        pipeline.now = 10 * SECOND
        assert pipeline.engine.wake() == 0
        pipeline.now = 30 * SECOND
        assert pipeline.engine.wake() == 1
        await pipeline.flush()
        assert pipeline.engine.cache.cases == {}, "it goes again at once"
        assert pipeline.engine.wake() == 0
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "breached"
    assert timer_breaches(store) == 1


def test_a_case_that_came_back_for_an_event_and_left_again_breaches_at_its_deadline_once() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = await closed_with_a_running_clock(store)
        pipeline.engine.cache._case_limit = 0
        await pipeline.flush()
        await pipeline.take([event("noted", 6, SUBJECT)])
        await pipeline.flush()
        assert pipeline.engine.cache.cases == {}
        pipeline.now = 30 * SECOND
        await pipeline.flush()
        await pipeline.flush()
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "breached"
    assert timer_breaches(store) == 1


def test_a_case_that_left_memory_is_brought_back_before_it_falls_due() -> None:
    async def scene() -> int:
        pipeline = await closed_with_a_running_clock(MemoryStore())
        pipeline.engine.cache._case_limit = 0
        await pipeline.flush()
        return await pipeline.engine.bring_back()

    assert asyncio.run(scene()) == 1


def test_a_case_known_by_its_timer_alone_is_back_in_memory_before_it_falls_due() -> None:
    async def scene() -> list[int]:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=-100 * SECOND, eager=0)
        await again.start()
        found = [await again.engine.bring_back()]
        again.now = 10 * SECOND
        found += [await again.engine.bring_back(), len(again.engine.cache.cases), again.engine.wake()]
        again.now = 30 * SECOND
        return [*found, again.engine.wake(), timer_breaches(store)]

    assert asyncio.run(scene()) == [0, 1, 1, 0, 1, 0]


def test_after_a_restart_a_case_that_is_known_by_its_timer_alone_breaches_once() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=10 * SECOND, eager=0)
        await again.start()
        assert (len(again.engine.cache.cases), len(again.engine.timers)) == (0, 1)
        assert again.engine.wake() == 0
        again.now = 30 * SECOND
        await again.flush()
        await again.flush()
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "breached"
    assert timer_breaches(store) == 1


def test_a_case_known_by_its_timer_alone_that_is_finished_in_the_backlog_breaches_nothing() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        again = Pipeline(store, [CLOCKED], epoch=2, clock=30 * SECOND, eager=0)
        again.feeds.caught_up = False
        await again.start()
        assert again.engine.wake() == 0
        await again.take([event("received", 10, SUBJECT)])
        await again.flush()
        again.feeds.caught_up = True
        await again.flush()
        return store

    store = asyncio.run(scene())
    assert delivery(store) == "met"
    assert timer_breaches(store) == 0
    assert store.rows("restatements") == []


def test_a_row_of_an_earlier_release_is_looked_at_at_once_and_breaches_only_when_due() -> None:
    async def scene() -> tuple[MemoryStore, int]:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        for row in store.rows("cases"):
            row["next_due"] = AT_ONCE
        again = Pipeline(store, [CLOCKED], epoch=2, clock=10 * SECOND, eager=0)
        await again.start()
        assert again.engine.wake() == 1
        await again.flush()
        early = timer_breaches(store)
        again.now = 30 * SECOND
        await again.flush()
        return store, early

    store, early = asyncio.run(scene())
    assert (early, timer_breaches(store)) == (0, 1)


def test_a_timer_moves_with_its_shard_and_the_worker_that_lost_it_fires_nothing() -> None:
    async def scene() -> tuple[list[int], MemoryStore]:
        store = MemoryStore()
        await closed_with_a_running_clock(store)
        mine = shard_of(*SUBJECT)
        loser, owner = (Pipeline(store, [CLOCKED], epoch=epoch, clock=30 * SECOND) for epoch in (2, 3))
        await loser.engine.start([shard for shard in range(256) if shard != mine])
        await owner.engine.start([mine])
        woken = [loser.engine.wake(), owner.engine.wake()]
        await loser.flush()
        await owner.flush()
        return woken, store

    woken, store = asyncio.run(scene())
    assert woken == [0, 1]
    assert timer_breaches(store) == 1


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
