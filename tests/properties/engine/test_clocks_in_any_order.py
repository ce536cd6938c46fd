"""Clocks under shuffling, doubling, other batches and crashes: bit for bit the same once the feed has ended."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.words import SECOND, Event, Marker
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Killed, Pipeline
from tests.properties.engine.test_order_and_crashes import NEVER, STAGES, outcome, scene

FEED = "/test"
RESTED = ("met", "breached", "cancelled")


def clocked_scene() -> list[Event]:
    """The scene of requisitions and orders, with a hold, a refusal and its rework."""
    return [
        *scene(),
        event("held", 34, ("purchase_order", "P0")),
        event("freed", 45, ("purchase_order", "P0")),
        event("refused", 15, ("requisition", "R2")),
        event("asked", 18, ("requisition", "R2"), facility="north", sequence=3),
        event("held", 48, ("purchase_order", "P2")),
    ]


def marker(kind: str) -> Marker:
    return Marker(feed=FEED, kind=kind, partition=0, count=0, origin="test", position=0)


def new_life(store: MemoryStore, epoch: int) -> Pipeline:
    """A worker that starts in the middle of the feed's history, with the watermark that was flushed last."""
    pipeline = Pipeline(store, [CLOCKED], epoch=epoch)
    feed = pipeline.feeds.get(FEED)
    for row in store.rows("feeds"):
        feed.watermark = max(feed.watermark, row["watermark"])
    pipeline.feeds.mark(marker("backfill"))
    return pipeline


async def run(events: list[Event], cuts: set[int], kills: dict[int, str]) -> MemoryStore:
    """Feed `events`, flush after each cut, die in the flushes named by `kills`; at last the feed ends."""
    store, committed, epoch, flushes = MemoryStore(), 0, 1, 0
    while True:
        pipeline = new_life(store, epoch)
        await pipeline.start()
        try:
            for index in range(committed, len(events)):
                await pipeline.take([events[index]])
                if index in cuts or index == len(events) - 1:
                    flushes += 1
                    pipeline.kill_at = kills.get(flushes, NEVER)
                    await pipeline.flush(offset=index + 1)
                    committed = index + 1
            pipeline.kill_at = NEVER
            await pipeline.engine.take([], markers=[marker("end")])
            await pipeline.flush()
            return store
        except Killed:
            epoch += 1


def clocks(store: MemoryStore) -> dict[tuple[str, str], tuple[str, int, int | None, int | None, int]]:
    """(case, clock) -> status, started, stopped, deadline, net."""
    parts = ("clock.name", "clock.status", "clock.started", "clock.stopped", "clock.deadline", "clock.net_us")
    return {
        (row["case_id"], name): (status, *rest)
        for row in store.rows("cases")
        for name, status, *rest in zip(*(row[part] for part in parts), strict=True)
    }


TRUTH_STORE = asyncio.run(run(sorted(clocked_scene(), key=lambda e: (e.time, e.sequence, e.id)), set(), {}))
TRUTH = outcome(TRUTH_STORE)
CLOCKS = clocks(TRUTH_STORE)


def test_the_scene_knows_every_way_in_which_a_clock_can_end() -> None:
    shown = {key: (status, net // SECOND) for key, (status, _, _, _, net) in CLOCKS.items()}
    assert shown["R0", "delivery"] == ("breached", 20)
    assert shown["R1", "delivery"] == ("met", 19)
    assert shown["R0", "payment"] == ("met", 9), "eleven of its twenty seconds were on hold"
    assert shown["R2", "payment"] == ("paused", 16)
    assert shown["R2", "lap"] == ("met", 4), "the lap began anew after the refusal"


def test_a_deadline_between_two_events_of_the_feed_is_a_breach() -> None:
    events = [event("received", 0, ("requisition", "R")), event("noted", 60, ("requisition", "other"))]
    store = asyncio.run(run(events, {0, 1}, {}))
    assert clocks(store)["R", "payment"] == ("breached", 0, None, 20 * SECOND, 20 * SECOND)
    (row,) = [row for row in store.rows("transitions") if row["status"] == "breached"]
    assert (row["cause"], row["at"]) == ("timer", 20 * SECOND)


@settings(max_examples=120, deadline=None)
@given(
    st.permutations(clocked_scene()),
    st.lists(st.sampled_from(clocked_scene()), max_size=5),
    st.sets(st.integers(0, 28)),
    st.dictionaries(st.integers(1, 12), st.sampled_from([*STAGES, "state:transitions"]), max_size=5),
)
def test_any_order_doubles_batches_and_crashes_give_the_same_clocks(
    events: list[Event], doubles: list[Event], cuts: set[int], kills: dict[int, str]
) -> None:
    store = asyncio.run(run([*events, *doubles], cuts, kills))
    assert outcome(store) == TRUTH
    assert at_rest(CLOCKS) <= transitioned(store)


@settings(max_examples=60, deadline=None)
@given(st.permutations(clocked_scene()), st.sets(st.integers(0, 28)))
def test_the_newest_transition_of_every_clock_is_its_status(events: list[Event], cuts: set[int]) -> None:
    store = asyncio.run(run(events, cuts, {}))
    newest: dict[Any, dict[str, Any]] = {}
    for row in sorted(store.rows("transitions"), key=lambda row: row["version"]):
        newest[row["case_id"], row["clock"]] = row
    assert {key: row["status"] for key, row in newest.items()} == {key: clock[0] for key, clock in CLOCKS.items()}


def at_rest(found: dict[tuple[str, str], tuple[str, int, int | None, int | None, int]]) -> set[tuple[str, str, str]]:
    return {(*key, status) for key, (status, *_) in found.items() if status in RESTED}


def transitioned(store: MemoryStore) -> set[tuple[str, str, str]]:
    return {(row["case_id"], row["clock"], row["status"]) for row in store.rows("transitions")}
