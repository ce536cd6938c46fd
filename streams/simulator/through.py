"""Whether everything sent in the products' dialects has become canonical events."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams import topics
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.broker.reach import reach

_GROUP = "flowglass-sources"
_EVERY_SECONDS = 0.5

Through = Callable[[asyncio.Event], Awaitable[bool]]


async def at_once(_stop: asyncio.Event) -> bool:
    """For a feed that nobody maps: what was sent is there."""
    return True


def mapped_on(broker: str, most: float = float("inf")) -> Through:
    """A wait for the sources workers of a broker: they commit a message once its events are acknowledged.

    It waits for what was sent before it began. It answers False when it was stopped, or after `most` seconds.
    """

    async def through(stop: asyncio.Event) -> bool:
        until = asyncio.get_running_loop().time() + most
        while not stop.is_set() and asyncio.get_running_loop().time() < until:
            try:
                return await _committed(broker, stop, until)
            except (KafkaError, OffsetsUnknown):
                await _rest(stop)  # the broker is away, and what waits in it waits longer
        return False

    return through


async def _committed(broker: str, stop: asyncio.Event, until: float) -> bool:
    """Whether the group has committed everything that is there now; asks on one connection until it has."""
    consumer = AIOKafkaConsumer(**reach(broker), group_id=_GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        await consumer.topics()
        places = [TopicPartition(topics.NATIVE, n) for n in consumer.partitions_for_topic(topics.NATIVE) or ()]
        ends = await end_offsets(broker, places)
        while not stop.is_set() and asyncio.get_running_loop().time() < until:
            if await _is_behind(consumer, ends):
                await _rest(stop)
            else:
                return True
        return False
    finally:
        await consumer.stop()


async def _is_behind(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    for place, end in ends.items():
        if (await consumer.committed(place) or 0) < end:
            return True
    return False


async def _rest(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
    except TimeoutError:
        return
