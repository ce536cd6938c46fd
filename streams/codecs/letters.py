"""Dead letters of Kafka records: those read here, and those that an edge could not read and sent on."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeAlias

import msgspec

from metrics.words import DeadLetter
from streams.codecs import reasons
from streams.codecs.envelope import CONTENT_TYPE, DEAD_LETTER_HEADER, EVENTS_CONTENT
from streams.codecs.reasons import Unreadable

KafkaHeaders: TypeAlias = tuple[tuple[str, bytes | None], ...]
"""Headers in their order; a name may come twice, a value may be null."""

_EVENT_HEADER: Final = (CONTENT_TYPE, EVENTS_CONTENT.encode())


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
    """What an edge could not read and sent on as it was, with its own origin and position.

    The record's key and its header for this are the edge's own and no part of the message.
    """
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
        record_headers=without(kept_headers(record.headers), DEAD_LETTER_HEADER),
    )


def dead_letter(record: Record, origin: str, position: int, error: Unreadable, payload: bytes) -> DeadLetter:
    """A record, or the element of a batch that `payload` is, with the verdict on it.

    Key and headers stay as they came; only an element no longer says that it is a batch.
    """
    headers = kept_headers(record.headers)
    if payload != (record.value or b""):
        headers = (_EVENT_HEADER, *without(headers, CONTENT_TYPE))
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
        record_key=record.key,
        record_headers=headers,
    )


def kept_headers(headers: Iterable[tuple[str, bytes | None]]) -> KafkaHeaders:
    """A record's headers as a dead letter keeps them."""
    return tuple((name, value) for name, value in headers or ())


def without(headers: KafkaHeaders, name: str) -> KafkaHeaders:
    """The headers but those of this name."""
    return tuple(header for header in headers if header[0] != name)
