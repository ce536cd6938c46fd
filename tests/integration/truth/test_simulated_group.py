"""A simulated hospital group, delivered late, twice and with contexts missing, against its own truth."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from metrics.completeness.reading import load_expectations
from metrics.completeness.rounds import Rounds
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import HOUR, MINUTE
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults import figures
from tests.faults.stack import Stack
from tests.integration.truth.nights import true_nights
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
        seed=11, anchor=ANCHOR, days=DAYS, load=LOAD, carriers=carriers, disorder=disorder, native=True, silences=True
    )
    with Stack(tmp_path_factory.mktemp("truth")) as stack:
        yield Played(played(stack, plan, ("cases", "spans", "sources"), WITHIN), stack.store)


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


def test_what_did_not_come_is_an_exception_and_nothing_else_is(group: Played) -> None:
    sql = """SELECT process, case_id, expectation, status, toUnixTimestamp64Micro(since) AS since,
                    toUnixTimestamp64Micro(seen) AS seen FROM v_expectations"""
    stored = {
        (row["process"], row["case_id"], row["expectation"]): (row["status"], row["since"], row["seen"])
        for row in group.store.rows(sql, {})
    }
    true = {
        (*key, name): (one["status"], one["since"], one["seen"])
        for key, record in group.truth.cases.items()
        for name, one in record["expected"].items()
    }
    missed = {key: one for key, one in true.items() if one[0] == "unseen" and stored.get(key) != one}
    false = {key: one for key, one in stored.items() if one[0] == "unseen" and true.get(key) != one}
    assert (missed, false) == ({}, {})
    assert stored == true
    assert {status for status, *_ in stored.values()} >= {"awaited", "seen", "unseen", "late"}
    sql = "SELECT count() AS n, uniqExact(process, case_id, expectation) AS cases FROM expectation_transitions"
    told = next(iter(group.store.rows(f"{sql} WHERE status = 'unseen'", {})))
    assert told["n"] >= sum(status == "unseen" for status, *_ in stored.values())


def _clock(row: Mapping[str, Any]) -> tuple[str, int, int | None, int | None]:
    """Status, start, stop and net time; what runs on or was cancelled has no final time to compare."""
    if row["status"] == "cancelled" or row["stopped"] is None:
        return (row["status"], row["started"], None, None)
    return (row["status"], row["started"], row["stopped"], row["net_us"])


def test_every_case_deviates_as_it_really_did_and_no_other_case_does(group: Played) -> None:
    sql = """SELECT process, case_id, kind, rule, milestone, object, toUnixTimestamp64Micro(at) AS at_us, count
             FROM v_deviations"""
    stored: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in group.store.rows(sql, {}):
        about = (row["kind"], row["rule"], row["milestone"], row["object"], row["at_us"], row["count"])
        stored[row["process"], row["case_id"]].append(about)
    true = {
        key: [tuple(one) for one in record["deviations"]]
        for key, record in group.truth.cases.items()
        if record["milestones"] and record["deviations"]
    }
    told = {key: sorted(found) for key, found in stored.items()}
    wrong = {key: (told.get(key), true.get(key)) for key in set(told) | set(true) if told.get(key) != true.get(key)}
    false = sum(key not in true for key in wrong)
    many = sum(map(len, true.values()))
    print(f"{len(true)} cases deviate, {many} times; false {false}, wrong or missed {len(wrong) - false}")
    assert wrong == {}, list(wrong.items())[:8]


def test_every_departure_made_on_purpose_is_found_once_its_step_has_come(group: Played) -> None:
    found = {
        (process, case_id, kind, rule)
        for (process, case_id), record in group.truth.cases.items()
        for kind, rule, *_ in record["deviations"]
    }
    reached = {
        (process, case_id, name): last
        for (process, case_id), record in group.truth.cases.items()
        for name, _, last, _ in record["milestones"]
    }
    due = [
        (one["process"], one["case"], one["kind"], one["rule"])
        for one in group.truth.strays
        if reached.get((one["process"], one["case"], one["step"]), 0) >= one["at"]
    ]
    settled = [one for one in due if one[2] != "wrong_order" or (*one[:2], "missing", one[3]) not in found]
    assert {process for process, *_ in due} >= {"requisition_to_pay", "batch_reconciliation"}
    assert set(settled) <= found


def test_the_share_of_conforming_cases_is_counted_over_all_that_are_judged(group: Played) -> None:
    sql = "SELECT process, sum(cases) AS cases, sum(conforming) AS conforming FROM v_conformance GROUP BY process"
    stored = {row["process"]: (row["cases"], row["conforming"]) for row in group.store.rows(sql, {})}
    true: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (process, _), record in group.truth.cases.items():
        if record["milestones"]:
            cases, conforming = true[process]
            true[process] = (cases + 1, conforming + (not record["deviations"]))
    assert stored == true


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
    figures.record(
        9, f"{events:,} events of a simulated group, {duplicates:,} came twice, {late:,} late: equal to its truth"
    )
    assert 0.01 * events < duplicates < 0.08 * events  # a snapshot that comes twice gives no event
    assert late > 0


def test_what_belongs_to_no_process_is_unlinked_and_counted(group: Played) -> None:
    rows = group.store.rows("SELECT type, count() AS n FROM v_unlinked GROUP BY type", {})
    unlinked = {row["type"]: row["n"] for row in rows}
    assert unlinked.get("ticket.opened.v1", 0) > 0
    assert not [kind for kind in unlinked if kind.startswith(("requisition.", "purchase_order.", "supplier."))]


def test_every_night_has_the_batches_that_really_came(group: Played) -> None:
    shipped, seen = load_expectations(None), set[str]()
    for version, earlier in enumerate((0, 5 * HOUR + 30 * MINUTE), 1):  # as shipped, and due half past midnight
        batches = tuple(replace(one, by=one.by - earlier) for one in shipped.batches)
        plan = replace(shipped, batches=batches)
        Rounds(plan, Queries(group.store), ClickHouseWriter(group.store), lambda to=version: to).run(ANCHOR)
        sql = """SELECT facility, toDate(day) - toDate('1970-01-01') AS day, state FROM v_feed_batches
                 WHERE kind = 'event'"""
        stored = Counter((row["facility"], row["day"], row["state"]) for row in group.store.rows(sql, {}))
        true = true_nights(group.truth.cases, plan, ANCHOR, group.truth.lost)
        told = Counter({night: count for night, count in stored.items() if night[2] != "expected" or night in true})
        assert told == true
        seen |= {state for _, _, state in true}
    assert seen >= {"complete", "late", "missing"}
