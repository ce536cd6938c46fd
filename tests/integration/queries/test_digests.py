"""Digests make pages quick and never wrong: whatever is written down, they say what the facts say."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dashboards.mapping import map_parameters
from metrics.queries.rows import MapEdge, MapVariant, UnlinkedCount
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.engine.digest import digest, write_paths
from tests.browser.seed import seed_store
from tests.integration.queries.test_calls_by_stage import changed, scope_of
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"has": "goods_receipt.posted.v1"},
    {"lacks": "requisition.approved.v1"},
    {"starts": "requisition.created.v1", "status": "open"},
    {"follows_source": "requisition.submitted.v1", "follows_target": "requisition.approved.v1"},
)
ONE_CASE = "(SELECT min(case_id) FROM cases WHERE process = 'requisition_to_pay')"


@pytest.fixture(scope="module")
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    """A seeded database of its own; every test leaves its digests in step."""
    client = connect_url(store_front.url, "digests")
    client.command("DROP DATABASE IF EXISTS digests", in_database=False)
    migrate(client)
    seed_store(client._client, cases=120)
    write_down(client)
    yield client
    client.command("DROP DATABASE IF EXISTS digests", in_database=False)
    client.close()


def write_down(client: StoreClient) -> int:
    return digest(client, ClickHouseWriter(client), 1)


def shown(client: StoreClient, filters: Sequence[dict[str, str]] = FILTERS[:1]) -> list[Any]:
    """What pages show: the map and its variants under filters, and the count of unlinked events."""
    queries, asked = Queries(client), map_parameters(scope_of(client))
    found: list[Any] = [queries.one("unlinked_count", UnlinkedCount)]
    for chosen in filters:
        found.append(queries.rows("map_edges", MapEdge, **{**asked, **chosen}, variant=""))
        found.append(queries.rows("map_variants", MapVariant, **{**asked, **chosen}, limit=20))
    return found


def from_facts(client: StoreClient, filters: Sequence[dict[str, str]] = FILTERS[:1]) -> list[Any]:
    """The same without a digest."""
    for table in ("case_paths", "event_days"):
        client.command(f"CREATE TABLE {table}_aside AS {table}")
        client.command(f"EXCHANGE TABLES {table} AND {table}_aside")
    found = shown(client, filters)
    for table in ("case_paths", "event_days"):
        client.command(f"EXCHANGE TABLES {table} AND {table}_aside")
        client.command(f"DROP TABLE {table}_aside SYNC")
    return found


def test_digests_cover_every_case_and_day_and_say_what_the_facts_say(client: StoreClient) -> None:
    held = next(client.rows("SELECT count() AS paths FROM v_case_paths"))["paths"]
    assert held == next(client.rows("SELECT count() AS cases FROM v_cases"))["cases"] > 100
    found = shown(client, FILTERS)
    assert all(found)
    assert found == from_facts(client, FILTERS)
    assert write_down(client) == 0


def test_whatever_is_delivered_again_counts_once(client: StoreClient) -> None:
    before = shown(client)
    changed(client, "events", "ingested + INTERVAL 1 HOUR AS ingested")
    changed(client, "events", "position + 1000000 AS position")
    for table in ("case_events", "cases", "case_paths", "event_days"):
        changed(client, table, "version + 1 AS version")
    assert shown(client) == before
    assert write_down(client) > 0
    assert shown(client) == before


def test_a_case_that_went_on_is_read_from_its_events_until_it_is_written_down_again(client: StoreClient) -> None:
    before = shown(client)
    for table, columns in (
        (
            "case_events",
            "concat(event_id, '-again') AS event_id, version + 1 AS version, time + INTERVAL 1 SECOND AS time",
        ),
        ("cases", "version + 1 AS version, events * 2 AS events"),
    ):
        rows = f"SELECT * FROM {table} FINAL WHERE process = 'requisition_to_pay' AND case_id = {ONE_CASE}"
        client.command(f"INSERT INTO {table} SELECT * REPLACE ({columns}) FROM ({rows})")
    after = shown(client)
    assert after != before
    assert after == from_facts(client)
    assert write_down(client) > 0
    assert shown(client) == after


def test_a_case_between_two_writes_of_a_flush_is_left_for_the_next_round(client: StoreClient) -> None:
    rows = f"SELECT * FROM cases FINAL WHERE process = 'requisition_to_pay' AND case_id = {ONE_CASE}"
    client.command(f"INSERT INTO cases SELECT * REPLACE (version + 1 AS version, events + 1 AS events) FROM ({rows})")
    assert write_paths(client, ClickHouseWriter(client)) == 0
    client.command(f"INSERT INTO cases SELECT * REPLACE (version + 1 AS version, events - 1 AS events) FROM ({rows})")
    assert write_paths(client, ClickHouseWriter(client)) == 1


def test_events_that_leave_their_cases_are_unlinked_on_their_day(client: StoreClient) -> None:
    before = Queries(client).one("unlinked_count", UnlinkedCount)
    three = "SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM case_events) ORDER BY event_id LIMIT 3"
    rows = f"SELECT * FROM case_events FINAL WHERE event_id IN ({three})"
    client.command(f"INSERT INTO case_events SELECT * REPLACE (version + 9 AS version, 1 AS withdrawn) FROM ({rows})")
    after = Queries(client).one("unlinked_count", UnlinkedCount)
    assert before.unlinked < after.unlinked <= before.unlinked + 3
    assert after.events == before.events
    assert write_down(client) > 0
    assert Queries(client).one("unlinked_count", UnlinkedCount) == after == from_facts(client)[0]
