"""The embedded broker's memory: grown, found drained."""

import uuid
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker import embedded, trim
from streams.broker.incarnation import ensure_incarnation
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


async def test_records_that_a_group_has_not_committed_are_counted(tmp_path: Path) -> None:
    with await broker_with(tmp_path, records=8, size=10) as running:
        behind = await trim.lag(running.address, {"nobody": [topics.EVENTS]})
        assert behind == {trim.Position("nobody", topics.EVENTS, n): 2 for n in range(4)}


async def test_a_group_that_committed_everything_is_not_behind(tmp_path: Path) -> None:
    group = f"group-{uuid.uuid4().hex[:8]}"
    with await broker_with(tmp_path, records=400, size=10) as running:
        await commit_all(running.address, group)
        assert await trim.lag(running.address, {group: [topics.EVENTS]}) == {}
        behind = await trim.lag(running.address, {group: [topics.EVENTS], "other": [topics.EVENTS]})
        assert sum(behind.values()) == 400


async def test_the_broker_s_size_grows_with_its_log(tmp_path: Path) -> None:
    with await broker_with(tmp_path, records=40_000, size=2_000) as running:
        assert trim.resident_bytes(running.pid) > 80_000_000
