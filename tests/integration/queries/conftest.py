"""One seeded store for the tests that only read, or add what others do not look at."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from metrics.definitions.load import load
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate
from metrics.store.tables import TABLES
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

ANCHOR = 1_795_190_400_000_000


@pytest.fixture(scope="session")
def seeded(store_front: StoreFront) -> Iterator[StoreClient]:
    """A seeded database with the shipped definitions; its readers may add to it, and count only what they ask for."""
    client = connect_url(store_front.url, "delays")
    client.command("DROP DATABASE IF EXISTS delays", in_database=False)
    migrate(client)
    seed_store(client._client, cases=120)
    texts = [
        {"process": one.process.process, "version": version, "hash": "", "yaml": one.text, "loaded_at": ANCHOR}
        for one in load().loaded
        for version in (1, 2)
    ]
    client._client.insert_arrow("definitions", pa.Table.from_pylist(texts, schema=TABLES["definitions"]))
    yield client
    client.command("DROP DATABASE IF EXISTS delays", in_database=False)
    client.close()
