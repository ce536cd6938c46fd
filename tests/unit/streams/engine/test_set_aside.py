"""A case whose fold raises is set aside, shown, and tried again; its neighbours never notice."""

from collections.abc import Sequence
from typing import Any

import msgspec

from metrics.definitions.model import Definition, Match
from metrics.words import Event
from streams.cases.aside import SET_ASIDE
from streams.codecs.reasons import FOLD_FAILED
from streams.engine.aside_letters import CASE_ORIGIN
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline


def explodes(one: Event) -> bool:
    if one.attributes.get("kind") == "poison":
        raise ValueError("no such kind: 'poison'")
    return True


POISONED = msgspec.structs.replace(ORDERING, matches={**ORDERING.matches, "received": (Match(2, explodes),)})
MENDED = msgspec.structs.replace(ORDERING, version=2)
GOOD = [event("asked", 10, ("requisition", "good")), event("paid", 40, ("requisition", "good"))]
BAD = [
    event("asked", 10, ("requisition", "bad"), facility="north"),
    event("received", 20, ("requisition", "bad"), kind="poison", origin="flowglass.events/2@one", position=77),
    event("paid", 30, ("requisition", "bad")),
]


async def life(
    store: MemoryStore, events: Sequence[Event], epoch: int = 1, definition: Definition = POISONED, flushes: int = 1
) -> Pipeline:
    one = Pipeline(store, [definition], epoch=epoch)
    await one.start()
    share = -(-len(events) // flushes)
    for number in range(flushes):
        await one.take(events[number * share : (number + 1) * share])
        await one.flush(number + 1)
    return one


def case(store: MemoryStore, name: str) -> dict[str, Any]:
    return next(row for row in store.rows("cases") if row["case_id"] == name)


async def test_a_poisoned_case_is_set_aside_with_all_its_events_and_the_others_go_on() -> None:
    store = MemoryStore()
    one = await life(store, [*BAD, *GOOD])
    assert (case(store, "good")["outcome"], case(store, "good")["state"]) == ("done", "done")
    bad = case(store, "bad")
    assert (bad["state"], bad["status"], bad["events"], bad["facility"]) == (SET_ASIDE, "open", 3, "north")
    assert (bad["first_time"], bad["last_time"], bad["milestone.name"], bad["clock.name"]) == (
        10_000_000,
        30_000_000,
        [],
        [],
    )
    assert len(store.rows("events")) == len(store.rows("case_events")) == 5
    assert one.committed == {("events", 0): 1}


async def test_its_one_letter_tells_the_event_that_it_broke_at_and_why() -> None:
    store = MemoryStore()
    await life(store, [*BAD, *GOOD], flushes=5)
    (letter,) = store.rows("dead_letters")
    assert (letter["reason"], letter["origin"]) == (FOLD_FAILED, f"{CASE_ORIGIN}ordering")
    assert (letter["topic"], letter["partition"], letter["offset"]) == ("flowglass.events", 2, 77)
    assert letter["detail"] == "ValueError: no such kind: 'poison'"
    assert b'"kind":"poison"' in letter["payload"]


async def test_what_a_set_aside_case_shows_does_not_depend_on_how_its_events_came() -> None:
    shown = []
    for events, flushes in ((BAD, 1), (BAD, 3), (BAD[::-1], 1), (BAD[::-1], 3)):
        store = MemoryStore()
        await life(store, events, flushes=flushes)
        shown.append({**case(store, "bad"), "version": 0, "revision": 0, "checkpoint": ""})
    assert all(one == shown[0] for one in shown)


async def test_a_restart_with_a_mended_definition_folds_it_again() -> None:
    store = MemoryStore()
    await life(store, [*BAD, *GOOD])
    await life(store, [], epoch=2, definition=MENDED)
    bad = case(store, "bad")
    assert (bad["outcome"], bad["events"], bad["definition_version"]) == ("done", 3, 2)


async def test_a_restart_without_a_mending_leaves_it_where_it_is() -> None:
    store = MemoryStore()
    await life(store, [*BAD, *GOOD])
    await life(store, [event("asked", 50, ("requisition", "other"))], epoch=2)
    assert case(store, "bad")["state"] == SET_ASIDE
    assert len(store.rows("dead_letters")) == 1
    assert case(store, "other")["state"] == "asking"


async def test_an_event_that_is_replayed_has_it_tried_again_where_it_is_in_memory() -> None:
    store = MemoryStore()
    broken = [True]

    def explodes_at_first(one: Event) -> bool:
        if broken[0]:
            raise KeyError(one.id)
        return True

    brittle = msgspec.structs.replace(
        ORDERING, matches={**ORDERING.matches, "received": (Match(2, explodes_at_first),)}
    )
    one = await life(store, BAD, definition=brittle)
    assert case(store, "bad")["state"] == SET_ASIDE
    await one.flush(2)
    assert case(store, "bad")["state"] == SET_ASIDE
    broken[0] = False
    await one.take([BAD[1]])
    await one.flush(3)
    assert (case(store, "bad")["outcome"], case(store, "bad")["events"]) == ("done", 3)


async def test_a_case_that_is_mended_goes_on_as_any_other() -> None:
    store = MemoryStore()
    await life(store, BAD[:2])
    two = await life(store, [], epoch=2, definition=MENDED)
    assert case(store, "bad")["state"] == "here"
    await two.take([BAD[2]])
    await two.flush(2)
    assert case(store, "bad")["outcome"] == "done"
    assert len(store.rows("dead_letters")) == 1
