"""On Apache Kafka: the worker dies of SIGKILL, the broker dies of SIGKILL; nothing is lost, nothing comes twice."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, Step, sending_order
from tests.faults.stack import PARTITIONS, end_cleanly, mark, send, wait_until
from tests.faults.test_kill_nine import EXTENT, Feeder, live_and_die, report
from tests.real.kafka import Kafka
from tests.real.stack import KafkaStack

pytestmark = pytest.mark.timeout(1800)


def all_right(stack: KafkaStack, steps: list[Step]) -> None:
    wrong = differences(stack, Truth(steps))
    assert not wrong, "\n".join(wrong)


def records_of(steps: list[Step], seed: int) -> list[tuple[bytes, bytes]]:
    return [step.record() for step in sending_order(steps, seed=seed)]


def test_kills_of_the_worker_at_random_arrows_leave_every_outcome_right(tmp_path: Path, kafka: Kafka) -> None:
    steps = Hospital(seed=9).steps(EXTENT.events)
    records = records_of(steps, seed=9)
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        with Feeder(stack, records) as feeder:
            lives = [live_and_die(stack, feeder, number) for number in range(EXTENT.kills)]
            last = stack.start_worker()
            feeder.send_the_rest()
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(last, len(records) + 2 * PARTITIONS)
        print(report(lives))
        all_right(stack, steps)
        assert end_cleanly(last) == 0
    assert all(life.applied > 0 for life in lives)
    assert sum(life.redelivered for life in lives) > 0


def test_a_broker_that_dies_and_comes_back_with_its_log_costs_nothing_but_time(tmp_path: Path, kafka: Kafka) -> None:
    steps = Hospital(seed=4).steps(8_000)
    records = records_of(steps, seed=4)
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker()
        asyncio.run(send(stack.broker_address, records[:5_000]))
        wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0)
        stack.kill_broker()
        stack.start_broker()
        asyncio.run(send(stack.broker_address, records[5_000:]))
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        all_right(stack, steps)
        assert stack.value("SELECT count() FROM v_incarnations") == 1, "it is the same log"
        assert end_cleanly(worker) == 0
