"""What a broker's topics hold, read past everything that is under test."""

import json

from aiokafka import AIOKafkaConsumer, TopicPartition
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from streams import topics
from streams.broker.offsets import end_offsets

MARKER = "flowglass.feed.marker.v1"


async def values(broker: str, topic: str, partitions: int = topics.DEFAULT_PARTITIONS) -> list[bytes]:
    """Every record's value in a topic, up to its end at the time of asking."""
    places = [TopicPartition(topic, number) for number in range(partitions)]
    ends = await end_offsets(broker, places)
    found: list[bytes] = []
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        while not all([await consumer.position(place) >= ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(record.value or b"" for record in records)
    finally:
        await consumer.stop()
    return found


async def event_ids(broker: str) -> set[str]:
    """Ids of the business events that were sent as CloudEvents JSON."""
    envelopes = [json.loads(value) for value in await values(broker, topics.EVENTS)]
    return {envelope["id"] for envelope in envelopes if envelope["type"] != MARKER}


async def span_ids(broker: str) -> set[tuple[str, str]]:
    """(trace id, span id) of the spans that were sent as OTLP protobuf, in lower hex."""
    found = set()
    for value in await values(broker, topics.SPANS):
        for resource in TracesData.FromString(value).resource_spans:
            for scope in resource.scope_spans:
                found |= {(span.trace_id.hex(), span.span_id.hex()) for span in scope.spans}
    return found
