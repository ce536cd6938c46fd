"""On Apache Kafka: workers are killed under load, partitions grow, others are killed; the outcome is the oracle's."""

import asyncio
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from streams import topics
from streams.broker.offsets import end_offsets
from streams.broker.partition_change import Change, note_change
from streams.broker.rewind import look
from streams.codecs.cloudevents import encode_marker
from streams.producer import start_producer
from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import Stack, end_cleanly, send, wait_until
from tests.real.kafka import Kafka
from tests.real.stack import KafkaStack
from tests.real.test_backup import flowglass

FULL = os.environ.get("FLOWGLASS_FULL") == "1"
EVENTS = 40_000 if FULL else 6_000
PIECE = 100
PAUSE_SECONDS = 0.05
LIVE_SECONDS = 60.0
"""After its end markers a feed is live: what is overdue by then is judged at the next look, not with the last event."""
BEFORE, AFTER = 4, 6


class Source(threading.Thread):
    """A system that never stops sending; `until` a share of its events is sent it does not pass a gate."""

    def __init__(self, broker: str, records: list[tuple[bytes, bytes]], gates: dict[float, threading.Event]) -> None:
        super().__init__(daemon=True)
        self._broker, self._records, self._gates = broker, records, gates
        self.sent = 0

    def run(self) -> None:
        for start in range(0, len(self._records), PIECE):
            for share, gate in self._gates.items():
                if start >= share * len(self._records):
                    gate.wait()
            asyncio.run(send(self._broker, self._records[start : start + PIECE]))
            self.sent = start + PIECE
            time.sleep(PAUSE_SECONDS)


def mark(broker: str, kind: str, partitions: int) -> None:
    async def say() -> None:
        key, value, headers = encode_marker(FEED, kind, 0)
        async with await start_producer(broker, "test") as producer:
            await producer.send_many(topics.EVENTS, [(key, value, headers, n, None) for n in range(partitions)])
            await producer.flush()

    asyncio.run(say())


def kill(*workers: "subprocess.Popen[bytes]") -> None:
    for worker in workers:
        worker.kill()
        worker.wait()


def worked(stack: Stack, count: int) -> Callable[[], bool]:
    return lambda: stack.value("SELECT uniqExact(event_id) FROM events") >= count


@pytest.mark.timeout(1800)
def test_partitions_grow_while_sources_send_and_workers_die(tmp_path: Path, kafka: Kafka) -> None:
    steps = Hospital(seed=21).steps(EVENTS)
    records = [step.record() for step in sending_order(steps, seed=21)]
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        mark(stack.broker_address, "backfill", BEFORE)
        half, rest = threading.Event(), threading.Event()
        source = Source(stack.broker_address, records, {0.5: half, 0.8: rest})
        first = [stack.start_worker(), stack.start_worker()]
        wait_until(lambda: stack.value("SELECT count() FROM epochs") >= 2)
        source.start()
        wait_until(worked(stack, EVENTS // 5))
        kill(*first)
        half.set()
        done = flowglass(stack, "repartition", str(AFTER), "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["before"], told["partitions"]) == (BEFORE, AFTER)

        second = [stack.start_worker() for _ in range(3)]
        before = stack.value("SELECT uniqExact(event_id) FROM events")
        wait_until(worked(stack, before + EVENTS // 20))
        kill(*second[:2])
        rest.set()
        source.join()
        second[:2] = [stack.start_worker(), stack.start_worker()]
        mark(stack.broker_address, "end", AFTER)
        stack.read_to_the_end(second[2], len(records) + BEFORE + (AFTER - BEFORE) + AFTER)
        wait_until(lambda: not unworked(stack), every=0.5)
        print(f"{told['sent']} messages sent again")
        truth, wrong = Truth(steps), ["not compared yet"]
        until = time.monotonic() + LIVE_SECONDS
        while wrong and time.monotonic() < until:
            wrong = differences(stack, truth)
        assert not wrong, "\n".join(wrong)
        assert flowglass(stack, "repartition", "4").returncode == 1, "Kafka takes no partition away"
        assert [end_cleanly(worker) for worker in second] == [0, 0, 0]


def unworked(stack: Stack) -> int:
    """Records of either topic that workers have not committed."""

    async def missing() -> int:
        names = [topics.EVENTS, topics.DELIVERIES]
        found = await look(stack.broker_address, {"cases": names}, {"cases": "flowglass-cases"})
        ends = await end_offsets(stack.broker_address, [TopicPartition(topic, n) for _, topic, n in found])
        return sum(ends[TopicPartition(topic, n)] - max(at.committed, 0) for (_, topic, n), at in found.items())

    return asyncio.run(missing())


def test_a_worker_waits_for_a_change_that_was_begun(tmp_path: Path, kafka: Kafka) -> None:
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        worker = stack.start_worker()
        wait_until(lambda: stack.value("SELECT count() FROM epochs") >= 1)
        refused = flowglass(stack, "repartition", str(AFTER))
        assert refused.returncode == 1
        assert "stop them first" in refused.stderr
        asyncio.run(note_change(stack.broker_address, Change(BEFORE, AFTER, "begun", 0)))
        kill(worker)
        late = stack.start_worker()
        assert late.wait(120) == 1
        assert "was begun and is not done" in stack.worker_log()
        assert flowglass(stack, "repartition", str(AFTER)).returncode == 0
        worker = stack.start_worker()
        wait_until(lambda: stack.value("SELECT count() FROM epochs") >= 3)
        assert end_cleanly(worker) == 0
