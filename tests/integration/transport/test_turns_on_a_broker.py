"""Turns during a backlog, on the embedded broker: three topics that one worker reads."""

from collections import Counter

from streams.transport.app import BatchApp
from streams.transport.batch import RecordBatch
from tests.integration.transport.conftest import declared
from tests.integration.transport.workers import Running, app_with, commit, fill, small

BULK, CRITICAL = 20_000, 200


async def test_critical_records_come_first_and_bulk_waits_for_their_commit(broker: str, group: str) -> None:
    critical, bulk = await declared(broker, 2, 4)
    await fill(broker, bulk, BULK)
    await fill(broker, critical, CRITICAL)
    order: list[tuple[str, bool]] = []
    committed: list[str] = []

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        order.extend([(batch.topic, batch.urgent)] * len(batch))
        await commit(app, batch)
        committed.append(batch.topic)

    app = app_with(broker, group, [bulk, critical], take, weights={critical: 8, bulk: 1})
    async with Running(app) as worker:
        await worker.until(lambda: len(order) == BULK + CRITICAL, within=60)
    first = [topic for topic, _ in order[:CRITICAL]]
    assert set(first) == {critical}, Counter(first)
    assert order[CRITICAL - 1] == (critical, True)
    assert not any(urgent for topic, urgent in order if topic == bulk)
    assert committed[:4] == [critical] * 4


async def test_two_backlogs_are_read_by_weight_and_both_to_their_ends(broker: str, group: str) -> None:
    critical, bulk = await declared(broker, 2, 4)
    for topic in (bulk, critical):
        await fill(broker, topic, 8_000)
    order: list[str] = []

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        order.extend([batch.topic] * len(batch))
        await commit(app, batch)

    app = app_with(broker, group, [bulk, critical], take, weights={critical: 4, bulk: 1}, limits=small(100))
    async with Running(app) as worker:
        await worker.until(lambda: len(order) == 16_000, within=60)
    half = Counter(order[:8_000])
    assert 0 < half[bulk] < half[critical] / 2, half
    assert Counter(order) == {bulk: 8_000, critical: 8_000}


async def test_without_weights_topics_are_alike(broker: str, group: str) -> None:
    one, other = await declared(broker, 2, 4)
    for topic in (one, other):
        await fill(broker, topic, 4_000)
    order: list[str] = []

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        order.extend([batch.topic] * len(batch))

    async with Running(app_with(broker, group, [one, other], take, limits=small(100))) as worker:
        await worker.until(lambda: len(order) == 8_000, within=60)
    assert Counter(order) == {one: 4_000, other: 4_000}
