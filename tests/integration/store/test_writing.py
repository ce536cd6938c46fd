"""The writer on the real engine: what it pins, what it deduplicates, what it refuses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pytest

from metrics.settings import Settings
from metrics.store.client import IN_ORDER, StoreClient, connect
from metrics.store.errors import RowsRefused, StoreMismatch
from metrics.store.tables import TABLES
from metrics.store.writer import CLUSTER_SETTINGS, INSERT_SETTINGS, ClickHouseWriter, arrow_target, pinned_settings
from streams.engine.clickhouse_state import ClickHouseState
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store

BYTES = b"\x80\x00\xff"  # no UTF-8


def markers(rows: int, **changed: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "feed": [f"feed-{number}" for number in range(rows)],
        "kind": ["live"] * rows,
        "partition": [0] * rows,
        "count": [1] * rows,
        "origin": ["o"] * rows,
        "position": list(range(rows)),
        "ingested": list(range(rows)),
    }
    return columns | changed


def _example(kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return []
    if pa.types.is_timestamp(kind):
        return 1_795_000_000_000_000
    return {pa.string(): "", pa.binary(): BYTES}.get(kind, 1)


@pytest.fixture
def unmerged(store: StoreClient) -> Iterator[StoreClient]:
    """A store that does not merge markers, so that a row stored twice stays two."""
    store.command("SYSTEM STOP MERGES markers")
    yield store
    store.command("SYSTEM START MERGES markers")


def stored(store: StoreClient) -> int:
    return int(next(store.rows("SELECT count() AS n FROM markers"))["n"])


def test_a_block_sent_again_is_stored_once(unmerged: StoreClient) -> None:
    writer = ClickHouseWriter(unmerged)
    block = writer.prepare("markers", markers(100))
    for _ in range(3):
        writer.send(block)
    writer.insert("markers", markers(100))
    assert stored(unmerged) == 100


def test_without_deduplication_the_same_block_would_be_stored_twice(unmerged: StoreClient) -> None:
    block = ClickHouseWriter(unmerged).prepare("markers", markers(100))
    for _ in range(2):
        unmerged.insert(arrow_target("markers"), block.format, block.data, {"deduplicate_insert": "disable"})
    assert stored(unmerged) == 200


def test_other_content_or_another_scope_is_another_block(unmerged: StoreClient) -> None:
    writer = ClickHouseWriter(unmerged)
    writer.insert("markers", markers(10))
    writer.insert("markers", markers(10, count=[2] * 10))
    writer.insert("markers", markers(10), scope="replay-1")
    assert stored(unmerged) == 30


def in_force(store: StoreClient, names: Iterable[str], settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    expressions = ", ".join(f"toString(getSetting('{name}')) AS `{name}`" for name in sorted(names))
    result = store.query(f"SELECT {expressions}", settings=settings)
    values = dict(zip(result.column_names, result.result_rows[0], strict=True))
    return {name: {"true": "1", "false": "0"}.get(value, value) for name, value in values.items()}


def test_the_engine_has_the_pinned_settings_in_force(store: StoreClient) -> None:
    in_server = set(INSERT_SETTINGS) - {"wait_end_of_query"}  # a setting of the HTTP interface, not of the engine
    found = in_force(store, in_server, pinned_settings(store, cluster=False))
    assert found == {name: str(INSERT_SETTINGS[name]) for name in in_server}


def test_the_engine_takes_the_settings_of_a_cluster(store: StoreClient) -> None:
    found = in_force(store, CLUSTER_SETTINGS, pinned_settings(store, cluster=True))
    assert found == {
        "insert_quorum": "auto",
        "insert_quorum_parallel": "0",  # else sequential consistency of questions means nothing
        "distributed_foreground_insert": "1",
    }


def test_what_loads_state_asks_for_all_that_was_acknowledged(store: StoreClient, store_front: StoreFront) -> None:
    client = connect(Settings(store_url=store_front.url))
    try:
        assert ClickHouseState(client).is_empty()
        assert in_force(client, IN_ORDER) == {"select_sequential_consistency": "1"}
    finally:
        client.close()


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_pins_deduplication_and_durability(store: StoreClient, table: str) -> None:
    sql = "SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = {t:String}"
    row = next(store.rows(sql, {"t": table}))
    assert "non_replicated_deduplication_window = 1000" in row["ddl"]
    assert "fsync_after_insert = 1" in row["ddl"]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_takes_a_row_of_its_schema(store: StoreClient, table: str) -> None:
    row = {field.name: [_example(field.type)] for field in TABLES[table]}
    ClickHouseWriter(store).insert(table, row)
    (read,) = store.rows(f"SELECT * FROM {table}")
    for field in TABLES[table]:
        if pa.types.is_binary(field.type):
            assert read[field.name] == BYTES


def test_a_refused_block_stores_nothing_and_its_halves_store_the_rest(store: StoreClient) -> None:
    bad = markers(200)
    bad["feed"][7] = None
    writer = ClickHouseWriter(store)
    block = writer.prepare("markers", bad)
    with pytest.raises(RowsRefused):
        writer.send(block)
    assert stored(store) == 0
    first, second = block.halved()
    with pytest.raises(RowsRefused, match="NULL"):
        writer.send(first)
    writer.send(second)
    assert stored(store) == 100


def test_a_missing_value_is_refused_instead_of_stored_as_empty(store: StoreClient) -> None:
    with pytest.raises(RowsRefused):
        ClickHouseWriter(store).insert("markers", markers(1, feed=[None]))
    assert stored(store) == 0


def test_times_before_1970_and_far_ahead_come_back_exactly(store: StoreClient) -> None:
    times = [-681_696_000_000_001, -1, 0, 4_102_444_800_000_001]
    ClickHouseWriter(store).insert("markers", markers(4, ingested=times))
    rows = store.rows("SELECT toUnixTimestamp64Micro(ingested) AS t FROM markers ORDER BY position")
    assert [row["t"] for row in rows] == times


def test_a_table_that_is_missing_is_a_mismatch_not_an_outage(store: StoreClient) -> None:
    with pytest.raises(StoreMismatch):
        store.command("SELECT * FROM nowhere")
