"""The interface calls of a stage: right after redelivery, and read by time instead of as a whole."""

from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from dashboards.address import Address
from dashboards.board import move_columns
from dashboards.scope import Desk, Scope
from dashboards.wording import DAY
from metrics.queries.rows import CaseTrace, Found, ListedCase, StageInterface
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate
from metrics.store.queries import Queries
from tests.browser.seed import seed_store
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
Row = TypeVar("Row")


@pytest.fixture
def client(store_front: StoreFront) -> Iterator[StoreClient]:
    """A seeded database of its own."""
    client = connect_url(store_front.url, "stages")
    client.command("DROP DATABASE IF EXISTS stages", in_database=False)
    migrate(client)
    seed_store(client._client, cases=250)
    yield client
    client.command("DROP DATABASE IF EXISTS stages", in_database=False)
    client.close()


class PlainReader:
    """The queries as the pages' reader."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def rows(self, name: str, row_type: type[Row], **parameters: Any) -> list[Row]:
        """The rows of a query."""
        return self._queries.rows(name, row_type, **parameters)


def scope_of(client: StoreClient) -> Scope:
    return Desk(PlainReader(Queries(client))).scope(Address(process="requisition_to_pay"))


def calls(client: StoreClient, days: int = 20) -> list[StageInterface]:
    scope = scope_of(client)
    brought = scope.view.activity_branches
    found = Queries(client).rows(
        "stage_interfaces",
        StageInterface,
        process=scope.size.process,
        **move_columns(scope.view),
        since=scope.as_of - days * DAY,
        activities=list(brought),
        activity_branches=list(brought.values()),
    )
    return scope.of_place(found)


def changed(client: StoreClient, table: str, change: str) -> None:
    client.command(f"INSERT INTO {table} SELECT * REPLACE ({change}) FROM {table}")


def test_whatever_is_delivered_again_counts_once(client: StoreClient) -> None:
    before = calls(client)
    assert sum(row.calls for row in before) > 50
    for table in ("spans", "span_refs"):
        changed(client, table, "ingested + INTERVAL 1 HOUR AS ingested")  # the same rows, before any merge
    changed(client, "spans", "position + 1000000 AS position")  # true duplicates at other positions
    changed(client, "case_events", "version + 1 AS version")
    assert calls(client) == before
    for table in ("spans", "span_refs", "case_events"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    assert calls(client) == before


def test_a_withdrawn_event_takes_its_calls_along(client: StoreClient) -> None:
    client.command("TRUNCATE TABLE span_refs")  # events alone then tie traces to cases
    assert calls(client)
    changed(client, "case_events", "version + 1 AS version, 1 AS withdrawn")
    assert calls(client) == []


def test_deleted_spans_leave_the_order_by_time_too(client: StoreClient) -> None:
    client.command("DELETE FROM spans WHERE simulated = 1")
    assert client.command("SELECT count() FROM v_call_records WHERE start > '2000-01-01'") == 0
    assert calls(client) == []


def test_only_the_window_is_read(client: StoreClient) -> None:
    for _ in range(3):  # a few blocks of rows, so that there is something to leave out
        changed(client, "spans", "position + rand() AS position")
    client.command("OPTIMIZE TABLE spans FINAL")
    asked = "SELECT trace_id, service, status FROM v_call_records WHERE start > '2026-11-20 00:00:00'"
    plan = client.rows(f"EXPLAIN {asked} SETTINGS use_skip_indexes = 0")
    assert any("calls_by_start" in row["explain"] for row in plan)


def test_the_list_behind_an_interface_holds_the_cases_that_were_counted(client: StoreClient) -> None:
    scope = scope_of(client)
    interface = max(calls(client, 1), key=lambda row: row.cases)
    asked = dict.fromkeys(("state", "sla", "clock", "deviation", "list", "sort"), "") | {"since": 0}
    listed = Queries(client).rows(
        "case_list",
        ListedCase,
        **scope.case_filter,
        **asked,
        as_of=scope.as_of,
        interface=interface.interface,
        interface_days=1,
        by_ids=0,
        id_processes=[],
        ids=[],
        offset=0,
        limit=200,
    )
    assert len(listed) >= interface.cases


def test_a_trace_is_found_by_its_own_id_and_by_a_spans(client: StoreClient) -> None:
    queries = Queries(client)
    rows: Iterator[dict[str, Any]] = client.rows(
        "SELECT process, case_id, e.trace_id AS trace_id, s.span_id AS span_id FROM v_case_events AS e"
        " INNER JOIN v_spans AS s ON s.trace_id = e.trace_id ORDER BY span_id LIMIT 1"
    )
    event = next(rows)
    for text in (event["trace_id"], event["span_id"]):
        found = queries.rows("find", Found, text=text, trace=text)
        assert (event["process"], event["case_id"]) in {(row.process, row.case_id) for row in found}
    traces = queries.rows("case_traces", CaseTrace, process=event["process"], case_id=event["case_id"])
    assert event["trace_id"] in {row.trace_id for row in traces}
