"""The log's identity: which life of the broker these offsets belong to.

Offsets start again at 0 when a broker or topic is new, so a position means something only together with the
incarnation: a UUID in the lowest record of its topic. Whoever finds the topic empty writes one; when several do so
at once the lowest offset wins, and each reads back the winner.
"""

import asyncio
import uuid
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams import topics
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.broker.reach import reach

_PARTITION = TopicPartition(topics.INCARNATION, 0)


async def read_incarnation(broker: str, within: float = 10.0) -> uuid.UUID | None:
    """The identity of the log at `broker` (host:port), or None while it has none.

    Raises OffsetsUnknown when the topic cannot be read within `within` seconds.
    """
    end = (await end_offsets(broker, [_PARTITION], within))[_PARTITION]
    if end == 0:
        return None
    consumer = AIOKafkaConsumer(**reach(broker), auto_offset_reset="earliest", fetch_max_wait_ms=50)
    try:
        async with asyncio.timeout(2 * within):
            await consumer.start()
            consumer.assign([_PARTITION])
            await consumer.seek_to_beginning(_PARTITION)
            found = await consumer.getmany(_PARTITION, timeout_ms=int(within * 1000), max_records=1)
    finally:
        await consumer.stop()
    for record in found.get(_PARTITION, []):
        return uuid.UUID(bytes=record.value)
    raise OffsetsUnknown(f"{topics.INCARNATION} ends at {end}, but its first record did not arrive in {within} s")


async def ensure_incarnation(broker: str, new_id: Callable[[], uuid.UUID] = uuid.uuid4) -> uuid.UUID:
    """Read the log's identity, giving it one first if it has none. The topic must be declared."""
    known = await read_incarnation(broker)
    if known is not None:
        return known
    producer = AIOKafkaProducer(**reach(broker), acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topics.INCARNATION, value=new_id().bytes, partition=0)
    finally:
        await producer.stop()
    settled = await read_incarnation(broker)
    if settled is None:
        raise OffsetsUnknown(f"{topics.INCARNATION} is still empty after a write that was acknowledged")
    return settled
