"""How many partitions the log was given, written in the log itself: a change that is begun and not done stops workers.

The records stand behind the log's identity, in the same topic, and belong to this life of the log as it does.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams import topics
from streams.broker.offsets import OffsetsUnknown, end_offsets
from streams.broker.reach import reach

_PARTITION = TopicPartition(topics.INCARNATION, 0)


class PartitionsUnsettled(RuntimeError):
    """The number of partitions is being changed, or was changed by other means; the message says what to do."""


class Change(msgspec.Struct, frozen=True):
    """The topics of events and deliveries are to have, or have, `partitions` partitions; `at`: microseconds UTC."""

    before: int
    partitions: int
    state: Literal["begun", "done"]
    at: int

    @property
    def grows(self) -> bool:
        return self.partitions != self.before


class Noted(NamedTuple):
    """What the log says of itself: its changes, in order."""

    changes: Sequence[Change]

    @property
    def last(self) -> Change | None:
        return self.changes[-1] if self.changes else None


def unsettled(noted: Noted, found: int) -> str:
    """Why nobody may work with `found` partitions; '' when all is well."""
    last = noted.last
    if last is None or (last.state == "done" and last.partitions == found):
        return ""
    if last.state == "begun":
        return (
            f"a change from {last.before} to {last.partitions} partitions was begun and is not done: "
            f"run `flowglass repartition {last.partitions}` to its end, then start again"
        )
    return (
        f"{topics.EVENTS} has {found} partitions and was given {last.partitions}: it was changed by other means."
        f" Stop the workers of cases and quality and run `flowglass repartition {found}`"
    )


async def read_changes(broker: str, within: float = 10.0) -> Noted:
    """The changes that the log at `broker` was given. Raises OffsetsUnknown."""
    end = (await end_offsets(broker, [_PARTITION], within))[_PARTITION]
    consumer = AIOKafkaConsumer(**reach(broker), auto_offset_reset="earliest", fetch_max_wait_ms=50)
    await consumer.start()
    changes: list[Change] = []
    try:
        consumer.assign([_PARTITION])
        await consumer.seek_to_beginning(_PARTITION)
        while await consumer.position(_PARTITION) < end:
            found = await consumer.getmany(_PARTITION, timeout_ms=int(within * 1000))
            if not found:
                raise OffsetsUnknown(f"{topics.INCARNATION} ends at {end}, but could not be read in {within} s")
            changes += [change for record in found[_PARTITION] if (change := _change(record.value)) is not None]
    finally:
        await consumer.stop()
    return Noted(changes)


async def note_change(broker: str, change: Change) -> None:
    """Write a change down; returns once every copy has it."""
    producer = AIOKafkaProducer(**reach(broker), acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topics.INCARNATION, value=msgspec.json.encode(change), partition=0)
    finally:
        await producer.stop()


async def refuse_unsettled(broker: str, found: int) -> None:
    """Raise PartitionsUnsettled unless the log has as many partitions as it was given."""
    if reason := unsettled(await read_changes(broker), found):
        raise PartitionsUnsettled(reason)


async def settle_partitions(broker: str, found: int, clock: Callable[[], int]) -> None:
    """As `refuse_unsettled`; a log of which nothing is written yet is taken to be as it was meant."""
    noted = await read_changes(broker)
    if noted.last is None:
        await note_change(broker, Change(found, found, "done", clock()))
    elif reason := unsettled(noted, found):
        raise PartitionsUnsettled(reason)


def _change(value: bytes | None) -> Change | None:
    """None for an identity, which is 16 bytes and no JSON."""
    if value is None or len(value) == _IDENTITY_BYTES:
        return None
    return msgspec.json.decode(value, type=Change)


_IDENTITY_BYTES = 16
