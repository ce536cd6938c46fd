"""End offsets that are right on every broker.

The embedded broker answers ListOffsets "latest" with the last batch's base offset + 1, which is too low for any
batch of more than one record. The high watermark of a Fetch answer is right on it and on Apache Kafka alike, so a
fetch is made from "latest" (at or below the end on both, and thus in range) and its watermark is read.
"""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.broker.reach import reach


class OffsetsUnknown(TimeoutError):
    """A partition's end did not become known in time: broker down, or topic not declared."""


async def end_offsets(
    broker: str, partitions: Iterable[TopicPartition], within: float = 10.0
) -> dict[TopicPartition, int]:
    """Offset of the next record to come, per partition. `broker` is host:port[,host:port].

    Raises OffsetsUnknown after `within` seconds.
    """
    wanted = sorted(set(partitions))
    if not wanted:
        return {}
    consumer = AIOKafkaConsumer(**reach(broker), fetch_max_wait_ms=50, max_partition_fetch_bytes=1 << 24)
    try:
        async with asyncio.timeout(within):
            await consumer.start()
            latest = await consumer.end_offsets(wanted)
            return await _watermarks(consumer, wanted, latest)
    except TimeoutError as late:
        raise OffsetsUnknown(f"end offsets of {wanted} still unknown after {within} s at {broker}") from late
    finally:
        await consumer.stop()


async def _watermarks(
    consumer: AIOKafkaConsumer, wanted: list[TopicPartition], latest: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    consumer.assign(wanted)
    for partition in wanted:
        consumer.seek(partition, latest[partition])
    while True:
        found = {partition: consumer.highwater(partition) for partition in wanted}
        if None not in found.values():
            return found
        await asyncio.sleep(0.005)
