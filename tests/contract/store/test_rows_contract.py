"""The engine takes rows apart as the fake does, whatever stands in them: the fake is what unit tests believe."""

from time import time_ns
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.store import wire
from metrics.store.client import StoreClient
from metrics.store.errors import RowsRefused
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY
from tests.fakes.taken_apart import taken_apart

pytestmark = pytest.mark.store

NOW = time_ns() // 1000
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TIME = st.integers(-70 * 365 * DAY, 230 * 365 * DAY)
SMALL = st.integers(0, 255)
PAIRS = st.lists(st.tuples(st.tuples(TEXT, TEXT), st.tuples(st.integers(-(1 << 62), 1 << 62), TEXT)), max_size=3)
LINKS = st.lists(
    st.tuples(st.tuples(TEXT, TEXT, TEXT), st.tuples(TEXT, TEXT), st.tuples(TIME, TEXT), st.booleans()), max_size=3
)
JSON = st.dictionaries(TEXT, st.none() | TEXT | st.integers(-(1 << 63), (1 << 63) - 1) | st.lists(TEXT), max_size=3)
CLOCK = st.tuples(
    TEXT, TEXT, TIME, st.none() | TIME, st.none() | TIME, st.none() | TIME, TIME, TIME, TIME,
    st.lists(st.tuples(TIME, st.none() | TIME, TEXT), max_size=2),
)  # fmt: skip
MILESTONES = st.dictionaries(TEXT, st.tuples(TIME, TIME, SMALL), max_size=3)
EXPECTED = st.tuples(TEXT, TEXT, TIME, st.none() | TIME, st.none() | TIME, TEXT, TEXT)
DEVIATION = st.tuples(TEXT, TEXT, TEXT, TEXT, TIME, TEXT, SMALL)
NESTED = {
    "expected": st.lists(EXPECTED, max_size=3),
    "deviations": st.lists(DEVIATION, max_size=3),
    "parents": PAIRS,
    "children": PAIRS,
    "links": LINKS,
    "objects": st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=3),
    "milestones": MILESTONES,
    "clocks": st.lists(CLOCK, max_size=3),
    "attributes": JSON,
    "checkpoint": JSON,
    "started": st.none() | TIME,
    "recorded": st.none() | TIME,
    "ingested": st.just(NOW),  # what the rows' time to live counts from
    "noticed": st.just(NOW),
}
KINDS = {
    "String": TEXT,
    "Nullable(Int64)": TIME,
    "UInt8": st.booleans(),
    "UInt16": SMALL,
    "UInt32": SMALL,
    "UInt64": st.integers(0, (1 << 64) - 1),
    "Int64": TIME,
}


def rows_of(table: str) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Rows whose first value is the row's number, so that they can be told apart."""
    values = [NESTED[field.name] if field.name in NESTED else KINDS[field.kind] for field in wire.fields(table)]
    return st.lists(st.tuples(*values), min_size=1, max_size=5)


def stored(store: StoreClient, table: str) -> list[dict[str, Any]]:
    """All rows, times as microseconds, lists of times as lists of those."""
    columns = [_selected(field.name, str(field.type)) for field in TABLES[table]]
    return list(store.rows(f"SELECT {', '.join(columns)} FROM {table}"))


def _selected(name: str, kind: str) -> str:
    if kind.startswith("timestamp"):
        return f"toUnixTimestamp64Micro({name}) AS `{name}`"
    if kind.startswith("list<") and "timestamp" in kind:
        return f"arrayMap(at -> toUnixTimestamp64Micro(at), `{name}`) AS `{name}`"
    return f"`{name}`"


@pytest.mark.parametrize("table", ["events", "cases", "case_events", "objects", "transitions", "checkpoints"])
def test_the_engine_takes_rows_apart_as_the_fake_does(store: StoreClient, table: str) -> None:
    writer = ClickHouseWriter(store)

    @given(rows_of(table))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def compare(rows: list[tuple[Any, ...]]) -> None:
        store.command(f"TRUNCATE TABLE {table}")
        writer.send(writer.prepare_rows(table, rows))
        expected = [taken_apart(table, line) for line in wire.encode(table, rows).splitlines()]
        assert sorted(map(repr, stored(store, table))) == sorted(map(repr, expected))

    compare()


def test_a_value_that_fits_no_column_is_refused_and_nothing_of_the_block_is_stored(store: StoreClient) -> None:
    writer = ClickHouseWriter(store)
    good = ("simulator", 1, "live", 0, 0, True)
    for bad in [("x", -1, "live", 0, 0, True), ("x", 1, None, 0, 0, True), ("x", 1, "live", None, 0, True), ("x", 1)]:
        with pytest.raises(RowsRefused):
            writer.send(writer.prepare_rows("feeds", [good, bad]))
    assert list(store.rows("SELECT feed FROM feeds")) == []
