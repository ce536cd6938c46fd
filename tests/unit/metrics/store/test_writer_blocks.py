"""What the writer freezes, without a store."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pyarrow as pa
import pytest

from metrics.store.block import Block, block_token
from metrics.store.client import StoreClient
from metrics.store.errors import RowsRefused, StoreMismatch
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter

MARKERS: dict[str, list[Any]] = {
    "feed": ["a", "b", "c"],
    "kind": ["live"] * 3,
    "partition": [0, 1, 2],
    "count": [7, 8, 9],
    "origin": ["t/0@x"] * 3,
    "position": [1, 2, 3],
    "ingested": [0, -1, 1_700_000_000_000_000],
}


class RecordingClient:
    """Takes inserts like `StoreClient`."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[str], Mapping[str, Any]]] = []

    def has_setting(self, name: str) -> bool:
        return True

    def insert(self, target: str, form: str, data: bytes, settings: Mapping[str, Any]) -> None:
        feeds = pa.ipc.open_stream(data).read_all()["feed"].to_pylist()
        self.sent.append((feeds, settings))


def writer(client: RecordingClient) -> ClickHouseWriter:
    return ClickHouseWriter(cast(StoreClient, client))


def test_times_travel_as_time_stamps_made_of_integers() -> None:
    block = writer(RecordingClient()).prepare("markers", MARKERS)
    table = pa.ipc.open_stream(block.data).read_all()
    assert table.schema == TABLES["markers"]
    assert table["ingested"].cast(pa.int64()).to_pylist() == MARKERS["ingested"]
    assert block.rows == 3


def test_a_token_names_exactly_this_content_table_and_scope() -> None:
    prepare = writer(RecordingClient()).prepare
    first = prepare("markers", MARKERS)
    assert prepare("markers", MARKERS) == first
    others = [
        prepare("markers", MARKERS, scope="v2"),
        prepare("markers", MARKERS | {"count": [7, 8, 10]}),
        prepare("markers", {name: values[:2] for name, values in MARKERS.items()}),
    ]
    assert len({block.token for block in [first, *others]}) == 4


def test_record_batches_and_columns_give_the_same_block() -> None:
    prepare = writer(RecordingClient()).prepare
    batch = pa.record_batch([pa.array(MARKERS[f.name], f.type) for f in TABLES["markers"]], schema=TABLES["markers"])
    assert prepare("markers", batch) == prepare("markers", MARKERS)
    assert prepare("markers", pa.Table.from_batches([batch])) == prepare("markers", MARKERS)


def test_a_value_that_fits_no_column_is_refused_by_name() -> None:
    with pytest.raises(RowsRefused, match="position"):
        writer(RecordingClient()).prepare("markers", MARKERS | {"position": [1, -2, 3]})
    with pytest.raises(RowsRefused, match="feed"):
        writer(RecordingClient()).prepare("markers", MARKERS | {"feed": ["a", "\ud800", "c"]})


def test_wrong_columns_are_the_programs_fault_not_the_rows() -> None:
    columns = {("sort" if name == "kind" else name): values for name, values in MARKERS.items()}
    with pytest.raises(StoreMismatch, match=r"missing \['kind'\], unknown \['sort'\]"):
        writer(RecordingClient()).prepare("markers", columns)
    with pytest.raises(StoreMismatch, match="no table"):
        writer(RecordingClient()).prepare("nowhere", {})


def rows_of(block: Block) -> Iterator[dict[str, Any]]:
    if block.rows == 1:
        yield block.told()
        return
    for half in block.halved():
        yield from rows_of(half)


def test_the_halves_of_a_block_hold_its_rows_in_order_and_are_the_same_each_time() -> None:
    prepared = writer(RecordingClient())
    rows = [tuple(values) for values in zip(*MARKERS.values(), strict=True)]
    for block in (prepared.prepare("markers", MARKERS, scope="v2"), prepared.prepare_rows("markers", rows, scope="v2")):
        first, second = block.halved()
        assert (first.rows, second.rows) == (1, 2)
        assert block.halved() == (first, second)
        assert len({block.token, first.token, second.token}) == 3
        assert first.token == block_token("markers", "v2", first.data)
        assert [tuple(row.values()) for row in rows_of(block)] == rows
        assert list(block.told()) == list(MARKERS)


def test_every_insert_carries_its_token_and_the_pinned_settings() -> None:
    client = RecordingClient()
    sender = ClickHouseWriter(cast(StoreClient, client), cluster="main")
    block = sender.prepare("markers", MARKERS)
    sender.send(block)
    settings = client.sent[0][1]
    assert settings["insert_deduplication_token"] == block.token
    assert (settings["async_insert"], settings["wait_end_of_query"], settings["insert_deduplicate"]) == (0, 1, 1)
    assert settings["deduplicate_insert"] == "enable"
    assert (settings["insert_quorum"], settings["distributed_foreground_insert"]) == ("auto", 1)


def test_an_empty_block_is_not_sent() -> None:
    client = RecordingClient()
    sender = writer(client)
    sender.insert("markers", {name: [] for name in MARKERS})
    sender.send(Block("markers", 0, b"", ""))
    assert client.sent == []
