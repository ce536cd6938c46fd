import re
from pathlib import Path

import pytest

from metrics.store.migrate import Migration, MigrationError, load_migrations, statements


def migration(text: str) -> Migration:
    return Migration(1, "test", text, "")


def test_creating_is_made_repeatable() -> None:
    assert statements(migration("-- why\nCREATE TABLE t (x Int8) ENGINE = Memory; CREATE VIEW v AS SELECT 1")) == [
        "CREATE TABLE IF NOT EXISTS t (x Int8) ENGINE = Memory",
        "CREATE VIEW IF NOT EXISTS v AS SELECT 1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE IF NOT EXISTS t (x Int8) ENGINE = Memory",
        "CREATE OR REPLACE VIEW v AS SELECT 2",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS y Int8",
        "ALTER TABLE t MODIFY TTL x",
        "DROP VIEW IF EXISTS v",
    ],
)
def test_what_may_be_repeated_stays_as_it_is(text: str) -> None:
    assert statements(migration(text)) == [text]


@pytest.mark.parametrize("text", ["INSERT INTO t SELECT 1", "ALTER TABLE t ADD COLUMN y Int8", "DROP TABLE t"])
def test_what_a_repeat_would_break_is_refused(text: str) -> None:
    with pytest.raises(MigrationError, match="repeat"):
        statements(migration(text))


def test_placeholders_are_filled_for_one_server_and_for_a_cluster() -> None:
    text = "CREATE TABLE t ${ON_CLUSTER} (x Int8) ENGINE = ${REPLICATED}MergeTree ORDER BY x"
    assert statements(migration(text))[0].endswith("t  (x Int8) ENGINE = MergeTree ORDER BY x")
    assert "t ON CLUSTER 'main' (x Int8) ENGINE = ReplicatedMergeTree" in statements(migration(text), cluster="main")[0]
    with pytest.raises(MigrationError, match="unknown placeholder"):
        statements(migration("CREATE TABLE t ${OTHER} (x Int8)"))


def test_numbers_start_at_one_without_gaps(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("CREATE VIEW a AS SELECT 1")
    (tmp_path / "0003_c.sql").write_text("CREATE VIEW c AS SELECT 1")
    with pytest.raises(MigrationError, match="without a gap"):
        load_migrations(tmp_path)
    (tmp_path / "0003_c.sql").rename(tmp_path / "second.sql")
    with pytest.raises(MigrationError, match="named like"):
        load_migrations(tmp_path)


TAKEN_IN = {"changed", "created", "ingested", "joined", "judged", "noted", "noticed", "replayed", "seen"}
"""Times at which the product took something in, or came to know it."""
PEOPLES = {("quality_actions", "at"), ("alert_actions", "at"), ("alert_log", "at"), ("alert_silences", "ends")}
"""Times at which people, or the product, did what the row tells of."""


def test_no_row_is_dropped_by_the_time_of_its_event() -> None:
    kept: dict[str, str] = {}
    for shipped in load_migrations():
        for statement in statements(shipped):
            table = re.match(r"(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE)\s+(\w+)", statement)
            until = re.search(r"(?:^|MODIFY )TTL\s+toDateTime\((\w+)\)", statement, re.MULTILINE)
            if table and until:
                kept[table[1]] = until[1]
    assert {"events": "ingested", "feed_intervals": "judged"}.items() <= kept.items()
    assert {(table, column) for table, column in kept.items() if column not in TAKEN_IN} == PEOPLES


def test_the_shipped_migrations_load_and_can_be_repeated() -> None:
    for shipped in load_migrations():
        assert statements(shipped)
        assert statements(shipped, cluster="main")
