"""Workers come and go under load: partitions change hands again and again, and the outcome is the oracle's.

Objects and cases live on partitions of their own, so two workers tell each other what they read. The long form
(60,000 events, ten changes) runs with FLOWGLASS_FULL=1.
"""

import asyncio
import subprocess
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka import TopicPartition

from streams import topics
from streams.broker.offsets import end_offsets
from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send

EVENTS, CHANGES = (60_000, 10) if FULL else (6_000, 4)
WAYS = ("a worker joins", "the older one ends", "a worker joins", "the older one is killed")
TRICKLE = 10
"""Records sent at once while something is waited for; the rest of a change's share follows in one go."""

Worker = subprocess.Popen[bytes]


class Change(NamedTuple):
    """`seconds`: until who joined had its part, or all was read; `told`: records that workers sent each other."""

    way: str
    seconds: float
    told: int


@pytest.mark.timeout(1800 if FULL else 900)
def test_workers_come_and_go_under_load_and_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    steps = Hospital(seed=21).steps(EVENTS)
    records = [step.record() for step in sending_order(steps, seed=21)]
    share = len(records) // CHANGES
    with Stack(tmp_path, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        workers, changes = [stack.start_worker()], []
        for number, way in zip(range(CHANGES), cycle(WAYS), strict=False):
            end = len(records) if number == CHANGES - 1 else share * (number + 1)
            changes.append(change(stack, workers, way, records[share * number : end]))
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.settle("cases")
        assert all(worker.poll() is None for worker in workers), stack.worker_log()
        print("\n".join(f"{one.way}: {one.seconds:.1f} s, {one.told} records told" for one in changes))
        wrong = differences(stack, Truth(steps))
        record(4, f"{len(changes)} changes over {EVENTS:,} events: {len(wrong)} differences")
        assert not wrong, "\n".join(wrong)
    assert all(one.told > 0 for one in changes if one.way == "a worker joins"), "there never were two owners"


def change(stack: Stack, workers: list[Worker], way: str, records: list[tuple[bytes, bytes]]) -> Change:
    """Let a worker come or go while records arrive."""
    told, began = told_each_other(stack), time.monotonic()
    if way == "a worker joins":
        workers.append(stack.start_worker())
        rest = trickle(stack, records, until=lambda: told_each_other(stack) > told)
        seconds = time.monotonic() - began
        asyncio.run(send(stack.broker_address, rest))
    else:
        asyncio.run(send(stack.broker_address, records))
        if way == "the older one ends":
            assert end_cleanly(workers.pop(0)) == 0, stack.worker_log()
        else:
            workers.pop(0).kill()
        stack.settle("cases")
        seconds = time.monotonic() - began
    return Change(way, seconds, told_each_other(stack) - told)


def trickle(stack: Stack, records: list[tuple[bytes, bytes]], until: Callable[[], bool]) -> list[tuple[bytes, bytes]]:
    """Send a few at a time until something has happened; returns those not sent yet."""
    for at in range(0, len(records), TRICKLE):
        asyncio.run(send(stack.broker_address, records[at : at + TRICKLE]))
        if until():
            return records[at + TRICKLE :]
        time.sleep(0.3)
    raise AssertionError("all is sent, and the worker that joined has had no part in it")


def told_each_other(stack: Stack) -> int:
    """Records that workers sent each other until now."""
    places = [TopicPartition(topics.DELIVERIES, number) for number in range(PARTITIONS)]
    return sum(asyncio.run(end_offsets(stack.broker_address, places)).values())
