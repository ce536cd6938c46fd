"""The embedded broker's memory: grown, found drained, replaced."""

import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker import embedded, trim
from streams.broker.incarnation import ensure_incarnation, read_incarnation
from streams.broker.offsets import end_offsets
from streams.producer import start_producer

EVENTS = [TopicPartition(topics.EVENTS, n) for n in range(4)]


async def broker_with(folder: Path, records: int, size: int) -> embedded.EmbeddedBroker:
    running = embedded.start(embedded.free_port(), folder / "broker.log")
    admin = AIOKafkaAdminClient(bootstrap_servers=running.address)
    await admin.start()
    await topics.declare(admin)
    await admin.close()
    await ensure_incarnation(running.address)
    async with await start_producer(running.address, "test", compression=None) as producer:
        await producer.send_many(topics.EVENTS, [(None, b"x" * size, [], n % 4, None) for n in range(records)])
        await producer.flush()
    return running


async def commit_all(address: str, group: str) -> None:
    async with AIOKafkaConsumer(
        topics.EVENTS, bootstrap_servers=address, group_id=group, enable_auto_commit=False, session_timeout_ms=2_000
    ) as consumer:
        await consumer.getmany(timeout_ms=2_000)
        await consumer.commit(await end_offsets(address, EVENTS))


async def test_a_broker_with_unread_records_is_left_alone(tmp_path: Path) -> None:
    running = await broker_with(tmp_path, records=8, size=10)
    with running:
        with pytest.raises(trim.NotDrained) as refused:
            await trim.replace_drained(running, {"nobody": [topics.EVENTS]})
        assert sum(refused.value.lag.values()) == 8
        assert running.running()


async def test_a_drained_broker_is_replaced_by_an_empty_one_with_a_new_name(tmp_path: Path) -> None:
    group = f"group-{uuid.uuid4().hex[:8]}"
    old = await broker_with(tmp_path, records=40_000, size=2_000)
    grown, name = trim.resident_bytes(old.pid), await read_incarnation(old.address)
    await commit_all(old.address, group)
    assert await trim.lag(old.address, {group: [topics.EVENTS]}) == {}
    with await trim.replace_drained(old, {group: [topics.EVENTS]}) as fresh:
        assert not old.running()
        assert grown > 80_000_000
        assert trim.resident_bytes(fresh.pid) < 40_000_000
        assert await read_incarnation(fresh.address) not in (None, name)
        assert set((await end_offsets(fresh.address, EVENTS)).values()) == {0}
