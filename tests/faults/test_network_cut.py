"""The network between worker and broker is cut, and is bad for a while: everything is equal once it is well again."""

import asyncio
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from streams.runtime.ports import free_port
from tests.faults.asking import ask
from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.severed import Link, SeveredStack
from tests.faults.stack import PARTITIONS, end_cleanly, mark, wait_until
from tests.faults.steady_feed import SteadyFeed

pytestmark = pytest.mark.timeout(2400 if FULL else 600)


class Extent(NamedTuple):
    """Cuts of so many seconds, then so many seconds of a bad link; events, and how many a second."""

    cuts: int
    cut: float
    bad: float
    events: int
    rate: int


EXTENT = Extent(5, 30.0, 120.0, 60_000, 200) if FULL else Extent(1, 12.0, 15.0, 6_000, 150)
LOSS, DELAY = 0.2, 0.1
"""Of the packets each way; seconds each way, 200 ms there and back."""


def test_a_cut_and_a_bad_link_cost_nothing_but_time(tmp_path: Path) -> None:
    steps = Hospital(seed=8).steps(EXTENT.events)
    records = [step.record() for step in sending_order(steps, seed=8)]
    with Link() as link, SeveredStack(tmp_path, link, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        port = free_port()
        worker = stack.start_worker(metrics_port=port)
        with SteadyFeed(stack.broker_address, records, EXTENT.rate) as feed:
            wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0)
            for number in range(EXTENT.cuts):
                noticed = cut(link, port)
                record(8, f"cut {number + 1}: readiness said so after {noticed:.1f} s ({feed.sent} events sent)")
            link.spoil(LOSS, DELAY)
            before = stack.value("SELECT count() FROM events")
            time.sleep(EXTENT.bad)
            passed = stack.value("SELECT count() FROM events") - before
            link.carry()
            record(8, f"{EXTENT.bad:.0f} s of {LOSS:.0%} loss and {2 * DELAY * 1e3:.0f} ms: {passed} events stored")
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        assert end_cleanly(worker) == 0


def cut(link: Link, port: int) -> float:
    """Cut until it is noticed, and for as long as wanted; heal, wait until all is well. Seconds to the notice."""
    began = time.monotonic()
    link.cut()
    wait_until(lambda: ask(port, "/ready")[0] == 503)
    noticed = time.monotonic() - began
    assert ask(port, "/health")[0] == 200
    time.sleep(max(0.0, EXTENT.cut - noticed))
    link.carry()
    wait_until(lambda: ask(port, "/ready")[0] == 200)
    return noticed
