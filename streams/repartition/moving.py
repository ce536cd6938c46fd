"""What the change moves: messages that no worker has worked, and what feeds said of themselves."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from metrics.store.writer import ClickHouseWriter
from streams import topics
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.broker.reach import reach
from streams.codecs.encoding import encode_marker
from streams.correlation.messages import Message
from streams.engine.deliveries import deliver_through, unpack
from streams.engine.epochs import take_epoch
from streams.engine.feeds import WallClock
from streams.engine.freeze import SEQUENCE_BITS
from streams.engine.ports import Reader
from streams.lasting_producer import start_lasting
from streams.producer import start_producer
from streams.repartition.plan import Marked

GROUP, WORKER = "flowglass-cases", "cases"
_WITHIN_MS = 10_000


async def send_again(broker: str, before: int, partitions: int) -> tuple[int, dict[int, int]]:
    """Send every unread message by the new rule; returns how many, and the end of each old partition as it was.

    All that is unread goes, also where the partition stays the same: what stayed behind would come after the rest.
    """
    places = [TopicPartition(topics.DELIVERIES, number) for number in range(before)]
    ends = await end_offsets(broker, places)
    consumer = AIOKafkaConsumer(**reach(broker), group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    producer = await start_lasting(partial(start_producer, broker, "flowglass-repartition"))
    sent = 0
    try:
        consumer.assign(places)
        send = deliver_through(producer, partitions)
        for place in places:
            messages = await _unread(consumer, place, ends[place])
            await send(messages)
            sent += len(messages)
    finally:
        await producer.close()
        await consumer.stop()
    return sent, {place.partition: end for place, end in ends.items()}


async def _unread(consumer: AIOKafkaConsumer, place: TopicPartition, end: int) -> list[Message]:
    consumer.seek(place, max(await consumer.committed(place) or 0, (await consumer.beginning_offsets([place]))[place]))
    messages: list[Message] = []
    while await consumer.position(place) < end:
        found = await consumer.getmany(place, timeout_ms=_WITHIN_MS)
        if not found:
            raise OffsetsUnknown(f"{place} ends at {end}, but can't be read so far")
        messages += [m for record in found[place] if record.offset < end for m in unpack(record.value or b"")]
    return messages


async def count_as_read(broker: str, ends: Mapping[int, int]) -> None:
    """Commit the ends for the workers' group, which must have no member."""
    consumer = AIOKafkaConsumer(**reach(broker), group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        places = {TopicPartition(topics.DELIVERIES, number): end for number, end in ends.items()}
        consumer.assign(list(places))
        await consumer.commit(places)
    finally:
        await consumer.stop()


def store_as_read(
    reader: Reader, writer: ClickHouseWriter, incarnation: str, ends: Mapping[int, int], clock: WallClock
) -> None:
    """The same in the store, above every version that a worker gave: positions there say what it holds."""
    version = take_epoch(reader, writer, worker="repartition", incarnation=incarnation, clock=clock) << SEQUENCE_BITS
    now, numbers = clock(), sorted(ends)
    columns: dict[str, list[Any]] = {
        "worker": [WORKER] * len(numbers),
        "topic": [topics.DELIVERIES] * len(numbers),
        "partition": numbers,
        "version": [version] * len(numbers),
        "incarnation": [incarnation] * len(numbers),
        "committed": [ends[number] for number in numbers],
        "high_water": [ends[number] for number in numbers],
        "watermark": [0] * len(numbers),
        "flushed_at": [now] * len(numbers),
        "read_to": [0] * len(numbers),
        "left_us": [0] * len(numbers),
    }
    writer.insert("checkpoints", columns)


def marked(reader: Reader) -> list[Marked]:
    """What each feed said last in each partition."""
    sql = "SELECT feed, partition, argMax(kind, (ingested, position)) AS kind FROM v_markers GROUP BY feed, partition"
    return [Marked(row["feed"], row["partition"], row["kind"]) for row in reader.rows(sql, {})]


async def say_again(broker: str, phases: Iterable[Marked]) -> None:
    """Say what feeds are in, in partitions where they have said nothing yet."""
    async with await start_producer(broker, "flowglass-repartition") as producer:
        for one in phases:
            key, value, headers = encode_marker(one.feed, one.kind, 0)
            await producer.send_many(topics.EVENTS, [(key, value, headers, one.partition, None)])
        await producer.flush()
