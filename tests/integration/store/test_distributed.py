"""The form for several shards: what can be held without a cluster, on the real engine."""

import re

import pytest

from metrics.cli import run
from metrics.store.client import StoreClient
from metrics.store.commands import migrate as migrate_command
from metrics.store.distributed import distributed_statements, sorting_keys
from metrics.store.errors import StoreMismatch
from metrics.store.migrate import LEDGER, Migration, load_migrations
from metrics.store.tables import TABLES

pytestmark = pytest.mark.store

MADE = distributed_statements(load_migrations(), "main", local="flowglass_local", database="flowglass")


def named(kind: str) -> list[str]:
    return [found[1] for made in MADE if (found := re.match(rf"CREATE OR REPLACE {kind} `flowglass`\.`(\w+)`", made))]


@pytest.mark.parametrize("statement", [one for one in MADE if not one.startswith("USE ")])
def test_each_statement_is_parsed_by_the_engine(store: StoreClient, statement: str) -> None:
    assert "ON CLUSTER 'main'" in statement
    tree = "\n".join(row["explain"] for row in store.rows(f"EXPLAIN AST {statement}"))
    assert tree.strip().startswith("CreateQuery")


def test_rows_that_replace_each_other_meet_in_one_shard(store: StoreClient) -> None:
    sql = "SELECT name, sorting_key FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"
    real = {row["name"]: row["sorting_key"] for row in store.rows(sql)}
    keys = {name: ", ".join(columns) for name, columns in sorting_keys(load_migrations()).items()}
    assert keys | {LEDGER: "number"} == real
    assert set(TABLES) < set(named("TABLE"))
    for made in MADE:
        if "Distributed(" in made:
            table = re.search(r"'flowglass_local', '(\w+)', cityHash64\((.*)\)\)$", made)
            assert table is not None
            assert table[2] == real[table[1]]


def test_every_view_stands_above_the_shards_and_after_what_it_reads(store: StoreClient) -> None:
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    views = named("VIEW")
    assert set(views) == {row["name"] for row in store.rows(sql)}
    made = {name: next(one for one in MADE if f"VIEW `flowglass`.`{name}`" in one) for name in views}
    for at, name in enumerate(views):
        read = set(re.findall(r"\bv_\w+\b", made[name])) - {name}
        assert read & set(views) <= set(views[:at]), name


def test_the_newest_form_of_a_view_is_the_one_that_is_made() -> None:
    texts = ("CREATE VIEW v_a ${ON_CLUSTER} AS SELECT 1", "CREATE OR REPLACE VIEW v_a ${ON_CLUSTER} AS SELECT 2")
    files = [Migration(at, "m", text, "") for at, text in enumerate(texts, 1)]
    made = distributed_statements(files, "main", local="l", database="d")
    assert made[-1] == "CREATE OR REPLACE VIEW `d`.`v_a` ON CLUSTER 'main' AS SELECT 2"
    assert sum("v_a" in one for one in made) == 1


def test_without_a_cluster_or_a_second_database_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreMismatch, match="FLOWGLASS_CLUSTER"):
        distributed_statements([], "", local="l", database="d")
    with pytest.raises(StoreMismatch, match="beside d"):
        distributed_statements([], "main", local="d", database="d")
    assert run("migrate", migrate_command, ["--cluster", "main", "--distributed", "flowglass_local"]) == 0
    assert capsys.readouterr().out.strip().endswith(MADE[-1] + ";")
