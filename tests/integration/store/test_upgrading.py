"""A store that an older release filled is brought up to date, and pages answer from it as from one that was new."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dashboards.mapping import map_parameters
from metrics.queries.rows import Feed, MapEdge, MapVariant, UnlinkedCount
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import load_migrations, migrate
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.digest import digest
from tests.browser.seed import seed_store
from tests.integration.queries.test_calls_by_stage import scope_of
from tests.integration.store.front_process import StoreFront

pytestmark = [pytest.mark.store, pytest.mark.timeout(300)]

FILES = load_migrations()
NEWEST = len(FILES)
OLD = (4, 12, 17, 20)
"""Levels that are filled: the first with all views, and each after which tables of rows changed their form."""

AT_LEVEL: dict[str, dict[str, list[str]]] = {}
"""The columns that each old schema had, by database."""


@pytest.fixture(scope="module")
def full(store_front: StoreFront) -> Iterator[StoreClient]:
    """A store as the newest release fills it."""
    with_name = connect_url(store_front.url, "full")
    _drop(with_name)
    migrate(with_name)
    seed_store(with_name._client, cases=120)
    yield with_name
    _drop(with_name)
    with_name.close()


@pytest.fixture(scope="module", params=OLD)
def upgraded(store_front: StoreFront, full: StoreClient, request: pytest.FixtureRequest) -> Iterator[StoreClient]:
    """The same rows, as far as an older schema has columns for them, written at that level and then brought up."""
    client = connect_url(store_front.url, f"from_{request.param}")
    _drop(client)
    migrate(client, migrations=FILES[: request.param])
    held = _fill(client, full)
    AT_LEVEL[client.database] = _columns(client)
    assert {"events", "cases", "case_events", "objects", "spans"} <= held
    assert migrate(client, migrations=FILES).applied == tuple(range(request.param + 1, NEWEST + 1))
    yield client
    _drop(client)
    client.close()


def _drop(client: StoreClient) -> None:
    client.command(f"DROP DATABASE IF EXISTS {client.database}", in_database=False)


def _columns(client: StoreClient) -> dict[str, list[str]]:
    sql = """SELECT table, groupArray(name) AS names FROM system.columns WHERE database = currentDatabase()
             AND table IN (SELECT name FROM system.tables
                           WHERE database = currentDatabase() AND engine LIKE 'Replacing%')
             GROUP BY table"""
    return {row["table"]: row["names"] for row in client.rows(sql) if row["table"] != "schema_migrations"}


def _fill(client: StoreClient, full: StoreClient) -> set[str]:
    """Copy what both schemas have; returns the tables that got rows."""
    theirs, filled = _columns(full), set()
    for table, names in _columns(client).items():
        common = ", ".join(f"`{name}`" for name in names if name in theirs.get(table, ()))
        client.command(f"INSERT INTO {table} ({common}) SELECT {common} FROM {full.database}.{table}")
        if _count(client, table):
            filled.add(table)
    return filled


def _count(client: StoreClient, table: str) -> int:
    return int(next(client.rows(f"SELECT count() AS n FROM {table} FINAL"))["n"])


def shown(client: StoreClient) -> dict[str, Any]:
    """What pages read of events and cases, from facts and from digests alike."""
    queries, asked = Queries(client), map_parameters(scope_of(client))
    return {
        "edges": queries.rows("map_edges", MapEdge, **asked, variant=""),
        "variants": queries.rows("map_variants", MapVariant, **asked, limit=20),
        "unlinked": queries.one("unlinked_count", UnlinkedCount),
        "feeds": queries.rows("feeds", Feed),
        "cases": _rows(client, "SELECT process, status, count() FROM v_cases GROUP BY ALL ORDER BY ALL"),
        "clocks": _rows(client, "SELECT process, sla, status, count() FROM v_clocks GROUP BY ALL ORDER BY ALL"),
        "calls": _rows(client, "SELECT interface, count() FROM v_call_records GROUP BY ALL ORDER BY ALL"),
    }


def _rows(client: StoreClient, sql: str) -> Sequence[Sequence[Any]]:
    return client.query(sql).result_rows


def test_every_row_is_still_there_and_unchanged(upgraded: StoreClient, full: StoreClient) -> None:
    assert _columns(upgraded) == _columns(full)
    for table, names in _columns(full).items():
        old = [name for name in names if name in AT_LEVEL[upgraded.database].get(table, ())]
        if old:
            sql = f"SELECT count(), sum(cityHash64({', '.join(f'`{name}`' for name in old)})) FROM {table} FINAL"
            assert _rows(upgraded, sql) == _rows(full, sql), table


def test_pages_show_what_they_show_of_a_new_store(upgraded: StoreClient, full: StoreClient) -> None:
    found = shown(upgraded)
    assert all(found.values())
    assert found == shown(full)


def test_digests_are_caught_up_and_change_nothing(upgraded: StoreClient) -> None:
    before = shown(upgraded)
    assert digest(upgraded, ClickHouseWriter(upgraded), 1) > 100
    assert shown(upgraded) == before


def test_each_case_that_still_waits_is_looked_at_at_once(upgraded: StoreClient, full: StoreClient) -> None:
    def waiting(client: StoreClient) -> int:
        return sum(len(one.ids) for one in ClickHouseState(client).waiting(range(256), ()).values())

    assert not ClickHouseState(upgraded).is_empty()
    assert waiting(upgraded) == waiting(full) > 10


def test_every_view_can_be_read(upgraded: StoreClient) -> None:
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View'"
    for row in list(upgraded.rows(sql)):
        upgraded.query(f"SELECT * FROM {row['name']} LIMIT 1")


def test_a_repeat_does_nothing(upgraded: StoreClient) -> None:
    assert migrate(upgraded).applied == ()
