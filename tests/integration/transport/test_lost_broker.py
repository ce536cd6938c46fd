"""The broker is away, or comes back empty."""

import asyncio
import uuid
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker import embedded
from streams.broker.incarnation import ensure_incarnation
from streams.transport.app import BatchApp
from streams.transport.batch import NotOwner, RecordBatch
from streams.transport.ownership import Partitions
from tests.integration.transport.workers import Running, app_with, commit, fill


async def prepared(broker: embedded.EmbeddedBroker) -> uuid.UUID:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await topics.declare(admin)
    await admin.close()
    await fill(broker.address, topics.EVENTS, 400)
    return await ensure_incarnation(broker.address)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_worker_without_a_broker_ends_with_an_error(group: str) -> None:
    async def take(app: BatchApp, batch: RecordBatch) -> None: ...

    worker = Running(app_with(f"127.0.0.1:{embedded.free_port()}", group, [topics.EVENTS], take))
    async with asyncio.timeout(30):
        assert await worker.ending == 1


async def test_a_worker_goes_on_with_a_broker_that_came_back_empty(group: str, tmp_path: Path) -> None:
    seen: list[RecordBatch] = []
    lives: list[uuid.UUID] = []
    first = embedded.start(embedded.free_port(), tmp_path / "broker.log")

    async def load(_: Partitions) -> None:
        lives.append(await ensure_incarnation(first.address))

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        seen.append(batch)
        await commit(app, batch)

    old = await prepared(first)
    async with Running(app_with(first.address, group, [topics.EVENTS], take, on_assigned=load)) as worker:
        await worker.until(lambda: sum(map(len, seen)) == 400)
        first.stop()
        with embedded.start(first.port, tmp_path / "broker.log") as second:
            new = await prepared(second)
            await worker.until(lambda: sum(map(len, seen)) >= 800, within=40)
            assert lives[0] == old
            assert lives[-1] == new
            for batch in seen[:4]:
                with pytest.raises(NotOwner):
                    await commit(worker.app, batch)
            worker.stop.set()
            await worker.ending
    after = [batch for batch in seen if batch.generation == seen[-1].generation]
    assert sorted((batch.partition, batch.first_offset) for batch in after) == [(n, 0) for n in range(4)]
    assert seen[0].generation != seen[-1].generation
