"""The store goes away in the middle of the run and comes back: the broker holds the pressure, nothing is lost."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send, wait_until

AWAY_SECONDS = 60.0 if FULL else 10.0


@pytest.mark.timeout(600)
def test_a_store_that_is_away_for_a_while_costs_nothing_but_time(tmp_path: Path) -> None:
    steps = Hospital(seed=4).steps(8_000)
    records = [step.record() for step in sending_order(steps, seed=4)]
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker()
        asyncio.run(send(stack.broker_address, records[:3_000]))
        wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0)
        stack.stop_store()
        asyncio.run(send(stack.broker_address, records[3_000:]))
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        time.sleep(AWAY_SECONDS)
        assert worker.poll() is None, f"the worker gave up:\n{stack.worker_log()}"
        stack.start_store()
        began = time.monotonic()
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        drained = time.monotonic() - began
        wrong = differences(stack, Truth(steps))
        told = f"away {AWAY_SECONDS:.0f} s, 5,000 records behind: read {drained:.1f} s after its return"
        record(5, f"{told}, {len(wrong)} differences")
        assert not wrong, "\n".join(wrong)
        assert "the store is unavailable" in (tmp_path / "worker.log").read_text()
        assert end_cleanly(worker) == 0
