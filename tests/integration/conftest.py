"""Real parts for integration tests. A test that touches the database asks for `store_front` or `store` by name."""

from collections.abc import Iterator

import pytest

from metrics.store.client import StoreClient, connect_url
from metrics.store.tables import TABLES
from tests.integration.store.front_process import StoreFront, start_front, stop_front
from tests.integration.store.migrated import copy_migrated


@pytest.fixture(scope="session")
def store_front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFront]:
    """One front with a migrated database for the whole run; tables keep what earlier tests wrote."""
    path = tmp_path_factory.mktemp("store") / "data"
    copy_migrated(path)
    front = start_front(path)
    try:
        yield front
    finally:
        stop_front(front)


@pytest.fixture
def store(store_front: StoreFront) -> Iterator[StoreClient]:
    """A client of the migrated database, every table empty."""
    client = connect_url(store_front.url)
    for row in client.rows("SELECT DISTINCT table FROM system.parts WHERE database = currentDatabase() AND active"):
        if row["table"] in TABLES:
            client.command(f"TRUNCATE TABLE {row['table']}")
    yield client
    client.close()
