"""What reaches the agent: everything once, in order, again when it was not committed, never more than fits."""

import asyncio
import signal
from collections import Counter
from functools import partial
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.producer import start_producer
from streams.transport.app import BatchApp
from streams.transport.batch import RecordBatch
from tests.integration.transport.workers import Running, WorkerProcess, app_with, commit, fill, small, taken


async def test_a_batch_says_where_its_records_stand(broker: str, group: str, topic: str) -> None:
    await fill(broker, topic, 1_000)
    seen: list[RecordBatch] = []

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        seen.append(batch)

    async with Running(app_with(broker, group, [topic], take, limits=small(100))) as worker:
        await worker.until(lambda: sum(map(len, seen)) >= 1_000)
    assert {len(batch) for batch in seen} == {100, 50}
    for batch in seen:
        offsets = [record[0] for record in batch.records]
        assert offsets == list(range(batch.first_offset, batch.last_offset + 1))
        assert batch.high_water == 250
        assert batch.size == sum(len(record[3] or b"") for record in batch.records)
        assert [record[3] for record in batch.records] == [b"%d" % (4 * o + batch.partition) for o in offsets]


async def test_a_large_record_closes_its_batch(broker: str, group: str, topic: str) -> None:
    async with await start_producer(broker, "test") as producer:
        await producer.send_many(topic, [(None, b"x" * (9 * 10**5), [], 0, None)] * 20)
        await producer.flush()
    sizes: list[int] = []

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        sizes.extend([batch.size])

    async with Running(app_with(broker, group, [topic], take)) as worker:
        await worker.until(lambda: sum(sizes) >= 20 * 9 * 10**5)
    assert max(sizes) <= (8 << 20) + 9 * 10**5


async def test_committed_records_come_once_over_a_restart(broker: str, group: str, topic: str) -> None:
    counts: Counter[tuple[int, int]] = Counter()

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        counts.update((batch.partition, record[0]) for record in batch.records)
        await commit(app, batch)

    def received(enough: int) -> bool:
        return sum(counts.values()) >= enough

    for start in (0, 2_000):
        await fill(broker, topic, 2_000, start)
        async with Running(app_with(broker, group, [topic], take, limits=small(100))) as worker:
            await worker.until(partial(received, start + 2_000))
    assert len(counts) == 4_000
    assert set(counts.values()) == {1}


async def test_what_was_not_committed_comes_again_after_a_kill(
    broker: str, group: str, topic: str, tmp_path: Path
) -> None:
    await fill(broker, topic, 400)
    killed = WorkerProcess(broker, group, topic, tmp_path / "killed", "hold")
    await asyncio.to_thread(killed.wait_for_lines, 5)
    killed.process.kill()
    killed.process.wait()
    again = WorkerProcess(broker, group, topic, tmp_path / "again", "commit")
    await asyncio.to_thread(again.wait_for_lines, 40)
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(10) == 0
    received = Counter((line["partition"], o) for line in taken(again.out) for o in line["offsets"])
    assert received == Counter((partition, offset) for partition in range(4) for offset in range(100))


async def test_an_agent_that_raises_ends_the_program_and_loses_nothing(
    broker: str, group: str, topic: str, tmp_path: Path
) -> None:
    await fill(broker, topic, 400)
    failing = WorkerProcess(broker, group, topic, tmp_path / "failing", "raise")
    assert await asyncio.to_thread(failing.process.wait, 20) == 1
    assert len(taken(failing.out)) == 2
    async with AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False) as reader:
        committed = [await reader.committed(TopicPartition(topic, partition)) for partition in range(4)]
    assert committed == [None] * 4


async def test_a_slow_agent_has_two_batches_of_a_partition_at_most(broker: str, group: str, topic: str) -> None:
    await fill(broker, topic, 4_000)
    seen, most = 0, 0

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        nonlocal seen, most
        seen += len(batch)
        held = app.consumer.in_flight._held  # type: ignore[attr-defined]
        most = max(most, *map(len, held.values()))
        await asyncio.sleep(0.005)

    async with Running(app_with(broker, group, [topic], take, limits=small(50))) as worker:
        await worker.until(lambda: seen >= 4_000)
    assert most == 2
