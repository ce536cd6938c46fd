"""The outcome depends on the set of events alone: not on order, doubles, batches or crashes."""

import asyncio
from itertools import compress
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definitions.model import Definition, LinkRule
from metrics.store.outcome import OUTCOME, outcome_rows
from metrics.words import Event, ObjectRef
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Killed, Pipeline

STAGES = ["frozen", "fact:events", "fact:case_events", "facts", "messages", "state:cases", "state:objects", "state"]
NEVER = "never"


def scene(requisitions: int = 3) -> list[Event]:
    """Requisitions, a consolidated order, partial receipts, one invoice over two orders, a stranger, another number."""
    events = []
    for r in range(requisitions):
        events.append(event("asked", 10 + r, ("requisition", f"R{r}"), facility="north"))
        events.append(event("ordered", 20 + r, ("purchase_order", f"P{r}"), ("requisition", f"R{r}")))
        events.append(event("received", 30 + r, ("goods_receipt", f"G{r}"), ("purchase_order", f"P{r}")))
    events.append(event("ordered", 25, ("purchase_order", "P0"), ("requisition", "R1")))
    events.append(event("received", 41, ("goods_receipt", "G0b"), ("purchase_order", "P0")))
    events.append(event("received", 41, ("goods_receipt", "G0c"), ("purchase_order", "P0"), sequence=1))
    events.append(event("paid", 50, ("invoice", "I0"), ("purchase_order", "P0"), ("purchase_order", "P1")))
    events.append(event("noted", 51, ("invoice", "I0")))
    events.append(event("noted", 52, ("goods_receipt", "G-unknown")))
    events.append(also_called("PO-2", event("noted", 53, ("purchase_order", "P2"))))
    events.append(event("received", 42, ("goods_receipt", "G2b"), ("purchase_order", "PO-2")))
    return events


def also_called(number: str, told: Event) -> Event:
    """The event with another number of its object."""
    return msgspec.structs.replace(told, objects=(*told.objects, ObjectRef(told.objects[0].type, number, "alias")))


def outcome(store: MemoryStore) -> dict[str, Any]:
    """The outcome tables without what only tells how they were reached."""
    return {table: outcome_rows(table, store.rows(table)) for table in OUTCOME if table in store.tables}


async def run(
    events: list[Event], cuts: set[int], kills: dict[int, str], definition: Definition = ORDERING
) -> MemoryStore:
    """Feed `events`, flush after each cut, die in the flushes named by `kills`, and start over from the commit."""
    store, committed, epoch = MemoryStore(), 0, 1
    flushes = 0
    while True:
        pipeline = Pipeline(store, [definition], epoch=epoch)
        await pipeline.start()
        try:
            for index in range(committed, len(events)):
                await pipeline.take([events[index]])
                if index in cuts or index == len(events) - 1:
                    flushes += 1
                    pipeline.kill_at = kills.get(flushes, NEVER)
                    await pipeline.flush(offset=index + 1)
                    committed = index + 1
            return store
        except Killed:
            epoch += 1


def truth() -> dict[str, Any]:
    return outcome(asyncio.run(run(sorted(scene(), key=lambda e: (e.time, e.sequence, e.id)), set(), {})))


TRUTH = truth()


@settings(max_examples=150, deadline=None)
@given(
    st.permutations(scene()),
    st.lists(st.sampled_from(scene()), max_size=6),
    st.sets(st.integers(0, 24)),
    st.dictionaries(st.integers(1, 12), st.sampled_from(STAGES), max_size=6),
)
def test_any_order_doubles_batches_and_crashes_give_the_same_outcome(
    events: list[Event], doubles: list[Event], cuts: set[int], kills: dict[int, str]
) -> None:
    store = asyncio.run(run([*events, *doubles], cuts, kills))
    assert outcome(store) == TRUTH


def test_the_scene_links_what_belongs_together() -> None:
    store = asyncio.run(run(scene(), set(), {}))
    cases = {row["case_id"]: row for row in store.rows("cases")}
    assert set(cases) == {"R0", "R1", "R2"}
    assert cases["R0"]["state"] == "done"
    assert cases["R2"]["state"] == "here"
    in_r1 = {row["event_id"] for row in store.rows("case_events") if row["case_id"] == "R1"}
    assert any("G0b" in name for name in in_r1), "a receipt of the consolidated order belongs to both requisitions"
    assert any("noted@51" in name for name in in_r1)
    in_r2 = {row["event_id"] for row in store.rows("case_events") if row["case_id"] == "R2"}
    assert any("G2b" in name for name in in_r2), "a receipt may name the order by its other number"


def broad_order() -> list[Event]:
    """One order that five requisitions claim, with a receipt that came before any of them."""
    claims = [event("ordered", 20 + r, ("purchase_order", "P"), ("requisition", f"R{r}")) for r in range(5)]
    asked = [event("asked", 10, ("requisition", f"R{r}")) for r in range(5)]
    return [*claims, *asked, event("received", 5, ("goods_receipt", "G"), ("purchase_order", "P"))]


CAPPED = msgspec.structs.replace(
    ORDERING,
    links=(LinkRule("purchase_order", "requisition", 2), LinkRule("goods_receipt", "purchase_order", 50)),
)


@settings(max_examples=80, deadline=None)
@given(
    st.permutations(broad_order()),
    st.sets(st.integers(0, 10)),
    st.dictionaries(st.integers(1, 6), st.sampled_from(STAGES), max_size=3),
)
def test_a_cap_keeps_the_earliest_links_and_withdraws_what_came_through_the_others(
    events: list[Event], cuts: set[int], kills: dict[int, str]
) -> None:
    store = asyncio.run(run(events, cuts, kills, CAPPED))
    order = next(row for row in store.rows("objects") if row["object_id"] == "P")
    assert sorted(compress(order["link.case_id"], order["link.kept"])) == ["R0", "R1"]
    assert order["capped"] == 3
    received_in = {
        row["case_id"]
        for row in store.rows("case_events")
        if row["event_id"].startswith("received") and not row["withdrawn"]
    }
    assert received_in == {"R0", "R1"}
    counts = {row["case_id"]: row["events"] for row in store.rows("cases")}
    assert counts == {"R0": 7, "R1": 7, "R2": 2, "R3": 2, "R4": 2}
