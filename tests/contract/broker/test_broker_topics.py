"""Declaring topics, and the log's identity."""

import asyncio
import uuid
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker import embedded
from streams.broker.incarnation import ensure_incarnation, read_incarnation


async def test_declaring_twice_changes_nothing(admin: AIOKafkaAdminClient) -> None:
    alone = (topics.INCARNATION, topics.QUALITY)
    expected = {topic.name: 1 if topic.name in alone else 4 for topic in topics.all_topics()}
    assert await topics.declare(admin) == expected
    assert await topics.declare(admin, topics.all_topics(partitions=9)) == expected


async def test_topics_that_must_share_partitions_are_checked(tmp_path: Path) -> None:
    with embedded.start(embedded.free_port(), tmp_path / "broker.log") as own:
        admin = AIOKafkaAdminClient(bootstrap_servers=own.address)
        await admin.start()
        try:
            await topics.declare(admin, [topics.Topic(topics.DELIVERIES, 2)])
            with pytest.raises(topics.NotCopartitioned, match=r"flowglass.deliveries has 2, flowglass.events has 4"):
                await topics.declare(admin)
        finally:
            await admin.close()


async def test_topics_that_are_new_get_the_partitions_of_those_whose_keys_they_share(tmp_path: Path) -> None:
    with embedded.start(embedded.free_port(), tmp_path / "broker.log") as own:
        admin = AIOKafkaAdminClient(bootstrap_servers=own.address)
        await admin.start()
        try:
            before = [topics.Topic(name, 6) for name in (topics.EVENTS, topics.DELIVERIES)]
            await topics.declare(admin, before)
            counts = await topics.declare(admin)
            assert {name: counts[name] for name in topics.COPARTITIONED} == dict.fromkeys(topics.COPARTITIONED, 6)
            assert counts[topics.SPANS] == topics.DEFAULT_PARTITIONS
        finally:
            await admin.close()


async def test_racing_programs_agree_on_one_incarnation(broker: str, admin: AIOKafkaAdminClient) -> None:
    await topics.declare(admin)
    agreed = set(await asyncio.gather(*(ensure_incarnation(broker) for _ in range(5))))
    assert len(agreed) == 1
    assert await read_incarnation(broker) in agreed
    assert await ensure_incarnation(broker, new_id=lambda: uuid.UUID(int=1)) in agreed


async def test_a_broker_started_anew_has_another_incarnation(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with embedded.start(embedded.free_port(), tmp_path / "broker.log") as own:
            admin = AIOKafkaAdminClient(bootstrap_servers=own.address)
            await admin.start()
            await topics.declare(admin)
            assert await read_incarnation(own.address) is None
            seen.append(await ensure_incarnation(own.address))
            await admin.close()
    assert seen[0] != seen[1]
