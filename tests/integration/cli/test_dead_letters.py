"""Dead letters and paused sources in the real store."""

import json
from collections.abc import Callable
from pathlib import Path
from time import time_ns

import pytest
from typer.testing import Result

from metrics.privacy.keyring import KEYS_FILE, Keyring, ensure_keyring, read_keyring
from metrics.privacy.sealing import Sealer
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, DeadLetter
from streams.dead_letters.command import dlq
from streams.dead_letters.letters import DIED_AGAIN, NEW, REPLAYED, Which, read_letters, read_originals
from streams.dead_letters.originals import REPLAY_HEADER, Original
from streams.dead_letters.pauses import StoredPauses
from streams.dead_letters.replay import Replay
from streams.dead_letters.source_command import source
from streams.producer import Outgoing
from tests.integration.cli.seeding import bury
from tests.unit.streams.dead_letters.test_divert import letter
from tests.unit.streams.dead_letters.test_replay import FakeBroker

pytestmark = pytest.mark.store
Run = Callable[..., Result]
NOW = time_ns() // 1_000_000_000 * 1_000_000  # what is older than its TTL vanishes
PLACE = {"topic": "flowglass.events", "origin": "flowglass.events/0@i"}


def dead(position: int, payload: bytes, ingested: int, **fields: object) -> DeadLetter:
    return letter(payload, **(PLACE | {"position": position, "offset": position, "ingested": NOW + ingested} | fields))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """The keyring of the data directory that the commands are told."""
    ensure_keyring(tmp_path / KEYS_FILE)
    return read_keyring(tmp_path / KEYS_FILE)


async def replayed(store: StoreClient, keyring: Keyring, at: int, which: Which = Which()) -> FakeBroker:  # noqa: B008
    broker = FakeBroker()
    reader, writer = Queries(store), ClickHouseWriter(store)
    work = Replay(reader, Sealer(keyring), broker, lambda table, rows: writer.insert(table, rows), lambda: NOW + at)
    await work.send(read_letters(reader, which))
    return broker


def states(store: StoreClient) -> dict[int, str]:
    return {one.position: one.state for one in read_letters(Queries(store))}


def again(record: tuple[str, Outgoing], position: int) -> DeadLetter:
    """A record that was sent again, and could not be read again."""
    _, (key, value, headers, _, _) = record
    return dead(position, value or b"", 5_000_000, record_key=key, record_headers=tuple(headers))


async def test_a_letter_is_new_then_replayed_then_perhaps_dead_again(store: StoreClient, keyring: Keyring) -> None:
    bury(store, [dead(1, b"one \x00\xff", 1_000_000), dead(2, b"two", 2_000_000)], keyring)
    assert states(store) == {1: NEW, 2: NEW}
    broker = await replayed(store, keyring, at=5_000_000)
    assert [record[1] for _, record in broker.records] == [b"one \x00\xff", b"two"]
    assert states(store) == {1: REPLAYED, 2: REPLAYED}
    bury(store, [again(broker.records[1], 3)], keyring)
    assert states(store) == {1: REPLAYED, 2: DIED_AGAIN, 3: DIED_AGAIN}
    assert len((await replayed(store, keyring, at=6_000_000)).records) == 2  # the second and third are one message


async def test_letters_are_chosen_by_reason_source_owner_state_and_the_start_of_an_id(store: StoreClient) -> None:
    native = {"topic": "flowglass.native", "record_headers": (("fg-system", b"coupa"),)}
    bury(store, [dead(1, b"1", 1, reason="bad_time"), dead(2, b"2", 2, reason="bad_type", source="/coupa", **native)])
    reader = Queries(store)
    newest, oldest = read_letters(reader)
    assert (newest.position, oldest.position, newest.total) == (2, 1, 2)
    assert (newest.system, newest.owner, oldest.system, oldest.owner) == ("coupa", "procurement", "", "integration")
    for which in (
        Which(source="/coupa"),
        Which(source="coupa"),
        Which(system="coupa"),
        Which(owner="procurement"),
        Which(reason="bad_type"),
    ):
        assert [one.position for one in read_letters(reader, which)] == [2]
    assert read_letters(reader, Which(states=[REPLAYED])) == []
    assert [one.position for one in read_letters(reader, Which(ids=[newest.id[:5]]))] == [2]
    assert len(read_letters(reader, limit=1)) == 1


CE = (("ce_id", b"e-1"), ("ours", b"\xff\x00"), ("none", None))


async def test_key_and_headers_come_back_from_the_store_as_they_went_in(store: StoreClient, keyring: Keyring) -> None:
    letters = [dead(1, b'{"objects":[', 1, record_key=b"\x00wrong", record_headers=CE), dead(2, b"bare", 2)]
    bury(store, letters, keyring)
    broker = await replayed(store, keyring, at=5)
    by_value = {record[1]: record for _, record in broker.records}
    key, _, headers, partition, _ = by_value[b'{"objects":[']
    assert (key, partition) == (b"\x00wrong", 0)
    assert list(headers)[:-1] == list(CE)
    assert [name for name, _ in by_value[b"bare"][2]] == [REPLAY_HEADER]


