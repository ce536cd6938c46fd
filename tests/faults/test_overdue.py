"""Deadlines that pass while nothing arrives, and events that wait in the backlog while the worker is down."""

import asyncio
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import record
from tests.faults.live import FEED, approved, soon, submitted, write_definition
from tests.faults.stack import Stack, end_cleanly, mark, send, wait_until

pytestmark = pytest.mark.timeout(600)
KEPT = tuple(f"kept{number}" for number in range(40))
"""Cases that are finished in time, in all partitions."""


@pytest.fixture
def stack(tmp_path: Path) -> Any:
    with Stack(tmp_path, definitions=write_definition(tmp_path / "definitions")) as running:
        yield running


def breaches(stack: Stack) -> list[dict[str, Any]]:
    """Rows, not merged ones: a second row of the same breach would show."""
    sql = "SELECT case_id, cause, at FROM transitions WHERE status = 'breached' ORDER BY case_id"
    return stack.rows(sql)


def unseen(stack: Stack) -> list[dict[str, Any]]:
    """As `breaches`, of what was expected and did not come."""
    sql = "SELECT case_id, cause, at FROM expectation_transitions WHERE status = 'unseen' ORDER BY case_id"
    return stack.rows(sql)


def status(stack: Stack, name: str) -> str:
    sql = "SELECT any(status) FROM v_clocks WHERE case_id = %(name)s"
    return str(stack.value(sql, {"name": name}))


def tell(stack: Stack, *records: tuple[bytes, bytes]) -> None:
    asyncio.run(send(stack.broker_address, list(records)))


def wait_for(stack: Stack, name: str, wanted: str) -> None:
    wait_until(lambda: status(stack, name) == wanted, every=0.1)


def working(stack: Stack) -> "subprocess.Popen[bytes]":
    """A worker that has shown that it works."""
    asyncio.run(mark(stack.broker_address, FEED, "live"))
    worker = stack.start_worker()
    tell(stack, submitted("first", soon(7000)))
    wait_for(stack, "first", "running")
    return worker


def seconds_late(stack: Stack, deadline: datetime) -> float:
    noticed = stack.value("SELECT max(noticed) FROM v_transitions WHERE status = 'breached'")
    return float((noticed - deadline).total_seconds())


def test_an_overdue_case_breaches_within_seconds_of_its_deadline_with_no_event_at_all(stack: Stack) -> None:
    worker = working(stack)
    deadline = soon(10)
    tell(stack, submitted("R", deadline))
    wait_for(stack, "R", "breached")
    assert breaches(stack) == [{"case_id": "R", "cause": "timer", "at": deadline}]
    assert unseen(stack) == breaches(stack), "what is expected by the same instant is judged in the same way"
    late = seconds_late(stack, deadline)
    record(15, f"a breach without any event was noticed {late:.1f} s after its deadline")
    assert late < 30
    tell(stack, approved("R", soon(2)))
    wait_until(lambda: stack.value("SELECT any(outcome) FROM v_cases WHERE case_id = 'R'") == "approved")
    assert len(breaches(stack)) == 1, "finishing it too late is no second breach"
    assert status(stack, "R") == "breached"
    assert end_cleanly(worker) == 0


def test_a_deadline_across_which_the_worker_was_down_is_a_breach_once_it_is_back(stack: Stack) -> None:
    first = working(stack)
    deadline = soon(30)
    tell(stack, submitted("late", deadline), submitted("kept", deadline), submitted("busy", deadline))
    wait_for(stack, "busy", "at_risk")
    first.kill()
    first.wait()
    assert breaches(stack) == [], "the worker was to die before the deadline"
    tell(stack, approved("kept", deadline))
    wait_until(lambda: soon(0) > deadline)
    backlog = [submitted(f"new{n}", soon(3600)) for n in range(500)]
    tell(stack, *backlog[:250], approved("busy", deadline), *backlog[250:])
    second = stack.start_worker()
    wait_for(stack, "late", "breached")
    assert (status(stack, "kept"), status(stack, "busy")) == ("met", "met")
    assert breaches(stack) == [{"case_id": "late", "cause": "timer", "at": deadline}]
    assert unseen(stack) == breaches(stack)
    assert stack.value("SELECT count() FROM v_restatements") == 0, "no breach was announced and taken back"
    assert end_cleanly(second) == 0


def test_a_deadline_across_which_the_store_was_away_is_no_breach_where_the_end_waits_in_the_backlog(
    stack: Stack,
) -> None:
    worker = working(stack)
    deadline = soon(15)
    tell(stack, *(submitted(name, deadline) for name in ("late", *KEPT)))
    wait_for(stack, KEPT[-1], "at_risk")
    stack.stop_store()
    tell(stack, submitted("blocks", soon(7000)))
    wait_until(lambda: "the store is unavailable" in stack.worker_log())
    assert soon(0) < deadline, "the worker was to be held up before the deadline"
    tell(stack, *(approved(name, deadline) for name in KEPT))
    wait_until(lambda: soon(0) > deadline)
    stack.start_store()
    wait_for(stack, "late", "breached")
    assert {status(stack, name) for name in KEPT} == {"met"}
    assert breaches(stack) == [{"case_id": "late", "cause": "timer", "at": deadline}]
    assert unseen(stack) == breaches(stack)
    assert stack.value("SELECT count() FROM v_restatements") == 0, "no breach was announced and taken back"
    assert end_cleanly(worker) == 0
