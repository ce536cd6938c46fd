"""Late events and restatements: each one told once, however deliveries are doubled, shuffled and cut into flushes."""

import asyncio
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.words import SECOND, Event
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline

TARGET = 19.5
"""Seconds from asked to received."""
OTHERS = ("ordered", "noted", "held", "freed")


@st.composite
def delivered(draw: st.DrawFn) -> list[Event]:
    """Events of two requisitions that each name their case, no two of one instant, in any order, some of them twice."""
    instants = draw(st.permutations(range(60)))
    events = [event(kind, instants.pop(), ("requisition", case)) for case in "AB" for kind in ("asked", "received")]
    more = draw(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(OTHERS)), max_size=10))
    events += [event(kind, instants.pop(), ("requisition", case)) for case, kind in more]
    doubles = draw(st.lists(st.sampled_from(events), max_size=6))
    return draw(st.permutations([*events, *doubles]))


async def run(events: Sequence[Event], cuts: set[int]) -> MemoryStore:
    store = MemoryStore()
    pipeline = Pipeline(store, [CLOCKED], clock=1_000 * SECOND)
    await pipeline.start()
    for index, one in enumerate(events):
        await pipeline.take([one])
        if index in cuts or index == len(events) - 1:
            await pipeline.flush(offset=index + 1)
    return store


def late(events: Sequence[Event]) -> set[tuple[str, str]]:
    """Case and event of all that arrived for the first time after a later one of their case."""
    newest: dict[str, int] = {}
    seen: set[str] = set()
    found: set[tuple[str, str]] = set()
    for one in events:
        case = one.objects[0].id
        if one.id not in seen and one.time < newest.get(case, -1):
            found.add((case, one.id))
        seen.add(one.id)
        newest[case] = max(newest.get(case, -1), one.time)
    return found


@settings(max_examples=150, deadline=None)
@given(delivered(), st.sets(st.integers(0, 20)))
def test_an_event_is_late_when_a_later_one_of_its_case_came_before_it(events: list[Event], cuts: set[int]) -> None:
    store = asyncio.run(run(events, cuts))
    rows = [(row["case_id"], row["event_id"]) for row in store.rows("late_events")]
    assert sorted(rows) == sorted(late(events))


def deliveries(events: Sequence[Event]) -> dict[str, str]:
    """How long each case took from asked to received, judged by wall clock long after all of it: met or breached."""
    times = {(one.objects[0].id, one.type): one.time / SECOND for one in events}
    found: dict[str, str] = {}
    for case in {name for name, _ in times}:
        began, ended = times.get((case, "asked")), times.get((case, "received"))
        if began is not None:
            met = ended is not None and ended - began <= TARGET  # what is there before it is asked for is in time
            found[case] = "met" if met else "breached"
    return found


@settings(max_examples=100, deadline=None)
@given(delivered())
def test_a_delivery_that_proves_different_is_restated_once_each_time(events: list[Event]) -> None:
    store = asyncio.run(run(events, set(range(len(events)))))
    told = sorted(
        (row["case_id"], row["old_status"], row["new_status"])
        for row in store.rows("restatements")
        if row["clock"] == "delivery" and row["old_status"] != row["new_status"]
    )
    expected = []
    for count in range(1, len(events)):
        before, after = deliveries(events[:count]), deliveries(events[: count + 1])
        expected += [(case, before[case], after[case]) for case in before if before[case] != after[case]]
    assert told == sorted(expected)
