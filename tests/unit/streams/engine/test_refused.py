"""Rows that the store refuses for good go aside, one by one; the flush and its partition go on."""

from types import SimpleNamespace
from typing import cast

import pytest

from metrics.store.errors import RowsRefused, StoreUnavailable, TooManyRefused
from metrics.words import Event
from streams.codecs.cloudevents import decode_batch
from streams.codecs.reasons import STORE_REFUSED
from streams.dead_letters.letters import Letter
from streams.dead_letters.replay import STORE_ROW, STORE_ROW_ORIGIN, unsendable
from streams.engine.cases_worker import Read
from streams.engine.refused import MOST_REFUSED
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline

LOG = "flowglass.events/3@one"


def asked(number: int) -> Event:
    return event("asked", number, ("requisition", f"R{number}"), id=f"e{number}", origin=LOG, position=number)


async def flushed(store: MemoryStore, count: int) -> Pipeline:
    one = Pipeline(store, [ORDERING])
    await one.start()
    await one.take([asked(number) for number in range(1, count + 1)])
    await one.flush(count)
    return one


async def test_a_refused_event_becomes_a_dead_letter_with_its_place_and_all_others_are_stored() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "events" and row["event_id"] in ("e7", "e8")
    one = await flushed(store, 50)
    assert {row["event_id"] for row in store.rows("events")} == {f"e{n}" for n in range(1, 51) if n not in (7, 8)}
    letters = store.rows("dead_letters")
    assert [(row["topic"], row["partition"], row["offset"], row["origin"], row["reason"]) for row in letters] == [
        ("flowglass.events", 3, number, LOG, STORE_REFUSED) for number in (7, 8)
    ]
    assert "events: Constraint is violated" in letters[0]["detail"]
    assert one.committed == {("events", 0): 50}
    assert [letter.position for letter in one.refused] == [7, 8]


async def test_the_letter_of_a_refused_event_reads_as_that_event_again() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "events" and row["event_id"] == "e7"
    await flushed(store, 10)
    (letter,) = store.rows("dead_letters")
    record = Read("flowglass.events", 3, 99, 0, letter["record_key"], letter["payload"], letter["record_headers"])
    (back,), _, _ = decode_batch([record], "one")
    was = asked(7)
    assert (back.id, back.time, back.objects, back.source) == (was.id, was.time, was.objects, was.source)


async def test_a_refused_row_of_state_tells_what_was_read_and_is_no_message() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "cases" and row["case_id"] == "R2"
    await flushed(store, 5)
    assert sorted(row["case_id"] for row in store.rows("cases")) == ["R1", "R3", "R4", "R5"]
    (letter,) = store.rows("dead_letters")
    assert letter["origin"] == f"{STORE_ROW_ORIGIN}cases"
    assert (letter["topic"], letter["partition"], letter["offset"]) == ("events", 0, 4)
    assert letter["detail"].endswith("read before events/0@5")
    assert unsendable(cast(Letter, SimpleNamespace(**letter)), letter["payload"]) == STORE_ROW


async def test_a_row_of_state_refused_again_and_again_is_one_letter() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "cases" and row["case_id"] == "R2"
    one = await flushed(store, 5)
    await one.take([event("ordered", 99, ("requisition", "R2"))])
    await one.flush(6)
    assert len(one.refused) == 2
    assert len(store.rows("dead_letters")) == 1


async def test_a_flush_that_breaks_among_the_halves_is_repeated_to_the_same_end() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "events" and row["event_id"] == "e7"
    one = Pipeline(store, [ORDERING])
    await one.start()
    await one.take([asked(number) for number in range(1, 51)])
    broken = iter((False, False, True))  # the block, its first half, and then the store is gone

    def refuses(table: str, row: dict[str, object]) -> bool:
        if table == "events" and row["event_id"] == "e7":
            if next(broken, False):
                raise StoreUnavailable("gone")
            return True
        return False

    store.refuses = refuses
    await one.flush(50)
    assert len(store.rows("events")) == 49
    assert len(store.rows("dead_letters")) == 1


async def test_so_many_refused_rows_stop_the_worker_since_the_table_is_wrong() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "events"
    with pytest.raises(TooManyRefused, match=r"more than 100 of 5000 rows of events .*flowglass migrate"):
        await flushed(store, 5_000)
    assert not store.rows("dead_letters")
    assert not store.rows("checkpoints")
    assert store.tries < 3 * MOST_REFUSED


async def test_as_many_as_may_be_refused_are_set_aside() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "events" and row["position"] <= MOST_REFUSED
    await flushed(store, 500)
    assert len(store.rows("dead_letters")) == MOST_REFUSED
    assert len(store.rows("events")) == 400


async def test_refused_dead_letters_stop_the_worker_instead_of_making_more() -> None:
    store = MemoryStore()
    store.refuses = lambda table, row: table == "dead_letters" or row.get("event_id") == "e7"
    with pytest.raises(RowsRefused):
        await flushed(store, 10)
