"""The health of the integration read from a real store: exact, and the same however often things are delivered."""

import json
from itertools import count

import pytest

from metrics.definitions.load import load
from metrics.health.health import read_health, read_operations
from metrics.health.sums import queues, versions
from metrics.health.suppliers import supplier_slas
from metrics.health.window import read_calls, read_events
from metrics.queries.health_rows import ApprovalStep, Operation, SupplierClock
from metrics.store.client import StoreClient
from metrics.store.queries import Queries

pytestmark = pytest.mark.store
SECOND, DAY, ANCHOR = 1_000_000, 86_400_000_000, 1_795_190_400_000_000
SINCE = ANCHOR - 7 * DAY
POSITIONS = count(1)
"""Of what is delivered twice each record has a place of its own."""


def call(
    client: StoreClient, trace: str, at: int, lasts: int, status: str, kind: str = "client", parent: str = ""
) -> None:
    """One span of the interface `tested`, `at` seconds after the window began."""
    start = SINCE + at * SECOND
    client.command(
        "INSERT INTO spans (trace_id, span_id, parent_span_id, origin, position, service, name, kind, interface, "
        "start, duration_ns, status, ingested) "
        f"SELECT '{trace}', '{kind}{at}', '{parent}', 'test', {next(POSITIONS)}, 'hub', 'POST', '{kind}', 'tested', "
        f"fromUnixTimestamp64Micro({start}), {lasts * SECOND * 1000}, '{status}', now64()"
    )


def told(client: StoreClient, event_id: str, kind: str, subject: str, at: int, source: str, **attributes: str) -> None:
    client.command(
        "INSERT INTO events (event_id, origin, position, type, activity, time, source, subject, attributes, ingested) "
        f"SELECT '{event_id}', 'test', {next(POSITIONS)}, '{kind}', '{kind}', "
        f"fromUnixTimestamp64Micro({SINCE + at * SECOND}), '{source}', '{subject}', '{json.dumps(attributes)}', now64()"
    )


def operation(client: StoreClient) -> Operation:
    (one,) = [one for one, _ in read_operations(Queries(client), SINCE, ANCHOR, None, "tested")]
    return one


@pytest.fixture(scope="module")
def called(seeded: StoreClient) -> StoreClient:
    """Three messages: through at once, through at the third try, given up after two; each stored twice."""
    for _ in range(2):
        call(seeded, "t1", 100, 1, "ok")
        for at, status in ((200, "error"), (205, "error"), (215, "ok")):
            call(seeded, "t2", at, 1, status)
        for at in (300, 303):
            call(seeded, "t3", at, 2, "error")
        call(seeded, "t4", 400, 1, "ok", "producer")
        call(seeded, "t4", 431, 1, "ok", "consumer", "producer400")
        call(seeded, "t5", 500, 1, "ok", "producer")
    return seeded


def test_retries_and_waits_are_those_between_a_failed_call_and_the_next(called: StoreClient) -> None:
    one = operation(called)
    assert (one.calls, one.errors, one.retries) == (6, 4, 3)
    assert (one.failed_messages, one.recovered, one.given_up, one.fewest_attempts) == (2, 1, 1, 2)
    assert (one.shortest_wait_us, one.longest_wait_us) == (SECOND, 9 * SECOND)
    assert one.median_wait_us == pytest.approx(4 * SECOND, rel=0.004)


def test_percentiles_and_counts_are_those_of_every_call(seeded: StoreClient) -> None:
    found = {
        one.interface: one
        for one, _ in read_operations(Queries(seeded), SINCE, ANCHOR, None)
        if one.interface != "tested"
    }
    asked = (
        "SELECT toString(interface) AS interface, count() AS calls, countIf(status = 'error') AS errors, "
        "quantileExactInclusive(0.99)(duration_ns) / 1000 AS p99 FROM v_spans WHERE kind = 'client' "
        f"AND interface != 'tested' AND start > fromUnixTimestamp64Micro({SINCE}, 'UTC') GROUP BY interface"
    )
    wanted = {row["interface"]: (row["calls"], row["errors"], row["p99"]) for row in seeded.rows(asked, {})}
    assert {name: (one.calls, one.errors) for name, one in found.items()} == {
        name: (calls, errors) for name, (calls, errors, _) in wanted.items()
    }
    assert {name: one.p99_us for name, one in found.items()} == pytest.approx(
        {name: p99 for name, (*_, p99) in wanted.items()}, rel=0.004
    )
    assert len(wanted) > 5


