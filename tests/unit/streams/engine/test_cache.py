"""State in memory is a cache: what left it is looked up before anything is created in its place."""

import asyncio

from streams.correlation.messages import CaseKey, Enter
from streams.engine.cache import StateCache
from streams.engine.plans import Plans
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline, open_definition

FIRST = CaseKey("ordering", "requisition", "R0")


async def closed_cases(store: MemoryStore, count: int) -> Pipeline:
    pipeline = Pipeline(store, [CLOCKED])
    await pipeline.start()
    for number in range(count):
        subject = ("requisition", f"R{number}")
        for step, activity in enumerate(("asked", "ordered", "received", "paid")):
            await pipeline.take([event(activity, number + 2 * step, subject, facility="north")])
    await pipeline.flush()
    return pipeline


def cache_of(store: MemoryStore, limit: int) -> StateCache:
    return StateCache(Plans([CLOCKED], open_definition), store, limit=limit)


def test_an_evicted_closed_case_is_looked_up_before_it_is_created() -> None:
    store = MemoryStore()
    pipeline = asyncio.run(closed_cases(store, 30))
    cache = pipeline.engine.cache
    cache._case_limit = 10
    assert FIRST in {case.key for case in cache.evict()}
    assert len(cache.objects) == 30

    async def late_event() -> None:
        await pipeline.take([event("noted", 5, ("requisition", "R0"))])
        await pipeline.flush()

    asyncio.run(late_event())
    row = next(row for row in store.rows("cases") if row["case_id"] == "R0")
    assert (row["events"], row["state"], row["facility"]) == (5, "done", "north")


def test_closed_cases_leave_before_open_ones_and_unstored_ones_stay() -> None:
    async def scene() -> Pipeline:
        pipeline = await closed_cases(MemoryStore(), 20)
        await pipeline.take([event("asked", 90, ("requisition", "open"))])
        await pipeline.flush()
        await pipeline.take([event("noted", 91, ("requisition", "R3"))])
        return pipeline

    cache = asyncio.run(scene()).engine.cache
    cache._case_limit = 2
    cache.evict()
    assert {key.id for key in cache.cases} == {"open", "R3"}
    cache._case_limit = 1
    cache.evict()
    assert {key.id for key in cache.cases} == {"R3"}


def test_an_empty_store_is_not_asked_about_new_keys() -> None:
    cache = cache_of(MemoryStore(), 10)
    cache.load(range(256))
    message = Enter(FIRST, ("requisition", "R0"), event("asked", 1, ("requisition", "R0")))
    assert cache.case_for(message) is not None
    assert cache.parked_cases == {}


def test_a_store_that_holds_anything_is_asked_once_for_all_parked_messages() -> None:
    store = MemoryStore()
    asyncio.run(closed_cases(store, 1))
    cache = cache_of(store, 10)
    assert cache.load(range(256)) == ([], {})
    new = CaseKey("ordering", "requisition", "new")
    messages = [Enter(key, ("requisition", key.id), event("noted", 9, ("requisition", key.id))) for key in (FIRST, new)]
    assert [cache.case_for(message) for message in messages] == [None, None]
    assert cache.fetch_parked() == messages
    assert (cache.cases[FIRST].fold.events, cache.cases[new].fold.events) == (4, 0)


def test_only_the_open_cases_of_ones_own_shards_are_loaded() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = await closed_cases(store, 5)
        await pipeline.take([event("asked", 50 + n, ("requisition", f"open{n}")) for n in range(20)])
        await pipeline.flush()
        return store

    store = asyncio.run(scene())
    halves = [cache_of(store, 100).load(range(start, 256, 2))[0] for start in (0, 1)]
    assert sum(map(len, halves)) == 20
    assert all(half for half in halves)


def test_of_more_open_cases_than_memory_takes_at_start_the_others_are_loaded_as_timers() -> None:
    async def scene() -> MemoryStore:
        store = MemoryStore()
        pipeline = await closed_cases(store, 5)
        for number in range(20):
            await pipeline.take([event("asked", 50 + number, ("requisition", f"open{number:02}"))])
            await pipeline.flush()
        return store

    store = asyncio.run(scene())
    for row in store.rows("cases"):
        row["version"] = int(row["case_id"].removeprefix("open")) if row["case_id"].startswith("open") else 0
    loaded, waiting = StateCache(Plans([CLOCKED], open_definition), store, eager=5).load(range(256))
    assert {case.key.id for case in loaded} == {"open15", "open16", "open17", "open18", "open19"}, "those stored last"
    (entries,) = waiting.values()
    assert entries.ids.to_pylist() == [f"open{number:02}" for number in range(20)], (
        "in the order in which they fall due"
    )
    assert entries.kinds == [("ordering", "requisition")]
