"""Migrations on the real engine."""

import hashlib
from collections.abc import Iterator

import pytest

from metrics.cli import run
from metrics.store.client import StoreClient, connect_url
from metrics.store.commands import migrate as migrate_command
from metrics.store.errors import StoreError
from metrics.store.migrate import Migration, MigrationError, load_migrations, migrate, statements
from metrics.store.tables import TABLES
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store


@pytest.fixture
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    """A client of a database that does not exist yet."""
    client = connect_url(store_front.url, "migrating")
    client.command("DROP DATABASE IF EXISTS migrating", in_database=False)
    yield client
    client.command("DROP DATABASE IF EXISTS migrating", in_database=False)
    client.close()


def migration(number: int, text: str) -> Migration:
    return Migration(number, f"m{number}", text, hashlib.sha256(text.encode()).hexdigest())


TABLE = migration(1, "CREATE TABLE a (x Int8) ENGINE = MergeTree ORDER BY x; CREATE VIEW v_a AS SELECT x FROM a")


def names(client: StoreClient) -> set[str]:
    sql = "SELECT name FROM system.tables WHERE database = 'migrating' AND name != 'schema_migrations'"
    return {row["name"] for row in client.rows(sql)}


def test_the_database_is_made_and_a_repeat_does_nothing(client: StoreClient) -> None:
    assert migrate(client, migrations=[TABLE]).applied == (1,)
    assert migrate(client, migrations=[TABLE]) == migrate(client, migrations=[TABLE])
    assert migrate(client, migrations=[TABLE]).already == (1,)
    assert names(client) == {"a", "v_a"}


def test_a_later_file_is_applied_on_top(client: StoreClient) -> None:
    migrate(client, migrations=[TABLE])
    second = migration(2, "ALTER TABLE a ADD COLUMN IF NOT EXISTS y String")
    assert migrate(client, migrations=[TABLE, second]).applied == (2,)
    assert [row["name"] for row in client.rows("DESCRIBE a")] == ["x", "y"]


def test_a_file_that_broke_off_half_way_is_taken_up_again(client: StoreClient) -> None:
    broken = migration(1, TABLE.text + "; CREATE TABLE b (x NoSuchType) ENGINE = MergeTree ORDER BY x")
    with pytest.raises(StoreError):
        migrate(client, migrations=[broken])
    assert names(client) == {"a", "v_a"}
    mended = migration(1, TABLE.text + "; CREATE TABLE b (x Int8) ENGINE = MergeTree ORDER BY x")
    assert migrate(client, migrations=[mended]).applied == (1,)
    assert names(client) == {"a", "v_a", "b"}


def test_an_applied_file_that_was_changed_is_refused_before_anything_happens(client: StoreClient) -> None:
    migrate(client, migrations=[TABLE])
    changed = migration(1, TABLE.text + " ")
    second = migration(2, "CREATE TABLE b (x Int8) ENGINE = MergeTree ORDER BY x")
    with pytest.raises(MigrationError, match=r"0001_m1\.sql was changed after it had been applied"):
        migrate(client, migrations=[changed, second])
    assert names(client) == {"a", "v_a"}


def test_a_store_of_a_newer_version_is_left_alone(client: StoreClient) -> None:
    migrate(client, migrations=[TABLE, migration(2, "CREATE VIEW w AS SELECT 1")])
    with pytest.raises(MigrationError, match="newer version"):
        migrate(client, migrations=[TABLE])


def test_the_shipped_schema_has_every_table_with_the_columns_that_are_written(store: StoreClient) -> None:
    for table, schema in TABLES.items():
        assert [row["name"] for row in store.rows(f"DESCRIBE {table}")] == schema.names, table


def test_every_view_can_be_read_when_all_is_empty(store: StoreClient) -> None:
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    views = [row["name"] for row in store.rows(sql)]
    assert len(views) > 15
    for view in views:
        assert list(store.rows(f"SELECT * FROM {view} LIMIT 1")) == [], view


@pytest.mark.parametrize("statement", [s for m in load_migrations() for s in statements(m, cluster="main")])
def test_the_cluster_form_of_each_statement_is_parsed_by_the_engine(store: StoreClient, statement: str) -> None:
    assert "ON CLUSTER 'main'" in statement
    changes = statement.startswith("ALTER TABLE ")
    engines = ("ReplicatedReplacingMergeTree", "ReplicatedMergeTree", "VIEW")
    assert changes or any(engine in statement for engine in engines)
    tree = "\n".join(row["explain"] for row in store.rows(f"EXPLAIN AST {statement}"))
    assert tree.strip().startswith("AlterQuery" if changes else "CreateQuery")


def test_the_command_migrates_and_says_what_it_did(store_front: StoreFront, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("migrate", migrate_command, ["--store", store_front.url, "--json"]) == 0
    assert '"applied":[]' in capsys.readouterr().out
    assert run("migrate", migrate_command, ["--store", "http://127.0.0.1:9"]) == 1
    assert "127.0.0.1:9" in capsys.readouterr().err
