"""Producing and consuming: what every broker must do for us."""

import asyncio
import uuid

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.codec import has_zstd
from aiokafka.structs import ConsumerRecord

from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.producer import Outgoing, RecordTooLarge, start_producer


async def produce(broker: str, topic: str, records: list[Outgoing], compression: str | None = None) -> None:
    async with await start_producer(broker, "contract", compression=compression) as producer:
        await producer.send_many(topic, records)
        await producer.flush()


async def everything(broker: str, topic: str, count: int) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=broker, auto_offset_reset="earliest", max_partition_fetch_bytes=16 << 20
    )
    await consumer.start()
    try:
        found: list[ConsumerRecord] = []
        async with asyncio.timeout(10):
            while len(found) < count:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found.extend(records)
        return found
    finally:
        await consumer.stop()


async def test_a_record_comes_back_with_key_value_headers_and_timestamp(broker: str, topic: str) -> None:
    headers = [("content-type", b"application/cloudevents+json"), ("ce_id", b"1")]
    await produce(broker, topic, [(b"PO-1", b"{}", headers, 2, 1_300_000_000_123)])
    [record] = await everything(broker, topic, 1)
    assert (record.partition, record.offset, record.key, record.value) == (2, 0, b"PO-1", b"{}")
    assert (list(record.headers), record.timestamp) == (headers, 1_300_000_000_123)


async def test_a_record_without_key_or_without_value_keeps_the_absence(broker: str, topic: str) -> None:
    await produce(broker, topic, [(None, b"v", [], 0, None), (b"k", None, [("fg-marker", b"{}")], 0, None)])
    first, second = await everything(broker, topic, 2)
    assert (first.key, first.value, second.key, second.value) == (None, b"v", b"k", None)


@pytest.mark.parametrize("compression", [None, "gzip"] + (["zstd"] if has_zstd() else []))
async def test_order_and_offsets_hold_over_many_batches(broker: str, topic: str, compression: str | None) -> None:
    sent: list[Outgoing] = [(b"k", b"%06d" % n + b"x" * 200, [], n % 4, None) for n in range(20_000)]
    await produce(broker, topic, sent, compression)
    found = await everything(broker, topic, len(sent))
    for partition in range(4):
        mine = [r for r in found if r.partition == partition]
        assert [r.offset for r in mine] == list(range(5_000))
        assert [r.value for r in mine] == [value for _, value, _, p, _ in sent if p == partition]


async def test_a_record_of_five_megabytes_passes(broker: str, topic: str) -> None:
    await produce(broker, topic, [(b"k", b"x" * (5 << 20), [], 0, None), (b"k", b"after", [], 0, None)])
    large, after = await everything(broker, topic, 2)
    assert (len(large.value), after.value) == (5 << 20, b"after")


async def test_a_record_that_is_too_large_is_refused_before_it_is_sent(broker: str, topic: str) -> None:
    with pytest.raises(RecordTooLarge):
        await produce(broker, topic, [(b"k", b"x" * (9 << 20), [], 0, None)])


async def test_equal_keys_of_any_producer_share_a_partition(broker: str, topic: str) -> None:
    keys = [f"purchase_order/PO-{n}".encode() for n in range(200)]
    await produce(broker, topic, [(key, b"ours", [], None, None) for key in keys])
    async with AIOKafkaProducer(bootstrap_servers=broker) as other:
        for key in keys:
            await other.send_and_wait(topic, b"theirs", key=key)
    found = await everything(broker, topic, 400)
    assert {(r.key, r.partition) for r in found if r.value == b"ours"} == {
        (r.key, r.partition) for r in found if r.value == b"theirs"
    }


async def test_end_offsets_count_every_record_of_a_batch(broker: str, topic: str) -> None:
    await produce(broker, topic, [(b"k", b"v", [], 1, None)] * 1_000)
    await produce(broker, topic, [(b"k", b"v", [], 1, None)] * 7)
    ends = await end_offsets(broker, [TopicPartition(topic, 0), TopicPartition(topic, 1)])
    assert ends == {TopicPartition(topic, 0): 0, TopicPartition(topic, 1): 1_007}


async def test_end_offsets_of_a_missing_topic_are_an_error(broker: str) -> None:
    with pytest.raises(OffsetsUnknown):
        await end_offsets(broker, [TopicPartition(f"nowhere.{uuid.uuid4().hex}", 9)], within=1.5)


async def test_a_partition_that_does_not_exist_is_an_error(broker: str, topic: str) -> None:
    with pytest.raises(KeyError):
        await produce(broker, topic, [(b"k", b"v", [], 4, None)])
