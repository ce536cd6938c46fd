"""Rows as JSON lines, without a store."""

import pytest

from metrics.store import wire
from metrics.store.errors import RowsRefused, StoreMismatch
from metrics.store.tables import TABLES

AS_ARROW = {
    "spans", "span_refs", "dead_letters", "alert_messages",
    "feed_intervals", "feed_standings", "figure_changes", "figure_restatements", "health_hours",
    "case_paths", "event_days", "unlinked_events",
}  # fmt: skip
ROW_TABLES = sorted(set(TABLES) - AS_ARROW)


@pytest.mark.parametrize("table", ROW_TABLES)
def test_every_column_of_a_table_is_filled_once(table: str) -> None:
    filled = [column for field in wire.fields(table) for column, _ in field.columns]
    assert sorted(filled) == sorted(TABLES[table].names)


def test_tables_whose_columns_json_cannot_hold_travel_as_arrow() -> None:
    for table in AS_ARROW - {"span_refs", "alert_messages"}:
        with pytest.raises(StoreMismatch, match="as Arrow"):
            wire.encode(table, [])
    with pytest.raises(StoreMismatch, match="no table 'nowhere'"):
        wire.encode("nowhere", [])


@pytest.mark.parametrize("value", ["\ud800", object(), {("a", "b"): 1}])
def test_a_value_that_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(RowsRefused, match="feeds"):
        wire.encode("feeds", [(value, 1, "live", 0, 0, False)])


def test_a_statement_names_columns_and_wire_types() -> None:
    assert wire.target("feeds") == (
        "`feeds` (`feed`, `version`, `phase`, `watermark`, `last_seen`, `simulated`) SELECT feed, version, phase,"
        " fromUnixTimestamp64Micro(watermark, 'UTC'), fromUnixTimestamp64Micro(last_seen, 'UTC'), simulated"
        " FROM input('feed String, version UInt64, phase String, watermark Nullable(Int64),"
        " last_seen Nullable(Int64), simulated UInt8')"
    )
