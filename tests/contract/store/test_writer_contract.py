"""What the engine relies on, of the store and of the fake that stands in for it in unit tests."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from tests.fakes.memory_store import MemoryStore

pytestmark = pytest.mark.store


class Port(NamedTuple):
    """A writer, and how to read a table's rows (newest version of each key)."""

    writer: Any
    rows: Callable[[str], list[dict[str, Any]]]


@pytest.fixture(params=["memory", "clickhouse"])
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    if request.param == "memory":
        fake = MemoryStore()
        yield Port(fake, fake.rows)
    else:
        client: StoreClient = request.getfixturevalue("store")
        yield Port(ClickHouseWriter(client), lambda table: list(client.rows(f"SELECT * FROM {table} FINAL")))


def feed(version: int, phase: str, name: str = "simulator") -> dict[str, Any]:
    return {
        "feed": [name], "version": [version], "phase": [phase], "watermark": [0], "last_seen": [0], "simulated": [1],
    }  # fmt: skip


def test_a_block_sent_twice_is_stored_once(port: Port) -> None:
    block = port.writer.prepare("feeds", feed(1, "backfill"))
    port.writer.send(block)
    port.writer.send(block)
    assert len(port.rows("feeds")) == 1


def test_the_highest_version_wins_whatever_the_order(port: Port) -> None:
    for version, phase in [(2, "live"), (3, "end"), (1, "backfill")]:
        port.writer.send(port.writer.prepare("feeds", feed(version, phase)))
    assert [row["phase"] for row in port.rows("feeds")] == ["end"]


def test_keys_stay_apart(port: Port) -> None:
    for name in ("a", "b"):
        port.writer.send(port.writer.prepare("feeds", feed(1, "live", name)))
    assert {row["feed"] for row in port.rows("feeds")} == {"a", "b"}


def test_a_block_names_its_table(port: Port) -> None:
    assert port.writer.prepare("feeds", feed(1, "live")).table == "feeds"


def rows(*versions: int) -> list[tuple[Any, ...]]:
    return [("simulator", version, f"phase {version}", 0, 0, True) for version in versions]


def test_a_block_of_rows_sent_twice_is_stored_once(port: Port) -> None:
    block = port.writer.prepare_rows("feeds", rows(1))
    port.writer.send(block)
    port.writer.send(block)
    assert len(port.rows("feeds")) == 1


def test_rows_and_columns_follow_the_same_versions(port: Port) -> None:
    port.writer.send(port.writer.prepare_rows("feeds", rows(3)))
    port.writer.send(port.writer.prepare("feeds", feed(2, "live")))
    port.writer.send(port.writer.prepare_rows("feeds", rows(1)))
    assert [row["phase"] for row in port.rows("feeds")] == ["phase 3"]


def test_frozen_rows_do_not_follow_what_they_were_made_of(port: Port) -> None:
    row = ["simulator", 1, "before", 0, 0, True]
    block = port.writer.prepare_rows("feeds", [row])
    row[2] = "after"
    port.writer.send(block)
    assert [row["phase"] for row in port.rows("feeds")] == ["before"]
