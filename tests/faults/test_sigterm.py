"""SIGTERM: what was gathered is stored and committed, and the next worker goes on from there."""

import asyncio
import time
from pathlib import Path

import pytest

from streams.engine.lifecycle import FLUSH_RECORDS
from tests.faults.comparing import differences
from tests.faults.figures import record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send, wait_until


@pytest.mark.timeout(600)
def test_a_worker_that_is_asked_to_stop_commits_and_leaves_at_most_one_batch_to_be_seen_again(tmp_path: Path) -> None:
    steps = Hospital(seed=5).steps(12_000)
    records = [step.record() for step in sending_order(steps, seed=5)]
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        asyncio.run(send(stack.broker_address, records))
        first = stack.start_worker()
        wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0, every=0.02)
        began = time.monotonic()
        assert end_cleanly(first, within=10) == 0
        seconds, committed = time.monotonic() - began, stack.committed()
        assert seconds < 10
        assert sum(committed.values()) > 0
        repeated = again(stack, committed)
        record(
            2, f"ended with 0 after {seconds:.1f} s; {sum(committed.values()):,} committed, {repeated} to be seen again"
        )
        assert repeated <= FLUSH_RECORDS
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        second = stack.start_worker()
        stack.read_to_the_end(second, len(records) + 2 * PARTITIONS)
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        assert stack.value("SELECT count() FROM events") == stack.value("SELECT count() FROM events FINAL")
        assert end_cleanly(second) == 0


def again(stack: Stack, committed: dict[int, int]) -> int:
    """Events that are stored, but not committed."""
    sql = "SELECT count() FROM events WHERE origin LIKE %(place)s AND position >= %(offset)s"
    places = ((f"%/{number}@%", offset) for number, offset in committed.items())
    return sum(int(stack.value(sql, {"place": place, "offset": offset})) for place, offset in places)
