"""Reads what thin events ask for."""

import asyncio
import json
from typing import Any

from aiokafka import AIOKafkaConsumer

from streams import topics


async def questions(broker: str, count: int) -> list[dict[str, Any]]:
    """The enrichments that are asked for, once there are so many."""
    consumer = AIOKafkaConsumer(topics.ENRICHMENTS, bootstrap_servers=broker, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(200):
            while len(found) < count:
                found.append(json.loads((await consumer.getone()).value))
        return found
    finally:
        await consumer.stop()
