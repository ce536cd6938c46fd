"""Apache Kafka is restarted under load, is away for long, loses a leader: nothing is lost, and nobody dies of it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker.offsets import end_offsets
from streams.broker.trim import resident_bytes
from streams.runtime.ports import free_port
from streams.runtime.stack import declare_topics
from tests.faults.asking import ask
from tests.faults.comparing import differences
from tests.faults.figures import FULL, record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.pushing import TOGETHER
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, ROOT, end_cleanly, mark, wait_until
from tests.faults.steady_feed import SteadyFeed
from tests.real.conftest import NewKafka, kafka, new_kafka  # noqa: F401  # fixtures
from tests.real.kafka import Kafka
from tests.real.stack import KafkaStack

pytestmark = pytest.mark.timeout(2400 if FULL else 600)
MIB = 1 << 20
PRODUCER_MAY_HOLD = 64 * MIB
"""Four times what may wait in the producer by its own count."""


class Extent(NamedTuple):
    """How often the broker goes away, for how many seconds; events, and how many a second."""

    restarts: int
    away: float
    events: int
    rate: int


RESTARTS = Extent(5, 30.0, 100_000, 500) if FULL else Extent(2, 8.0, 8_000, 250)
LONG = 150.0
"""Seconds: longer than any patience of a client's own."""


def survived(stack: KafkaStack, seed: int, extent: Extent, fault: Callable[[], None]) -> None:
    """The worker reads through a fault under load, and everything is equal to the truth."""
    steps = Hospital(seed=seed).steps(extent.events)
    records = [step.record() for step in sending_order(steps, seed=seed)]
    asyncio.run(mark(stack.broker_address, FEED, "backfill"))
    port = free_port()
    worker = stack.start_worker(metrics_port=port)
    with SteadyFeed(stack.broker_address, records, extent.rate) as feed:
        wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0)
        for number in range(extent.restarts):
            fault()
            assert worker.poll() is None, f"the worker ended:\n{stack.worker_log()}"
            print(f"fault {number + 1}: {feed.sent} of {len(records)} sent")
    asyncio.run(mark(stack.broker_address, FEED, "end"))
    stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
    wrong = differences(stack, Truth(steps))
    assert not wrong, "\n".join(wrong)
    assert stack.value("SELECT count() FROM v_incarnations") == 1, "it is the same log"
    wait_until(lambda: ask(port, "/ready")[0] == 200)
    assert end_cleanly(worker) == 0


def away(stack: KafkaStack, seconds: float) -> None:
    """Stop the broker in order, and start it after so many seconds."""
    stack.kafka.stop()
    time.sleep(seconds)
    stack.kafka.start()


def test_a_broker_that_is_restarted_again_and_again_costs_nothing_but_time(tmp_path: Path, kafka: Kafka) -> None:  # noqa: F811
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        survived(stack, 21, RESTARTS, lambda: away(stack, RESTARTS.away))
    record(3, f"restarted {RESTARTS.restarts} times, {RESTARTS.away:.0f} s away each, under load: equal")


def test_a_worker_without_a_broker_lives_says_so_and_begins_when_there_is_one(tmp_path: Path, kafka: Kafka) -> None:  # noqa: F811
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        kafka.stop()
        port = free_port()
        worker = stack.start_worker(metrics_port=port)
        wait_until(lambda: "the broker cannot be reached" in ask(port, "/ready")[1])
        assert ask(port, "/ready")[0] == 503
        assert ask(port, "/health")[0] == 200
        kafka.start()
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        kafka.stop()
        wait_until(lambda: ask(port, "/ready")[0] == 503)
        assert worker.poll() is None, f"the worker ended:\n{stack.worker_log()}"
        kafka.start()
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        kafka.stop()
        wait_until(lambda: ask(port, "/ready")[0] == 503)
        end_cleanly(worker, within=30)  # an orchestrator's patience; nobody is there to be told of it


def test_a_producer_holds_no_more_than_its_bound_while_the_broker_is_away(tmp_path: Path, kafka: Kafka) -> None:  # noqa: F811
    kafka.start()
    declare_topics(kafka.address, PARTITIONS)
    records = 100 * TOGETHER
    command = [sys.executable, "-m", "tests.faults.pushing", kafka.address, str(records)]
    pusher = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_until(lambda: sum(asyncio.run(ends(kafka.address)).values()) > 10 * TOGETHER)
        before, most = resident_bytes(pusher.pid), 0
        kafka.stop()
        back = time.monotonic() + RESTARTS.away
        while time.monotonic() < back:
            most = max(most, resident_bytes(pusher.pid))
            time.sleep(0.1)
        kafka.start()
        assert pusher.wait(200) == 0
    finally:
        pusher.kill()
        pusher.wait()
    record(3, f"the producer held {before / MIB:.0f} MiB before, {most / MIB:.0f} MiB at most without a broker")
    assert most - before < PRODUCER_MAY_HOLD
    assert sum(asyncio.run(ends(kafka.address)).values()) == records


async def ends(broker: str) -> dict[TopicPartition, int]:
    """The end of each partition of the events."""
    return await end_offsets(broker, [TopicPartition(topics.EVENTS, n) for n in range(PARTITIONS)])


async def leader(broker: str) -> int:
    """The node that leads partition 0 of the events."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        (found,) = await admin.describe_topics([topics.EVENTS])
        return next(int(part["leader"]) for part in found["partitions"] if part["partition"] == 0)
    finally:
        await admin.close()


if FULL:  # a skip would be a failure where everything is required

    def test_a_leader_that_is_killed_again_and_again_takes_nothing_with_it(tmp_path: Path, new_kafka: NewKafka) -> None:
        with KafkaStack(tmp_path, new_kafka(3), definitions=PROCESS_FILE) as stack:

            def fault() -> None:
                number = asyncio.run(leader(stack.broker_address))
                stack.kafka.kill(number)
                time.sleep(10.0)
                stack.kafka.start()

            survived(stack, 22, Extent(5, 0.0, 60_000, 500), fault)
        record(3, "three brokers, the leader killed -9 five times under load: equal")

    def test_a_broker_that_is_away_for_minutes_ends_no_worker(tmp_path: Path, kafka: Kafka) -> None:
        with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
            survived(stack, 23, Extent(1, LONG, 20_000, 500), lambda: away(stack, LONG))
        record(3, f"{LONG:.0f} s without a broker: no worker ended, equal")
