"""Dead letters and paused sources in the real store."""

import json
from collections.abc import Callable
from time import time_ns

import pytest
from typer.testing import Result

from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import DeadLetter
from streams.dead_letters.command import dlq
from streams.dead_letters.letters import DIED_AGAIN, NEW, REPLAYED, read_letters, read_payloads
from streams.dead_letters.pauses import StoredPauses
from streams.dead_letters.replay import REPLAY_HEADER, Replay
from streams.dead_letters.source_command import source
from tests.integration.cli.seeding import bury
from tests.unit.streams.dead_letters.test_divert import letter
from tests.unit.streams.dead_letters.test_replay import FakeBroker

pytestmark = pytest.mark.store
Run = Callable[..., Result]
NOW = time_ns() // 1_000_000_000 * 1_000_000  # what is older than its TTL vanishes
PLACE = {"topic": "flowglass.events", "origin": "flowglass.events/0@i"}


def dead(position: int, payload: bytes, ingested: int, **fields: object) -> DeadLetter:
    return letter(payload, **(PLACE | {"position": position, "offset": position, "ingested": NOW + ingested} | fields))


async def replayed(store: StoreClient, at: int, **which: object) -> FakeBroker:
    broker = FakeBroker()
    reader, writer = Queries(store), ClickHouseWriter(store)
    letters = read_letters(reader, **which)  # type: ignore[arg-type]
    await Replay(reader, broker, lambda table, rows: writer.insert(table, rows), lambda: NOW + at).send(letters)
    return broker


def states(store: StoreClient) -> dict[int, str]:
    return {one.position: one.state for one in read_letters(Queries(store))}


async def test_a_letter_is_new_then_replayed_then_perhaps_dead_again(store: StoreClient) -> None:
    bury(store, [dead(1, b"one \x00\xff", 1_000_000), dead(2, b"two", 2_000_000)])
    assert states(store) == {1: NEW, 2: NEW}
    broker = await replayed(store, at=5_000_000)
    assert sorted(record[1] or b"" for _, record in broker.records) == [b"one \x00\xff", b"two"]
    assert states(store) == {1: REPLAYED, 2: REPLAYED}
    bury(store, [dead(3, b"two", 5_000_000)])
    assert states(store) == {1: REPLAYED, 2: DIED_AGAIN, 3: DIED_AGAIN}


async def test_letters_are_chosen_by_reason_source_state_and_the_start_of_an_id(store: StoreClient) -> None:
    bury(store, [dead(1, b"1", 1, reason="bad_time"), dead(2, b"2", 2, reason="bad_type", source="/coupa")])
    reader = Queries(store)
    newest, oldest = read_letters(reader)
    assert (newest.position, oldest.position, newest.total) == (2, 1, 2)
    assert [one.position for one in read_letters(reader, reason="bad_time")] == [1]
    assert [one.position for one in read_letters(reader, source="/coupa")] == [2]
    assert read_letters(reader, states=[REPLAYED]) == []
    assert [one.position for one in read_letters(reader, ids=[newest.id[:5]])] == [2]
    assert [one.payload for one in read_payloads(reader, [oldest.id])] == [b"1"]
    assert len(read_letters(reader, limit=1)) == 1


CE = (("ce_id", b"e-1"), ("ours", b"\xff\x00"), ("none", None))


async def test_key_and_headers_come_back_from_the_store_as_they_went_in(store: StoreClient) -> None:
    bury(store, [dead(1, b'{"objects":[', 1, record_key=b"\x00wrong", record_headers=CE), dead(2, b"bare", 2)])
    broker = await replayed(store, at=5)
    by_value = {record[1]: record for _, record in broker.records}
    key, _, headers, partition, _ = by_value[b'{"objects":[']
    assert (key, partition) == (b"\x00wrong", 0)
    assert list(headers)[:-1] == list(CE)
    assert [name for name, _ in by_value[b"bare"][2]] == [REPLAY_HEADER]


