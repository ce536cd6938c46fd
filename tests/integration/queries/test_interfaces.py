"""The figures of interfaces: right after redelivery, the same as the lists behind them, and read by time."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from dashboards.domains import read_domains
from metrics.queries.interface_rows import (
    InterfaceClock,
    InterfaceEnd,
    InterfaceFailure,
    InterfaceFlow,
    InterfaceImpact,
    InterfaceSource,
    InterfaceSystem,
)
from metrics.queries.rows import ListedCase
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate
from metrics.store.queries import Queries
from tests.browser.plots import TROUBLED
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
DAY, ANCHOR = 86_400_000_000, 1_795_190_400_000_000
SINCE = ANCHOR - 7 * DAY
R2P = "requisition_to_pay"


@pytest.fixture
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    """A seeded database of its own."""
    client = connect_url(store_front.url, "interfaces")
    client.command("DROP DATABASE IF EXISTS interfaces", in_database=False)
    migrate(client)
    seed_store(client._client, cases=250)
    yield client
    client.command("DROP DATABASE IF EXISTS interfaces", in_database=False)
    client.close()


def flows(client: StoreClient) -> list[InterfaceFlow]:
    return Queries(client).rows("interface_flow", InterfaceFlow, since=SINCE, as_of=ANCHOR)


def impact(client: StoreClient, failed: int = 0) -> list[InterfaceImpact]:
    return Queries(client).rows("interface_impact", InterfaceImpact, since=SINCE, interface="", failed=failed)


def changed(client: StoreClient, table: str, change: str) -> None:
    client.command(f"INSERT INTO {table} SELECT * REPLACE ({change}) FROM {table}")


def test_calls_failures_and_retries_count_once_however_often_they_are_delivered(client: StoreClient) -> None:
    before, hit = flows(client), impact(client)
    assert sum(row.calls for row in before) > 50
    assert sum(row.retries for row in before) > 5
    for table in ("spans", "span_refs"):
        changed(client, table, "ingested + INTERVAL 1 HOUR AS ingested")
    changed(client, "spans", "position + 1000000 AS position")
    changed(client, "case_events", "version + 1 AS version")
    assert repr(flows(client)) == repr(before)  # a share of nothing is NaN
    assert impact(client) == hit


def test_a_retry_is_a_call_after_a_failed_one(client: StoreClient) -> None:
    """In the story every failed call but the last of its trace is followed by another."""
    per_trace = (
        "SELECT count() - 1 AS n FROM v_spans WHERE interface != '' AND kind = 'client' "
        f"AND start > fromUnixTimestamp64Micro({SINCE}, 'UTC') GROUP BY trace_id HAVING count() > 1"
    )
    wanted = client.command(f"SELECT sum(n) FROM ({per_trace})")
    assert sum(row.retries for row in flows(client)) == wanted


def test_both_ends_are_found_from_the_spans(client: StoreClient) -> None:
    found = Queries(client).rows("interface_ends", InterfaceEnd, since=SINCE, sample=15)
    assert {(row.service, row.called) for row in found if row.interface == TROUBLED} == {("integration-hub", "jaggaer")}
    assert found == Queries(client).rows("interface_ends", InterfaceEnd, since=SINCE, sample=15)


def test_a_peer_stands_for_a_called_one_that_sends_no_spans(client: StoreClient) -> None:
    client.command("DELETE FROM spans WHERE kind = 'server'")
    client.command(
        "ALTER TABLE spans UPDATE attributes = '{\"peer.service\":\"far away\"}' WHERE kind = 'client' "
        "SETTINGS mutations_sync = 1"
    )
    found = Queries(client).rows("interface_ends", InterfaceEnd, since=SINCE, sample=15)
    assert {row.called for row in found if row.kind == "client"} == {"far away"}


@pytest.mark.parametrize("which", ["", "breached"])
def test_the_list_behind_an_interface_holds_exactly_the_cases_that_were_counted(
    client: StoreClient, which: str
) -> None:
    counted = next(row for row in impact(client) if (row.interface, row.process) == (TROUBLED, R2P))
    unset = dict.fromkeys(("facility", "department", "state", "sla", "clock", "deviation", "sort"), "") | {"since": 0}
    listed = Queries(client).rows(
        "case_list", ListedCase, process=R2P, as_of=ANCHOR, interface=TROUBLED, interface_days=7, list=which, **unset,
        by_ids=0, id_processes=[], ids=[], offset=0, limit=200,
    )  # fmt: skip
    assert len(listed) == (counted.breached if which else counted.cases) > 0


def test_the_amount_of_the_cases_is_exact_and_counts_each_case_once(client: StoreClient) -> None:
    counted = next(row for row in impact(client) if (row.interface, row.process) == (TROUBLED, R2P))
    unset = dict.fromkeys(("facility", "department", "state", "sla", "clock", "deviation", "sort", "list"), "") | {
        "since": 0
    }
    listed = Queries(client).rows(
        "case_list", ListedCase, process=R2P, as_of=ANCHOR, interface=TROUBLED, interface_days=7, **unset,
        by_ids=0, id_processes=[], ids=[], offset=0, limit=200,
    )  # fmt: skip
    assert sum(Decimal(amount) for amount in counted.amounts) == sum(Decimal(row.amount) for row in listed)


def test_failed_calls_name_their_cases_and_clocks_are_those_of_the_cases(client: StoreClient) -> None:
    asked = {"interface": TROUBLED, "since": SINCE}
    failed = Queries(client).rows("interface_failures", InterfaceFailure, **asked)
    assert failed
    assert {row.process for row in failed} == {R2P}
    clocks = Queries(client).rows("interface_clocks", InterfaceClock, **asked)
    cases = next(row for row in impact(client) if (row.interface, row.process) == (TROUBLED, R2P)).cases
    assert 0 < max(row.breached + row.at_risk + row.running + row.met for row in clocks) <= cases


def test_a_withdrawn_event_is_no_flow_of_its_system(client: StoreClient) -> None:
    sources = read_domains().source_parameters
    before = Queries(client).rows("interface_sources", InterfaceSource, since=SINCE, **sources)
    changed(client, "case_events", "version + 1 AS version")
    assert Queries(client).rows("interface_sources", InterfaceSource, since=SINCE, **sources) == before
    changed(client, "case_events", "version + 2 AS version, 1 AS withdrawn")
    assert Queries(client).rows("interface_sources", InterfaceSource, since=SINCE, **sources) == []


def test_systems_are_known_by_where_their_source_begins(client: StoreClient) -> None:
    sources = read_domains().source_parameters
    found = {
        row.system: row for row in Queries(client).rows("interface_systems", InterfaceSystem, since=SINCE, **sources)
    }
    assert found["coupa"].breaches == 8
    assert found["coupa"].missed > 0
    assert found["coupa"].followed >= found["coupa"].missed


def test_only_the_window_of_calls_is_read(client: StoreClient) -> None:
    for _ in range(3):
        changed(client, "spans", "position + rand() AS position")
    client.command("OPTIMIZE TABLE spans FINAL")
    asked = "SELECT interface, kind, trace_id FROM v_call_records WHERE start > '2026-11-20 00:00:00'"
    plan = client.rows(f"EXPLAIN {asked} SETTINGS use_skip_indexes = 0")
    assert any("calls_by_start" in row["explain"] for row in plan)
