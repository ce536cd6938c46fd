"""Digests make pages quick and never wrong: whatever is written down, they say what the facts say."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from dashboards.mapping import map_parameters
from metrics.queries.rows import Fault, MapEdge, MapVariant, UnlinkedCount
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
ROUNDS = itertools.count(10, 10)
DIGESTS = ("case_paths", "event_days", "unlinked_events")
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
    return digest(client, ClickHouseWriter(client), next(ROUNDS))


def shown(client: StoreClient, filters: Sequence[dict[str, str]] = FILTERS[:1]) -> list[Any]:
    """What pages show: the map and its variants under filters, the count and the list of unlinked events."""
    queries, asked = Queries(client), map_parameters(scope_of(client))
    found: list[Any] = [queries.one("unlinked_count", UnlinkedCount), unlinked(client)]
    for chosen in filters:
        found.append(queries.rows("map_edges", MapEdge, **{**asked, **chosen}, variant=""))
        found.append(queries.rows("map_variants", MapVariant, **{**asked, **chosen}, limit=20))
    return found


def unlinked(client: StoreClient) -> list[Any]:
    """The list of unlinked events as the page Exceptions shows it."""
    return Queries(client).rows("fault_list", Fault, kind="unlinked")


def from_facts(client: StoreClient, filters: Sequence[dict[str, str]] = FILTERS[:1]) -> list[Any]:
    """The same without a digest."""
    for table in DIGESTS:
        client.command(f"CREATE TABLE {table}_aside AS {table}")
        client.command(f"EXCHANGE TABLES {table} AND {table}_aside")
    found = shown(client, filters)
    for table in DIGESTS:
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
    for table in ("case_events", "cases", *DIGESTS):
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
    assert len(unlinked(client)) == after.unlinked


def unlisted(client: StoreClient) -> int:
    """Days whose unlinked events are not all written down."""
    return int(next(client.rows("SELECT count() AS days FROM v_day_standings WHERE NOT listed"))["days"])


def settle(client: StoreClient) -> None:
    """Merge what earlier tests delivered again, so that no merge changes a stamp, and write down every day."""
    for table in ("events", "case_events"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    write_down(client)
    assert unlisted(client) == 0


def test_unlinked_events_are_listed_as_the_facts_list_them(client: StoreClient) -> None:
    settle(client)
    columns = "event_id, time, activity, source, object_types, object_ids, simulated"
    listed = list(client.rows(f"SELECT {columns} FROM v_unlinked_listed ORDER BY event_id"))
    assert listed == list(client.rows(f"SELECT {columns} FROM v_unlinked ORDER BY event_id"))
    assert len(listed) > 3


def test_a_list_that_lost_a_row_is_read_from_the_facts_until_it_is_written_again(client: StoreClient) -> None:
    settle(client)
    before = unlinked(client)
    lost = "(SELECT min((day, event_id)) FROM unlinked_events)"
    client.command(f"DELETE FROM unlinked_events WHERE (day, event_id) = {lost} SETTINGS mutations_sync = 1")
    assert unlisted(client) == 1
    assert unlinked(client) == before
    assert write_down(client) > 0
    assert unlisted(client) == 0
    assert unlinked(client) == before


def test_an_event_told_again_of_another_day_is_listed_once_by_its_first_record(client: StoreClient) -> None:
    settle(client)
    one = "(SELECT min(event_id) FROM v_unlinked)"
    for position, days in (("position + 5000000", 2), ("0", 4)):
        again = f"'~' AS origin, {position} AS position" if days == 2 else "'' AS origin, 0 AS position"
        rows = f"SELECT * FROM events FINAL WHERE event_id = {one} ORDER BY origin, position LIMIT 1"
        client.command(
            f"INSERT INTO events SELECT * REPLACE ({again}, time + INTERVAL {days} DAY AS time) FROM ({rows})"
        )
        from_the_facts = unlinked(client)
        assert from_the_facts == list_of_whole_events(client)
        assert write_down(client) > 0
        assert unlisted(client) == 0
        assert unlinked(client) == from_the_facts


def list_of_whole_events(client: StoreClient) -> list[Any]:
    """The list without any digest and without any word of days."""
    names = "arrayStringConcat(arrayMap((t, i) -> concat(t, ' ', i), object_types, object_ids), ', ')"
    sql = (
        "SELECT toUnixTimestamp64Micro(time) AS at_us, toString(activity) AS subject, "
        f"{names} AS detail, toString(source) AS source FROM v_unlinked ORDER BY at_us DESC"
    )
    return [
        Fault("unlinked", row["at_us"], row["subject"], row["detail"], row["source"], "", "")
        for row in client.rows(sql)
    ]
