"""Consumer groups: resuming, sharing, and refusing those the group has left behind."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import CommitFailedError

from streams.producer import start_producer


def member(broker: str, group: str, *topics: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *topics,
        bootstrap_servers=broker,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=2_000,
        heartbeat_interval_ms=300,
        partition_assignment_strategy=[RangePartitionAssignor],
    )


async def fill(broker: str, topic: str, count: int) -> None:
    async with await start_producer(broker, "contract") as producer:
        await producer.send_many(topic, [(b"k", b"%d" % n, [], 0, None) for n in range(count)])
        await producer.flush()


async def first_offset(consumer: AIOKafkaConsumer) -> int:
    async with asyncio.timeout(10):
        return int((await consumer.getone()).offset)


async def test_a_group_resumes_from_its_committed_offset(broker: str, topic: str, group: str) -> None:
    await fill(broker, topic, 100)
    async with member(broker, group, topic) as one:
        assert await first_offset(one) == 0
        await one.commit({TopicPartition(topic, 0): 42})
    async with member(broker, group, topic) as two:
        assert await first_offset(two) == 42


async def test_a_group_that_committed_nothing_starts_at_the_beginning(broker: str, topic: str, group: str) -> None:
    await fill(broker, topic, 10)
    async with member(broker, group, topic) as one:
        await first_offset(one)
    async with member(broker, group, topic) as two:
        assert await first_offset(two) == 0


async def test_two_members_share_the_partitions(broker: str, topic: str, group: str) -> None:
    async with member(broker, group, topic) as one, member(broker, group, topic) as two:
        async with asyncio.timeout(15):
            while len(one.assignment()) != 2 or len(two.assignment()) != 2:
                await asyncio.gather(one.getmany(timeout_ms=100), two.getmany(timeout_ms=100))
        assert not one.assignment() & two.assignment()


@pytest.mark.parametrize("forged", ["generation", "member"])
async def test_a_commit_of_another_generation_or_member_is_refused(
    broker: str, topic: str, group: str, forged: str
) -> None:
    await fill(broker, topic, 10)
    async with member(broker, group, topic) as one:
        await first_offset(one)
        await one.commit({TopicPartition(topic, 0): 3})
        if forged == "generation":
            one._coordinator.generation -= 1
        else:
            one._coordinator.member_id = "nobody"
        with pytest.raises(CommitFailedError):
            await one.commit({TopicPartition(topic, 0): 9})
    async with member(broker, group, topic) as two:
        assert await two.committed(TopicPartition(topic, 0)) == 3
