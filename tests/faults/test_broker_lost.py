"""The broker dies and comes back empty on the same port: what was lost is written down, and later events win."""

import asyncio
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from streams import topics
from streams.engine.lifecycle import FLUSH_RECORDS
from streams.engine.program import NEW_LOG
from tests.faults.live import approved, soon, submitted, write_definition
from tests.faults.stack import Stack, end_cleanly, send, wait_until

CASES = 40
BACKLOG = 3 * FLUSH_RECORDS
UNREAD = "SELECT sum(high_water - committed) FROM v_checkpoints"


def epochs(stack: Stack) -> list[int]:
    return [row["epoch"] for row in stack.rows("SELECT DISTINCT bitShiftRight(version, 40) AS epoch FROM cases FINAL")]


def incarnations(stack: Stack) -> int:
    return int(stack.value("SELECT count() FROM v_incarnations"))


def restarted(stack: Stack, worker: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
    """A worker that finds a new log ends with its own exit code; whoever supervises it starts it again."""
    wait_until(lambda: worker.poll() is not None)
    assert worker.returncode == NEW_LOG, stack.worker_log()
    return stack.start_worker()


@pytest.mark.timeout(600)
def test_a_broker_that_comes_back_empty_is_noticed_and_later_events_on_old_cases_win(tmp_path: Path) -> None:
    with Stack(tmp_path, definitions=write_definition(tmp_path / "definitions")) as stack:
        begun = soon(3600)
        first = [submitted(f"R{n}", begun) for n in range(CASES)]
        asyncio.run(send(stack.broker_address, first))
        worker = stack.start_worker()
        stack.read_to_the_end(worker, CASES)
        before = epochs(stack)
        stack.kill_broker()
        stack.start_broker()
        asyncio.run(send(stack.broker_address, [approved(f"R{n}", begun) for n in range(CASES)]))
        worker = restarted(stack, worker)
        wait_until(lambda: stack.value("SELECT count() FROM v_cases WHERE outcome = 'approved'") == CASES)
        assert incarnations(stack) == 2
        assert min(epochs(stack)) > max(before), "rows of the new log stand above those of the old one"
        assert stack.value("SELECT count() FROM v_events") == 2 * CASES
        assert stack.value("SELECT sum(events) FROM v_cases") == 2 * CASES
        the_same_again(stack, first, begun)
        assert end_cleanly(worker) == 0


def the_same_again(stack: Stack, first: list[tuple[bytes, bytes]], begun: object) -> None:
    """Records equal to earlier ones byte for byte, at offsets that were used before, freeze nothing."""
    asyncio.run(send(stack.broker_address, [*first, submitted("new", soon(3600) + timedelta(hours=1))]))
    wait_until(lambda: stack.value("SELECT count() FROM v_cases") == CASES + 1)
    wait_until(lambda: stack.value("SELECT sum(duplicates) FROM v_duplicates") == CASES)
    assert stack.value("SELECT sum(events) FROM v_cases") == 2 * CASES + 1


@pytest.mark.timeout(600)
def test_what_the_old_log_held_unread_is_written_down(tmp_path: Path) -> None:
    with Stack(tmp_path, definitions=write_definition(tmp_path / "definitions")) as stack:
        begun = soon(3600)
        asyncio.run(send(stack.broker_address, [submitted(f"R{n}", begun) for n in range(BACKLOG)]))
        worker = stack.start_worker()
        wait_until(lambda: int(stack.value(UNREAD)) > 0, every=0.02)
        stack.kill_broker()
        stack.start_broker()
        restarted(stack, worker)
        wait_until(lambda: incarnations(stack) == 2)
        new = stack.rows("SELECT unread, detail FROM v_incarnations ORDER BY seen_at DESC LIMIT 1")[0]
        assert 0 < new["unread"] <= BACKLOG - int(stack.value("SELECT count() FROM v_events"))
        assert topics.EVENTS in new["detail"]