def test_a_queue_is_from_the_end_of_the_sending_to_the_first_taking(called: StoreClient) -> None:
    (queue,) = queues(read_calls(Queries(called), SINCE, ANCHOR, None, "tested"))
    assert (queue.messages, queue.waiting, queue.longest_us) == (2, 1, 30 * SECOND)
    assert queue.median_us == pytest.approx(30 * SECOND, rel=0.004)


def test_an_older_and_a_newer_version_of_a_contract_are_told_apart(seeded: StoreClient) -> None:
    for _ in range(2):
        told(seeded, "d1", "worker.hired.v1", "worker/W-9", 10, "/drifting")
        told(seeded, "d2", "worker.hired.v2", "worker/W-9", 20, "/drifting")
    rows = versions(read_events(Queries(seeded), SINCE, ANCHOR, None))
    assert [(row.version, row.events) for row in rows if row.source == "/drifting"] == [(1, 1), (2, 1)]
    drifting = [one for one in read_health(Queries(seeded), SINCE, ANCHOR, None).spoken if one.source == "/drifting"]
    assert [one.drift for one in drifting] == ["v2 is newer than the contract, v1"]


def test_an_approval_step_waits_from_its_first_request_to_its_decision(seeded: StoreClient) -> None:
    steps = ((1, 10, "approved", 70), (2, 20, "rejected", 320), (3, 30, "", 0))
    for number, asked, verb, decided in steps:
        about = {"step": "above_5000", "approver": "head"}
        told(seeded, f"a{number}", "approval_step.requested.v1", f"approval_step/{number}", asked, "/c", **about)
        if verb:
            told(seeded, f"b{number}", f"approval_step.{verb}.v1", f"approval_step/{number}", decided, "/c", **about)
    (row,) = Queries(seeded).rows("health_approvals", ApprovalStep, since=SINCE)
    assert (row.step, row.approver, row.asked, row.decided, row.refused) == ("above_5000", "head", 3, 2, 1)
    assert (row.median_us, row.p90_us) in {(60 * SECOND, 300 * SECOND), (300 * SECOND, 300 * SECOND)}


def test_suppliers_are_measured_by_the_clocks_that_begin_with_waiting_for_them(seeded: StoreClient) -> None:
    slas = supplier_slas(one.text for one in load().loaded)
    pairs = set(zip(slas["processes"], slas["slas"], strict=True))
    assert {("requisition_to_pay", "po_acknowledgement"), ("requisition_to_pay", "delivery")} <= pairs
    assert ("requisition_to_pay", "approval") not in pairs
    found = Queries(seeded).rows("health_suppliers", SupplierClock, since=ANCHOR - 60 * DAY, limit=1000, **slas)
    clocks = next(
        seeded.rows(
            "SELECT count() AS n FROM v_clocks WHERE process = 'requisition_to_pay' "
            "AND sla IN ('po_acknowledgement', 'delivery') "
            "AND status IN ('met', 'breached') "
            f"AND ifNull(stopped, deadline) > fromUnixTimestamp64Micro({ANCHOR - 60 * DAY}, 'UTC')",
            {},
        )
    )["n"]
    assert sum(row.clocks for row in found if row.process == "requisition_to_pay") == clocks > 20
    assert all(row.met + row.breached == row.clocks for row in found)


def test_completion_counts_every_case_that_began_once(seeded: StoreClient) -> None:
    health = read_health(Queries(seeded), ANCHOR - 60 * DAY, ANCHOR, None)
    for row in health.completion:
        assert row.ended == sum(row.counts) <= row.begun
    assert {row.process for row in health.completion} >= {"requisition_to_pay", "employee_onboarding"}
