"""What the writer freezes, without a store."""

from collections.abc import Mapping
from typing import Any, cast

import pyarrow as pa
import pytest

from metrics.store.client import StoreClient
from metrics.store.errors import RowsRefused, StoreMismatch, StoreUnavailable
from metrics.store.tables import TABLES
from metrics.store.writer import Block, ClickHouseWriter

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
    """Takes inserts like `StoreClient`; refuses blocks that hold a feed in `bad`."""

    def __init__(self, bad: frozenset[str] = frozenset(), error: Exception | None = None) -> None:
        self.bad = bad
        self.error = error
        self.sent: list[tuple[list[str], Mapping[str, Any]]] = []

    def has_setting(self, name: str) -> bool:
        return True

    def insert(self, target: str, form: str, data: bytes, settings: Mapping[str, Any]) -> None:
        if self.error:
            raise self.error
        feeds = pa.ipc.open_stream(data).read_all()["feed"].to_pylist()
        if self.bad & set(feeds):
            raise RowsRefused(f"bad feed among {len(feeds)}", 53)
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


def test_bisecting_stores_the_good_rows_and_returns_the_bad_with_reasons() -> None:
    client = RecordingClient(bad=frozenset({"b"}))
    refused = writer(client).insert_bisecting("markers", MARKERS | {"count": [7, 8, -9]})
    assert [(row.index, row.reason) for row in refused] == [
        (1, "bad feed among 1"),
        (2, refused[1].reason),
    ]
    assert "count" in refused[1].reason
    assert [feeds for feeds, _ in client.sent] == [["a"]]


def test_bisecting_does_not_hide_a_store_that_is_away() -> None:
    with pytest.raises(StoreUnavailable):
        writer(RecordingClient(error=StoreUnavailable("gone"))).insert_bisecting("markers", MARKERS)


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
