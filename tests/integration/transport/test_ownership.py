"""Who may read and commit: hooks, two workers, and a worker the group has left behind."""

import asyncio
import time
from typing import Any

import pytest
from faust.types import TP

from streams.transport.app import BatchApp
from streams.transport.batch import NotOwner, RecordBatch
from streams.transport.ownership import Partitions
from tests.integration.transport.workers import Running, app_with, commit, fill, small


async def test_state_is_loaded_before_the_first_batch(broker: str, group: str, topic: str) -> None:
    await fill(broker, topic, 100)
    story: list[str] = []

    async def load(partitions: Partitions) -> None:
        assert partitions == {TP(topic, n) for n in range(4)}
        await asyncio.sleep(0.5)
        story.append("loaded")

    async def drop(partitions: Partitions) -> None:
        story.append("dropped")

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        story.append("batch")

    async with Running(app_with(broker, group, [topic], take, on_assigned=load, on_revoked=drop)) as worker:
        await worker.until(lambda: story.count("batch") == 4)
    assert story == ["loaded", "batch", "batch", "batch", "batch"]


async def test_a_failing_load_ends_the_program(broker: str, group: str, topic: str) -> None:
    async def load(partitions: Partitions) -> None:
        raise ConnectionError("the store is away")

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        raise AssertionError("a batch before its state")

    worker = Running(app_with(broker, group, [topic], take, on_assigned=load))
    async with asyncio.timeout(20):
        assert await worker.ending == 1


async def test_two_workers_own_the_same_partition_numbers_of_both_topics(
    broker: str, group: str, topics: list[str]
) -> None:
    async def take(app: BatchApp, batch: RecordBatch) -> None: ...

    async with Running(app_with(broker, group, topics, take)) as one:
        async with Running(app_with(broker, group, topics, take)) as two:
            await one.until(lambda: {len(worker.app.ownership.owned) for worker in (one, two)} == {2, 4}, within=30)
            numbers = []
            for worker in (one, two):
                by_topic = [{tp.partition for tp in worker.app.ownership.owned if tp.topic == t} for t in topics]
                assert by_topic[0] == by_topic[1]
                numbers.append(by_topic[0])
            assert numbers[0] | numbers[1] == {0, 1, 2}
        await one.until(lambda: len(one.app.ownership.owned) == 6, within=30)


async def test_a_worker_that_stopped_cleanly_leaves_its_place_at_once(broker: str, group: str, topic: str) -> None:
    async def take(app: BatchApp, batch: RecordBatch) -> None: ...

    async with Running(app_with(broker, group, [topic], take, session=6.0)) as one:
        await one.until(lambda: len(one.app.ownership.owned) == 4)
    began = time.monotonic()
    async with Running(app_with(broker, group, [topic], take, session=6.0)) as two:
        await two.until(lambda: len(two.app.ownership.owned) == 4)
    assert time.monotonic() - began < 11.0  # half a session for the join; a member that did not leave costs 12 s


async def test_a_commit_after_a_rebalance_is_refused(broker: str, group: str, topic: str) -> None:
    await fill(broker, topic, 40)
    before: list[RecordBatch] = []
    lost: list[Partitions] = []

    async def keep(app: BatchApp, batch: RecordBatch) -> None:
        before.append(batch)

    async def take(app: BatchApp, batch: RecordBatch) -> None: ...

    async def drop(partitions: Partitions) -> None:
        lost.append(partitions)

    async with Running(app_with(broker, group, [topic], keep, on_revoked=drop)) as one:
        await one.until(lambda: len(before) >= 4)
        old = list(before[:4])
        await commit(one.app, old[0])
        async with Running(app_with(broker, group, [topic], take)) as two:
            await one.until(lambda: len(lost) > 0 and len(two.app.ownership.owned) == 2, within=30)
            for batch in old:
                with pytest.raises(NotOwner):
                    await commit(one.app, batch)
            foreign = next(tp for tp in (b.tp for b in old) if tp in two.app.ownership.owned)
            with pytest.raises(NotOwner):
                await one.app.commit_offsets({foreign: 1}, one.app.generation)


async def test_no_batch_of_a_lost_partition_arrives_after_it_was_revoked(broker: str, group: str, topic: str) -> None:
    await fill(broker, topic, 20_000)
    current: Partitions = frozenset()
    wrong: list[RecordBatch] = []
    seen = 0

    async def gain(partitions: Partitions) -> None:
        nonlocal current
        current = partitions

    async def drop(partitions: Partitions) -> None:
        nonlocal current
        current = frozenset()

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        nonlocal seen
        seen += len(batch)
        if batch.tp not in current or batch.generation != app.generation:
            wrong.append(batch)
        await asyncio.sleep(0.01)

    async def other(app: BatchApp, batch: RecordBatch) -> None: ...

    hooks: dict[str, Any] = {"on_assigned": gain, "on_revoked": drop}
    async with Running(app_with(broker, group, [topic], take, limits=small(20), **hooks)) as one:
        await one.until(lambda: seen > 200)
        async with Running(app_with(broker, group, [topic], other)) as two:
            await one.until(lambda: len(two.app.ownership.owned) == 2, within=30)
            mark = seen
            await one.until(lambda: seen > mark + 500)
    assert not wrong
