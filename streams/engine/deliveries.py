"""Messages between workers: packed many to a record, one record a partition and flush."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from streams import topics
from streams.correlation.messages import Message
from streams.correlation.shards import shard_of
from streams.lasting_producer import LastingProducer
from streams.producer import Outgoing

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Message])

MESSAGES_A_RECORD = 1000


def deliver_through(producer: LastingProducer, partitions: int) -> Callable[[Sequence[Message]], Awaitable[None]]:
    """A function that sends messages to the partitions of their shards and returns once they are acknowledged."""

    async def send(messages: Sequence[Message]) -> None:
        records: list[Outgoing] = [
            (None, _encoder.encode(group[start : start + MESSAGES_A_RECORD]), [], partition, None)
            for partition, group in sorted(dealt_out(messages, partitions).items())
            for start in range(0, len(group), MESSAGES_A_RECORD)
        ]
        await producer.send_many(topics.DELIVERIES, records)
        await producer.flush()

    return send


def dealt_out(messages: Iterable[Message], partitions: int) -> dict[int, list[Message]]:
    """The messages by the partition of their target's shard, those of a partition in their order."""
    dealt: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        dealt[shard_of(*message.target) % partitions].append(message)
    return dealt


def unpack(value: bytes) -> list[Message]:
    """The messages of one record."""
    return _decoder.decode(value)
