"""On a cluster of three nodes: what the topics are declared with, and that one node may die."""

import asyncio
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, end_cleanly, mark, send
from tests.real.conftest import NewKafka
from tests.real.stack import KafkaStack

pytestmark = pytest.mark.timeout(900)
COPIES = 3


async def copies(broker: str) -> dict[str, set[int]]:
    """Of each of our topics: how many copies its partitions have."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        described = await admin.describe_topics([topic.name for topic in topics.all_topics()])
    finally:
        await admin.close()
    return {topic["topic"]: {len(part["replicas"]) for part in topic["partitions"]} for topic in described}


def test_a_node_that_dies_for_good_takes_nothing_with_it(tmp_path: Path, new_kafka: NewKafka) -> None:
    steps = Hospital(seed=6).steps(6_000)
    records = [step.record() for step in sending_order(steps, seed=6)]
    with KafkaStack(tmp_path, new_kafka(COPIES), definitions=PROCESS_FILE) as stack:
        assert all(found == {COPIES} for found in asyncio.run(copies(stack.broker_address)).values())
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker()
        asyncio.run(send(stack.broker_address, records[:3_000]))
        stack.kafka.kill(2)
        asyncio.run(send(stack.broker_address, records[3_000:]))
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        assert stack.value("SELECT count() FROM v_incarnations") == 1
        assert end_cleanly(worker) == 0
