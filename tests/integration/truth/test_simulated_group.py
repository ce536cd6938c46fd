"""A simulated hospital group, delivered late, twice and with contexts missing, against its own truth."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from metrics.store.client import StoreClient
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults.stack import Stack
from tests.integration.truth.replay import Truth, played

FULL = os.environ.get("FLOWGLASS_FULL") == "1"
DAYS, LOAD, WITHIN = (90, 1.0, 600.0) if FULL else (21, 0.3, 90.0)
ANCHOR = int(datetime(2026, 3, 13, 15, 30, tzinfo=UTC).timestamp()) * 1_000_000
CARRIERS = ("traceparent", "attribute", "baggage", "span_link", "derived")

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(900)]


class Played(NamedTuple):
    truth: Truth
    store: StoreClient


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """One history of harsh disorder, told by the products themselves, in a real broker, store and three workers."""
    carriers, disorder = DISORDERS["harsh"]
    plan = SimulationPlan(
        seed=11, anchor=ANCHOR, days=DAYS, load=LOAD, carriers=carriers, disorder=disorder, native=True
    )
    with Stack(tmp_path_factory.mktemp("truth")) as stack:
        for kind in ("cases", "spans", "sources"):
            stack.start_worker(module=("metrics.cli", "worker", kind))
        yield Played(played(stack.broker_address, plan, WITHIN), stack.store)


def test_every_case_has_the_milestones_that_really_happened(group: Played) -> None:
    sql = """SELECT process, case_id, `milestone.name` AS name,
                    arrayMap(t -> toUnixTimestamp64Micro(t), `milestone.first`) AS first,
                    arrayMap(t -> toUnixTimestamp64Micro(t), `milestone.last`) AS last, `milestone.count` AS count
             FROM v_cases"""
    stored = {
        (row["process"], row["case_id"]): dict(
            zip(row["name"], zip(row["first"], row["last"], row["count"], strict=True), strict=True)
        )
        for row in group.store.rows(sql, {})
    }
    true = {
        key: {name: (first, last, count) for name, first, last, count in record["milestones"]}
        for key, record in group.truth.cases.items()
        if record["milestones"]
    }
    assert set(stored) == set(true)
    assert {key: stored[key] for key in stored if stored[key] != true[key]} == {}


def test_every_clock_shows_what_was_counted_minute_by_minute(group: Played) -> None:
    sql = """SELECT process, case_id, sla, status, toUnixTimestamp64Micro(started) AS started,
                    toUnixTimestamp64Micro(stopped) AS stopped, net_us FROM v_clocks"""
    stored = {(row["process"], row["case_id"], row["sla"]): _clock(row) for row in group.store.rows(sql, {})}
    true = {
        (*key, name): _clock(clock)
        for key, record in group.truth.cases.items()
        for name, clock in record["slas"].items()
    }
    assert set(stored) == set(true)
    wrong = {key: (stored[key], true[key]) for key in stored if stored[key] != true[key]}
    assert wrong == {}
    assert {status for status, *_ in stored.values()} >= {"met", "breached", "running", "paused"}


def _clock(row: Mapping[str, Any]) -> tuple[str, int, int | None, int | None]:
    """Status, start, stop and net time; what runs on or was cancelled has no final time to compare."""
    if row["status"] == "cancelled" or row["stopped"] is None:
        return (row["status"], row["started"], None, None)
    return (row["status"], row["started"], row["stopped"], row["net_us"])


def test_every_member_object_belongs_to_its_cases_and_no_other(group: Played) -> None:
    stored: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for row in group.store.rows("SELECT object_type, object_id, process, case_id FROM v_links", {}):
        stored[row["object_type"], row["object_id"]].add((row["process"], row["case_id"]))
    true = {key: cases for key, cases in group.truth.objects.items() if cases}
    wrong = {key: (stored.get(key), cases) for key, cases in true.items() if stored.get(key) != cases}
    assert wrong == {}


def test_traces_reach_their_cases_by_every_carrier_and_never_by_a_decoy(group: Played) -> None:
    stored: dict[str, set[tuple[str, str]]] = defaultdict(set)
    by_carrier: dict[str, set[str]] = defaultdict(set)
    for row in group.store.rows("SELECT DISTINCT trace_id, process, case_id, carrier FROM v_trace_cases", {}):
        stored[row["trace_id"]].add((row["process"], row["case_id"]))
        by_carrier[row["carrier"]].add(row["trace_id"])
    links = {(trace, case) for trace, cases in stored.items() for case in cases}
    true = {(t, (p, c)) for t, record in group.truth.traces.items() for p, c in record["cases"]}
    precision, recall = len(links & true) / len(links), len(links & true) / len(true)
    print(f"links {len(links)}, precision {precision:.5f}, recall {recall:.5f}")
    for carrier in CARRIERS:
        assert by_carrier[carrier], f"no trace came by {carrier}"
    assert recall == 1.0, list(true - links)[:5]
    assert precision >= 0.999, list(links - true)[:5]
    decoys = {trace for trace, record in group.truth.traces.items() if record["carrier"] == "decoy"}
    assert decoys
    assert not decoys & set(stored)


def test_duplicates_and_late_events_are_counted(group: Played) -> None:
    duplicates = next(iter(group.store.rows("SELECT sum(duplicates) AS n FROM v_duplicates", {})))["n"]
    late = next(iter(group.store.rows("SELECT count() AS n FROM v_late_events", {})))["n"]
    events = next(iter(group.store.rows("SELECT uniqExact(event_id) AS n FROM events", {})))["n"]
    print(f"{events} events, {duplicates} duplicates, {late} late")
    assert 0.01 * events < duplicates < 0.08 * events  # a snapshot that comes twice gives no event
    assert late > 0


def test_what_belongs_to_no_process_is_unlinked_and_counted(group: Played) -> None:
    rows = group.store.rows("SELECT type, count() AS n FROM v_unlinked GROUP BY type", {})
    unlinked = {row["type"]: row["n"] for row in rows}
    assert unlinked.get("ticket.opened.v1", 0) > 0
    assert not [kind for kind in unlinked if kind.startswith(("requisition.", "purchase_order.", "supplier."))]