async def test_an_original_vanishes_when_its_time_is_over_and_the_letter_stays(
    store: StoreClient, keyring: Keyring
) -> None:
    bury(store, [dead(1, b"old", -20 * DAY), dead(2, b"young", 0)], keyring)
    found = {one.position: one.original for one in read_letters(Queries(store))}
    assert found == {1: "expired", 2: "kept"}
    store.command("OPTIMIZE TABLE dead_letters FINAL")
    rows = store.rows("SELECT position, sealed != '' AS sealed FROM dead_letters ORDER BY position")
    assert [(row["position"], row["sealed"]) for row in rows] == [(1, 0), (2, 1)]


async def test_without_a_keyring_no_original_is_kept_and_the_letter_says_so(
    run: Run, store: StoreClient, keyring: Keyring
) -> None:
    bury(store, [dead(1, b"{", 1)])
    bury(store, [dead(2, b"{", 2)], keyring, days=0)
    assert {one.original for one in read_letters(Queries(store))} == {"none"}
    done = run(dlq, "replay", "--all", "--dry-run")
    assert done.stdout.count("not sent: its original was not kept: ask the sender to send it again") == 2
    assert done.exit_code == 1


SECRETS = b'{"id": "e-1", "name": "Wanda Zimtstern", "ssn": "078-05-1120", "password": "quartz-sword"'


async def test_what_is_stored_in_clear_tells_nothing_of_the_message(store: StoreClient, keyring: Keyring) -> None:
    headers = (("content-type", b"application/json"), ("x-user", b"Zimtstern"))
    told = "time: '078-05-1120' of Zimtstern is no time"
    one = dead(1, SECRETS, 1, record_key=b"Zimtstern", record_headers=headers, detail=told)
    bury(store, [one], keyring)
    (row,) = store.rows("SELECT * EXCEPT sealed FROM dead_letters")
    assert not [word for word in ("Zimtstern", "078-05", "quartz") if word in repr(row)]
    assert row["detail"] == "time: '999-99-9999' of Aaaaaaaaa is no time"
    (kept,) = read_letters(Queries(store))
    ((_, original),) = read_originals(Queries(store), Sealer(keyring), [kept], NOW)
    masked = SECRETS.replace(b'"quartz-sword"', b'"***"')  # no mapping reads a password: it is not even sealed
    assert original == Original(masked, b"Zimtstern", headers)


async def test_an_original_that_was_put_into_another_row_is_not_opened(store: StoreClient, keyring: Keyring) -> None:
    bury(store, [dead(1, b"one", 1), dead(2, b"two", 2)], keyring)
    letters = {one.position: one for one in read_letters(Queries(store))}
    seal = Sealer(keyring)
    text = store.command("SELECT sealed FROM dead_letters WHERE position = 1")
    with pytest.raises(ValueError, match="belongs to something else"):
        seal.open(text, about=letters[2].id, now=NOW)


def test_the_list_and_one_letter_are_shown(run: Run, store: StoreClient) -> None:
    bury(store, [dead(1, b'{"id":"\x1b[31m"', 1_000_000, record_key=b"PO-1", record_headers=CE)])
    told = json.loads(run(dlq, "list", "--json").stdout)
    (one,) = told["dead_letters"]
    assert (told["total"], one["reason"], one["state"]) == (1, "bad_time", NEW)
    shown = run(dlq, "show", one["id"][:6])
    assert shown.exit_code == 0
    for line in (
        "RFC 3339",
        "header        (key): AA-9\n",
        "header        ce_id: a-9\n",
        "header        none: (none)\n",
    ):
        assert line in shown.stdout
    assert "\x1b" not in shown.stdout
    assert json.loads(run(dlq, "show", one["id"], "--json").stdout)["excerpt"] == '{"id":"·[99a"'
    assert run(dlq, "show", "nothing").exit_code == 1
    assert run(dlq, "replay").exit_code == 2


def test_a_replay_of_nothing_needs_no_broker(run: Run, store: StoreClient) -> None:
    done = run(dlq, "replay", "--all", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"sent": 0, "died_again": [], "skipped": [], "read": True}


def test_a_source_is_paused_and_resumed(run: Run, store: StoreClient) -> None:
    assert run(source, "list").stdout == "no source is paused\n"
    run(source, "pause", "/coupa", "--why", "the mapping is wrong")
    again = run(source, "pause", "/coupa")
    assert again.stdout == "/coupa was paused already\n"
    assert "only the sender can send them again" in again.stderr
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
