"""Real parts for integration tests. A test that touches the database asks for `store_front` or `store` by name."""

from collections.abc import Iterator

import pytest

from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate_url
from metrics.store.tables import TABLES
from tests.integration.store.front_process import StoreFront, start_front, stop_front


@pytest.fixture(scope="session")
def store_front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFront]:
    """One front with a migrated database for the whole run; tables keep what earlier tests wrote."""
    front = start_front(tmp_path_factory.mktemp("store") / "data")
    try:
        migrate_url(front.url)
        yield front
    finally:
        stop_front(front)


@pytest.fixture
def store(store_front: StoreFront) -> Iterator[StoreClient]:
    """A client of the migrated database, every table empty."""
    client = connect_url(store_front.url)
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")
    yield client
    client.close()