async def test_the_same_value_under_another_id_header_is_another_message(store: StoreClient) -> None:
    other = (("ce_id", b"e-2"), *CE[1:])
    keys = {"record_key": b"k"}
    bury(store, [dead(1, b"{", 1, record_headers=CE, **keys), dead(2, b"{", 2, record_headers=other, **keys)])
    bury(store, [dead(3, b"{", 3, record_headers=CE, record_key=b"other")])
    broker = await replayed(store, at=5)
    assert len(broker.records) == 3


async def test_a_replay_that_dies_again_is_known_by_its_mark(store: StoreClient) -> None:
    bury(store, [dead(1, b"{", 1, reason="missing_key"), dead(2, b"{", 2, record_key=b"k", record_headers=CE)])
    broker = await replayed(store, at=1_000_000)
    again = [
        dead(10 + number, record[1] or b"", 2_000_000, record_key=record[0], record_headers=tuple(record[2]))
        for number, (_, record) in enumerate(broker.records)
    ]
    bury(store, again)
    assert states(store) == dict.fromkeys((1, 2, 10, 11), DIED_AGAIN)
    assert len((await replayed(store, at=3_000_000)).records) == 2  # each of them is one message, not two


def test_the_list_and_one_letter_are_shown(run: Run, store: StoreClient) -> None:
    bury(store, [dead(1, b'{"id":"\x1b[31m"', 1_000_000)])
    told = json.loads(run(dlq, "list", "--json").stdout)
    (one,) = told["dead_letters"]
    assert (told["total"], one["reason"], one["state"]) == (1, "bad_time", NEW)
    shown = run(dlq, "show", one["id"][:6])
    assert shown.exit_code == 0
    assert "RFC 3339" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert json.loads(run(dlq, "show", one["id"], "--json").stdout)["payload_base64"]
    assert run(dlq, "show", "nothing").exit_code == 1
    assert run(dlq, "replay").exit_code == 2


def test_a_letter_is_shown_with_its_key_and_headers(run: Run, store: StoreClient) -> None:
    bury(store, [dead(1, b"{", 1, record_key=b"PO-1", record_headers=CE)])
    (one,) = read_letters(Queries(store))
    shown = run(dlq, "show", one.id).stdout
    assert "key           PO-1\n" in shown
    assert "header        ce_id: e-1\n" in shown
    assert "header        none: (none)\n" in shown
    told = json.loads(run(dlq, "show", one.id, "--json").stdout)
    assert told["key_base64"] == "UE8tMQ=="
    assert told["headers"][1:] == [{"name": "ours", "value_base64": "/wA="}, {"name": "none", "value_base64": None}]


def test_a_replay_of_nothing_needs_no_broker(run: Run, store: StoreClient) -> None:
    done = run(dlq, "replay", "--all", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"sent": 0, "died_again": [], "skipped": [], "read": True}


def test_a_source_is_paused_and_resumed(run: Run, store: StoreClient) -> None:
    assert run(source, "list").stdout == "no source is paused\n"
    run(source, "pause", "/coupa", "--why", "the mapping is wrong")
    assert run(source, "pause", "/coupa").stdout == "/coupa was paused already\n"
    (listed,) = json.loads(run(source, "list", "--json").stdout)["sources"]
    assert (listed["source"], listed["cause"], listed["detail"]) == ("/coupa", "operator", "the mapping is wrong")
    assert "flowglass dlq replay" in run(source, "resume", "/coupa").stdout
    assert json.loads(run(source, "list", "--json").stdout)["sources"] == []
    assert json.loads(run(source, "list", "--all", "--json").stdout)["sources"][0]["version"] == 2


def test_the_newest_word_on_a_source_holds_and_its_history_stays(store: StoreClient) -> None:
    pauses = StoredPauses(store, ClickHouseWriter(store), iter(range(1, 10)).__next__)
    assert pauses.pause("/coupa", "600 a minute", "limit")
    assert pauses.resume("/coupa")
    assert pauses.pause("/coupa", "again")
    assert pauses.paused()["/coupa"].version == 3
    assert store.command("SELECT count() FROM source_pauses") == 3
