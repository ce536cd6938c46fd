"""Dead letters of Kafka records: those read here, and those that an edge could not read and sent on."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from metrics.words import DeadLetter
from streams.codecs import reasons
from streams.codecs.envelope import DEAD_LETTER_HEADER
from streams.codecs.reasons import Unreadable


class Record(Protocol):
    """What the codec needs of a Kafka record; aiokafka's ConsumerRecord has it. `timestamp`: milliseconds."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class _Carried(msgspec.Struct):
    reason: str
    origin: str
    position: int
    detail: str = ""
    source: str = ""


def carried_letter(record: Record, origin: str, header: bytes) -> DeadLetter:
    """What an edge could not read and sent on as it was, with its own origin and position."""
    try:
        carried = msgspec.json.decode(header, type=_Carried)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        broken = Unreadable(reasons.BAD_HEADER, f"{DEAD_LETTER_HEADER}: {error}")
        return dead_letter(record, origin, record.offset, broken, record.value or b"")
    return DeadLetter(
        origin=carried.origin,
        position=carried.position,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        reason=carried.reason,
        detail=carried.detail,
        payload=record.value or b"",
        source=carried.source,
        ingested=record.timestamp * 1000,
    )


def dead_letter(record: Record, origin: str, position: int, error: Unreadable, payload: bytes) -> DeadLetter:
    """A record, or the element of a batch that `payload` is, with the verdict on it."""
    return DeadLetter(
        origin=origin,
        position=position,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        reason=error.reason,
        detail=error.detail,
        payload=payload,
        ingested=record.timestamp * 1000,
    )
