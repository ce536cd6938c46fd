"""After an outage: what is critical is in the store before the bulk, and every outcome is the same as ever."""

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from streams import topics
from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, Step, sending_order
from tests.faults.stack import Stack, end_cleanly, mark, send, wait_until

pytestmark = pytest.mark.timeout(600)
BULK, CRITICAL = 20_000, 200
BY_TYPE = {"requisition": topics.EVENTS_CRITICAL, "invoice": topics.EVENTS_BULK}
"""By the first word of an event's type: the events of one case come from three topics."""


def test_critical_cases_are_in_the_store_before_a_tenth_of_the_bulk_is(tmp_path: Path) -> None:
    steps = Hospital(seed=11).steps(BULK + CRITICAL)
    truth = Truth(steps)
    cases, critical = critical_of(truth)
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        outage(stack, steps, lambda s: topics.EVENTS_CRITICAL if s.id in critical else topics.EVENTS_BULK)
        worker = stack.start_worker()
        seen: list[int] = []

        def visible() -> bool:
            row = stack.rows(
                """SELECT countIf(startsWith(origin, %(bulk)s)) AS bulk,
                          (SELECT sum(events) FROM v_cases WHERE case_id IN %(cases)s) AS critical FROM v_events""",
                {"bulk": f"{topics.EVENTS_BULK}/", "cases": cases},
            )[0]
            seen.append(int(row["bulk"]))
            return int(row["critical"]) >= sum(len(truth.cases[name].events) for name in cases)

        wait_until(visible, every=0.02)
        assert decided(stack, cases) == decided_in(truth, cases)
        assert seen[-1] < BULK / 10, f"{seen[-1]} bulk events were stored when the critical cases were"
        through(stack, worker)
        assert not (wrong := differences(stack, truth)), "\n".join(wrong)
        assert end_cleanly(worker) == 0


def test_a_case_read_from_three_topics_with_a_kill_between_is_the_case(tmp_path: Path) -> None:
    steps = Hospital(seed=12).steps(12_000)
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        outage(stack, steps, lambda s: BY_TYPE.get(s.type.partition(".")[0], topics.EVENTS))
        for share in (0, 4_000):
            worker = stack.start_worker()
            wait_until(lambda more=share: stack.value("SELECT count() FROM v_events") > more)  # type: ignore[misc]
            worker.kill()
            worker.wait()
        worker = stack.start_worker()
        through(stack, worker)
        assert not (wrong := differences(stack, Truth(steps))), "\n".join(wrong)
        topics_read = stack.value("SELECT uniqExact(splitByChar('/', origin)[1]) FROM events")
        assert topics_read == len(topics.EVENT_TOPICS)
        assert end_cleanly(worker) == 0


def outage(stack: Stack, steps: Sequence[Step], topic_of: Callable[[Step], str]) -> None:
    """Everything waits in the broker, what is critical behind the rest, before a worker runs."""
    asyncio.run(mark(stack.broker_address, FEED, "backfill"))
    ordered = list(sending_order(steps, seed=11))
    for topic in (topics.EVENTS_BULK, topics.EVENTS, topics.EVENTS_CRITICAL):
        records = [step.record() for step in ordered if topic_of(step) == topic]
        asyncio.run(send(stack.broker_address, records, topic))
    asyncio.run(mark(stack.broker_address, FEED, "end"))


def through(stack: Stack, worker: "subprocess.Popen[bytes]") -> None:
    """All is read, stored and committed."""
    stack.settle("cases")
    assert worker.poll() is None, f"the worker ended with {worker.returncode}:\n{stack.worker_log()}"


def critical_of(truth: Truth) -> tuple[tuple[str, ...], frozenset[str]]:
    """Whole families of cases (those that share events) with at least CRITICAL events, and these events."""
    cases_of: dict[str, list[str]] = {}
    for name, case in truth.cases.items():
        for event in case.events:
            cases_of.setdefault(event, []).append(name)
    chosen: set[str] = set()
    for name in sorted(truth.cases, reverse=True):
        family = {name}
        while (grown := {one for case in family for e in truth.cases[case].events for one in cases_of[e]}) != family:
            family = grown
        chosen |= family
        events = frozenset().union(*(truth.cases[case].events for case in chosen))
        if len(events) >= CRITICAL:
            return tuple(sorted(chosen)), events
    raise AssertionError("the scene is too small")


def decided_in(truth: Truth, cases: Sequence[str]) -> set[tuple[str, str, str]]:
    """Clocks that events stopped."""
    clocks = ((name, sla, one) for name in cases for sla, one in truth.cases[name].clocks.items())
    return {
        (name, sla, one.status) for name, sla, one in clocks if one.stopped is not None and one.status != "cancelled"
    }


def decided(stack: Stack, cases: Sequence[str]) -> set[tuple[str, str, str]]:
    sql = """SELECT case_id, sla, status FROM v_clocks
             WHERE case_id IN %(cases)s AND stopped IS NOT NULL AND status != 'cancelled'"""
    return {(row["case_id"], row["sla"], row["status"]) for row in stack.rows(sql, {"cases": tuple(cases)})}
