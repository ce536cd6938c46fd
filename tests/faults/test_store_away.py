"""The store goes away under load and comes back: the broker holds the pressure, nothing is lost, nobody dies of it."""

import asyncio
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from streams import topics
from streams.broker.trim import resident_bytes
from streams.runtime.ports import free_port
from tests.faults.asking import ask
from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, PATIENCE, Stack, end_cleanly, mark, wait_until
from tests.faults.steady_feed import SteadyFeed

COMMITTED = "SELECT sum(committed) FROM v_checkpoints WHERE worker = 'cases' AND topic = %(topic)s"


class Extent(NamedTuple):
    """Events, how many a second; seconds without a store; how many are stored before that."""

    events: int
    rate: int
    away: float
    before: int


EXTENT = Extent(200_000, 2_000, 60.0, 30_000) if FULL else Extent(9_000, 400, 10.0, 1_500)
READY_SECONDS, GROWTH, DRAINS = 10.0, 1.2, 3.0
"""Demanded: not ready after so long, at most so many times the memory, so many times the rate of the input."""


class Seen(NamedTuple):
    """Of a worker without a store: seconds until it said that it is not ready; answers of its health; bytes at most."""

    unready: float
    healthy: bool
    most: int


@pytest.mark.timeout(1200 if FULL else 600)
def test_a_store_that_is_away_for_a_while_costs_nothing_but_time(tmp_path: Path) -> None:
    steps = Hospital(seed=4).steps(EXTENT.events)
    records = [step.record() for step in sending_order(steps, seed=4)]
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        port = free_port()
        worker = stack.start_worker(metrics_port=port)
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        with SteadyFeed(stack.broker_address, records, EXTENT.rate) as feed:
            wait_until(lambda: committed(stack) >= EXTENT.before)
            held = resident_bytes(worker.pid)
            stack.stop_store()
            seen = while_away(port, worker.pid)
            assert worker.poll() is None, f"the worker gave up:\n{stack.worker_log()}"
            stack.start_store()
            began, sent, stored = time.monotonic(), feed.sent, committed(stack)
            wait_until(lambda: committed(stack) >= sent)
            drained = time.monotonic() - began
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        assert seen.healthy
        assert "the store is unavailable" in (tmp_path / "worker.log").read_text()
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        assert end_cleanly(worker) == 0
    times, grown = (sent - stored) / drained / EXTENT.rate, seen.most / held
    record(
        5,
        f"away {EXTENT.away:.0f} s at {EXTENT.rate:,} events a second: not ready after {seen.unready:.1f} s, healthy"
        f" all the time, memory {grown:.2f} times what it was; {sent - stored:,} behind on its return, read in"
        f" {drained:.1f} s, {times:.1f} times as fast as they came; 0 differences",
        enough=seen.unready <= READY_SECONDS and grown <= GROWTH and times >= DRAINS,
    )


def while_away(port: int, pid: int) -> Seen:
    """Look at a worker for as long as the store is away, and until it has said that it is not ready."""
    began, unready, healthy, most = time.monotonic(), 0.0, True, 0
    while not unready or time.monotonic() - began < EXTENT.away:
        past = time.monotonic() - began
        assert past < PATIENCE, "without a store the worker says that it is ready"
        if not unready and ask(port, "/ready")[0] == 503:
            unready = past
        healthy &= ask(port, "/health")[0] == 200
        most = max(most, resident_bytes(pid))
        time.sleep(0.2)
    return Seen(unready, healthy, most)


def committed(stack: Stack) -> int:
    """Records of events that are stored, with all that follows from them."""
    return int(stack.value(COMMITTED, {"topic": topics.EVENTS}))
