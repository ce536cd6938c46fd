"""Many clients at once on one front."""

from concurrent.futures import ThreadPoolExecutor

import clickhouse_connect
import pytest

from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store


def test_one_requests_database_does_not_leak_into_another(store_front: StoreFront) -> None:
    def look(number: int) -> set[str]:
        database = "flowglass" if number % 2 else "system"
        client = clickhouse_connect.get_client(
            host="127.0.0.1", port=store_front.port, database=database, autogenerate_session_id=False
        )
        seen = {str(client.command("SELECT currentDatabase()")) for _ in range(40)} - {database}
        client.close()
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert set().union(*pool.map(look, range(8))) == set()


def test_use_and_set_last_within_their_session_only(store_front: StoreFront) -> None:
    mine = clickhouse_connect.get_client(host="127.0.0.1", port=store_front.port, session_id="mine")
    other = clickhouse_connect.get_client(host="127.0.0.1", port=store_front.port, session_id="other")
    mine.command("USE flowglass")
    mine.command("SET max_block_size = 1234")
    assert mine.command("SELECT currentDatabase()") == "flowglass"
    assert mine.command("SELECT getSetting('max_block_size')") == 1234
    assert other.command("SELECT currentDatabase()") == "default"
    assert other.command("SELECT getSetting('max_block_size')") != 1234
    for client in (mine, other):
        client.close()


def test_readers_see_whole_blocks_while_one_writer_writes(store_front: StoreFront, store: StoreClient) -> None:
    writer = ClickHouseWriter(store)

    def write() -> None:
        for block in range(10):
            writer.insert(
                "markers",
                {
                    "feed": [f"f{block}"] * 1000,
                    "kind": ["live"] * 1000,
                    "partition": [0] * 1000,
                    "count": [1] * 1000,
                    "origin": ["o"] * 1000,
                    "position": range(1000),
                    "ingested": [0] * 1000,
                },
            )

    with ThreadPoolExecutor(4) as pool:
        written = pool.submit(write)
        counts = [next(store.rows("SELECT count() AS n FROM markers"))["n"] for _ in range(30)]
        written.result()
    assert all(count % 1000 == 0 for count in counts)
    assert next(store.rows("SELECT count() AS n FROM markers"))["n"] == 10_000
