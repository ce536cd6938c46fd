"""A case opens with an event that begins it, whatever came before, in any order, doubled, batched or interrupted."""

import asyncio
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definitions.load import load
from metrics.words import Event
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline
from tests.properties.engine.test_order_and_crashes import STAGES, outcome, run

BEGINNING = msgspec.structs.replace(
    ORDERING, begins={"asked": (None,), "ordered": (lambda one: one.attributes.get("kind") == "blanket",)}
)


def scene() -> list[Event]:
    """R0 is asked for after it was ordered; R1 never is; R2 begins by a condition; an order serves R0 and R1."""
    return [
        event("noted", 1, ("requisition", "R0")),
        event("ordered", 20, ("purchase_order", "P"), ("requisition", "R0")),
        event("ordered", 21, ("purchase_order", "P"), ("requisition", "R1")),
        event("received", 30, ("goods_receipt", "G"), ("purchase_order", "P")),
        event("asked", 40, ("requisition", "R0"), facility="north"),
        event("asked", 41, ("requisition", "R0"), sequence=1),
        event("noted", 50, ("requisition", "R1")),
        event("ordered", 60, ("purchase_order", "P2"), ("requisition", "R2"), kind="blanket"),
        event("noted", 61, ("requisition", "R2")),
    ]


def run_through(events: list[Event], cuts: set[int], kills: dict[int, str]) -> MemoryStore:
    return asyncio.run(run(events, cuts, kills, BEGINNING))


def members(store: MemoryStore) -> dict[str, list[str]]:
    """Case → what its events are called, in order of time; withdrawn ones are none."""
    found: dict[str, list[tuple[int, str]]] = {}
    for row in store.rows("case_events"):
        if not row["withdrawn"]:
            found.setdefault(row["case_id"], []).append((row["time"], row["activity"]))
    return {case: [name for _, name in sorted(rows)] for case, rows in found.items()}


def truth() -> dict[str, Any]:
    return outcome(run_through(scene(), set(), {}))


TRUTH = truth()


def test_a_case_has_everything_that_came_before_it_began() -> None:
    store = run_through(scene(), set(range(20)), {})
    assert members(store) == {
        "R0": ["noted", "ordered", "ordered", "received", "asked", "asked"],
        "R2": ["ordered", "noted"],
    }
    row = next(row for row in store.rows("cases") if row["case_id"] == "R0")
    assert (row["first_time"], row["events"]) == (1_000_000, 6)


def test_an_object_whose_case_never_begins_has_none_and_its_events_stay_stored() -> None:
    store = run_through(scene(), {3}, {})
    assert {row["case_id"] for row in store.rows("cases")} == {"R0", "R2"}
    linked = {case for row in store.rows("objects") for case in row["link.case_id"]}
    assert linked == {"R0", "R2"}
    assert len(store.rows("events")) == len(scene())


@settings(max_examples=150, deadline=None)
@given(
    st.permutations(scene()),
    st.lists(st.sampled_from(scene()), max_size=5),
    st.sets(st.integers(0, 14)),
    st.dictionaries(st.integers(1, 10), st.sampled_from(STAGES), max_size=5),
)
def test_any_order_doubles_batches_and_crashes_open_the_same_cases(
    events: list[Event], doubles: list[Event], cuts: set[int], kills: dict[int, str]
) -> None:
    assert outcome(run_through([*events, *doubles], cuts, kills)) == TRUTH


async def opened_by(*activities: str) -> list[str]:
    """The cases that events of one worker open under the shipped definitions."""
    store = MemoryStore()
    pipeline = Pipeline(store, load().definitions)
    await pipeline.start()
    for at, activity in enumerate(activities):
        await pipeline.take([event(activity, at, ("worker", "W"))])
        await pipeline.flush(at)
    assert len(store.rows("events")) == len(activities)
    return [f"{row['process']}/{row['case_id']}: {row['events']}" for row in store.rows("cases")]


async def test_the_transfer_of_somebody_hired_years_ago_is_no_onboarding() -> None:
    assert await opened_by("worker.transferred.v1", "worker.changed.v1") == ["employee_change/W: 2"]


async def test_a_hire_opens_the_onboarding_with_what_came_before_it() -> None:
    assert await opened_by("worker.changed.v1", "worker.hired.v1") == ["employee_onboarding/W: 2"]


async def test_one_worker_is_a_case_of_every_process_that_has_begun() -> None:
    opened = await opened_by("worker.hired.v1", "worker.transferred.v1", "worker.terminated.v1")
    assert set(opened) == {
        f"{name}/W: 3" for name in ("employee_onboarding", "employee_change", "employee_offboarding")
    }
