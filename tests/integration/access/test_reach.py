"""A limited reach is a database that shows what it allows, and nothing else, whatever is asked there."""

from collections.abc import Iterator

import clickhouse_connect
import pytest

from metrics.access.load import load_roles
from metrics.access.model import EVERYTHING, Reach
from metrics.access.reach import CLOSED, RULES, database_of, provide
from metrics.store.client import StoreClient, StoreUrl, connect_url
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront
from tests.security.figures import Record

pytestmark = pytest.mark.store
NORTH = Reach(frozenset({"requisition_to_pay"}), frozenset({"north", "o'neill \\"}))


@pytest.fixture
def filled(store: StoreClient, store_front: StoreFront) -> StoreClient:
    where = StoreUrl.parse(store_front.url)
    client = clickhouse_connect.get_client(host=where.host, port=where.port, database=store.database)
    seed_store(client, cases=300)
    client.close()
    return store


@pytest.fixture
def limited(filled: StoreClient, store_front: StoreFront) -> Iterator[StoreClient]:
    client = connect_url(store_front.url, provide(filled, NORTH))
    yield client
    client.close()


def values(client: StoreClient, sql: str) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in client.rows(sql)}


def test_every_view_of_the_store_has_a_rule(store: StoreClient) -> None:
    sql = "SELECT name FROM system.tables WHERE database = %(database)s AND startsWith(name, 'v_')"
    assert {row["name"] for row in store.rows(sql, {"database": store.database})} == set(RULES)


def test_a_limited_reach_shows_its_cases_and_what_belongs_to_them(filled: StoreClient, limited: StoreClient) -> None:
    allowed = values(
        filled,
        "SELECT process, case_id FROM v_cases WHERE process = 'requisition_to_pay' AND facility = 'north'",
    )
    everything = values(filled, "SELECT process, case_id FROM v_cases")
    assert 0 < len(allowed) < len(everything)
    for view in ("v_cases", "v_clocks", "v_milestones", "v_case_events", "v_links", "v_trace_cases"):
        there = values(filled, f"SELECT process, case_id FROM {view}") & allowed
        assert values(limited, f"SELECT process, case_id FROM {view}") == there, view
    events = values(filled, "SELECT event_id, process, case_id FROM v_case_events")
    own = {(event,) for event, *case in events if tuple(case) in allowed}
    assert values(limited, "SELECT event_id FROM v_events") == own
    traces = values(filled, "SELECT trace_id, process, case_id FROM v_trace_cases")
    seen = {(trace,) for trace, *case in traces if tuple(case) in allowed}
    assert seen
    assert values(limited, "SELECT trace_id FROM v_spans") == seen & values(filled, "SELECT trace_id FROM v_spans")


def test_what_belongs_to_no_case_or_carries_a_message_is_closed(
    filled: StoreClient, limited: StoreClient, record: Record
) -> None:
    assert values(filled, "SELECT count() FROM v_dead_letters") != {(0,)}
    record(3, "views of the store, read within a limited reach", len(RULES), 0)
    for view, rule in RULES.items():
        if rule == CLOSED:
            assert values(limited, f"SELECT count() FROM {view}") == {(0,)}, view
        else:
            assert values(limited, f"SELECT count() >= 0 FROM {view}") == {(1,)}, view


def test_an_alert_is_seen_by_those_who_see_all_its_cases(filled: StoreClient, limited: StoreClient) -> None:
    allowed = values(limited, "SELECT process, case_id FROM v_cases")
    cases = values(filled, "SELECT alert_id, process, case_id FROM v_alert_cases")
    beyond = {alert for alert, *case in cases if tuple(case) not in allowed}
    shown = values(limited, "SELECT alert_id FROM v_alerts")
    assert not {alert for (alert,) in shown} & beyond


def test_making_it_again_changes_nothing_and_everything_needs_no_views(filled: StoreClient) -> None:
    assert provide(filled, NORTH) == provide(filled, NORTH) == database_of(NORTH, filled.database)
    assert provide(filled, EVERYTHING) == filled.database
    assert database_of(NORTH, filled.database) != database_of(Reach(NORTH.processes, None), filled.database)


def test_a_view_of_the_store_with_other_columns_is_followed(store: StoreClient, store_front: StoreFront) -> None:
    sql = "SELECT create_table_query AS made FROM system.tables WHERE database = %(it)s AND name = 'v_feeds'"
    made = next(store.rows(sql, {"it": store.database}))["made"]
    client = connect_url(store_front.url, provide(store, NORTH))
    try:
        store.command("CREATE OR REPLACE VIEW v_feeds AS SELECT feed, phase, 7 AS one_more FROM feeds FINAL")
        assert provide(store, NORTH) == client.database
        assert values(client, "SELECT countIf(one_more = 7) FROM v_feeds") == {(0,)}
    finally:
        store.command(made.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
    provide(store, NORTH)
    assert values(client, "SELECT uniq(phase, watermark) FROM v_feeds") == {(0,)}
    client.close()


def test_views_read_with_the_rights_of_who_made_them(store: StoreClient) -> None:
    sql = "SELECT name, create_table_query AS made FROM system.tables WHERE database = %(it)s"
    made = {row["name"]: row["made"] for row in store.rows(sql, {"it": provide(store, NORTH)})}
    assert {name for name, text in made.items() if "SQL SECURITY DEFINER" in text} == set(RULES)


def test_a_reach_of_nothing_shows_nothing(filled: StoreClient, store_front: StoreFront) -> None:
    client = connect_url(store_front.url, provide(filled, Reach(frozenset(), None)))
    assert values(client, "SELECT count() FROM v_cases") == {(0,)}
    client.close()


def test_every_shipped_role_names_processes_that_there_are() -> None:
    from metrics.definitions.load import SHIPPED

    there = {file.stem for file in SHIPPED.glob("*.yaml")}
    named = {name for role in load_roles().values() for name in role.reach.processes or ()}
    assert named <= there
