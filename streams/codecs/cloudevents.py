"""Kafka records to canonical events, feed markers and dead letters; one door: `decode_batch`.

Modes: structured (a CloudEvents JSON object), batched (a JSON array of them) and binary (``ce_*``
headers, the value is ``data``). A record with the header ``fg-dead-letter`` carries what an edge could
not read. Nothing raises: what cannot be read is a `DeadLetter` with a code of `streams.codecs.reasons`.

Position: an event that names its ``origin`` has its ``sequence`` as position. All others have
``<topic>/<partition>@<incarnation>`` and the offset; element i of a batch has the origin with
``#batch`` behind and the position ``offset * 4096 + i``, so that it can meet no other record's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec

from metrics.words import DeadLetter, Event, Marker
from streams.codecs import reasons
from streams.codecs.encoding import encode, encode_dead_letter, encode_marker
from streams.codecs.envelope import (
    BATCH_DECODER,
    BODY_DECODER,
    CONTENT_TYPE,
    DEAD_LETTER_HEADER,
    ENVELOPE_DECODER,
    EVENTS_CONTENT,
    JSON_CONTENT,
    MARKER_TYPE,
    Envelope,
    binary_attributes,
)
from streams.codecs.letters import Record, carried_letter, dead_letter
from streams.codecs.meaning import CodecCounts, event_of, marker_of
from streams.codecs.reasons import Unreadable
from streams.codecs.tolerant import attributes_envelope, parse_json, patient_body, patient_envelope

__all__ = [
    "CodecCounts",
    "CodecLimits",
    "Record",
    "decode",
    "decode_batch",
    "encode",
    "encode_dead_letter",
    "encode_marker",
]

BATCH_SPAN: Final = 4096  # positions an offset has for the elements of a batch
_STRUCTURED: Final = EVENTS_CONTENT.encode()
_NO_FIELDS: Final[dict[str, bytes]] = {}
TRACEPARENT: Final = "traceparent"
_BRACE: Final = ord("{")
_SPACE: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class CodecLimits:
    """What is refused without being read further."""

    max_bytes: int = 1 << 20
    require_key: bool = True


_LIMITS: Final = CodecLimits()

Item: TypeAlias = Event | Marker | DeadLetter


def decode(
    record: Record, incarnation: str, *, limits: CodecLimits = _LIMITS, counts: CodecCounts | None = None
) -> list[Item]:
    """What one record holds: one item, or for a batch one an element (an empty batch holds none)."""
    events, markers, dead = decode_batch([record], incarnation, limits=limits, counts=counts)
    return [*events, *markers, *dead]


def decode_batch(
    records: Sequence[Record], incarnation: str, *, limits: CodecLimits = _LIMITS, counts: CodecCounts | None = None
) -> tuple[list[Event], list[Marker], list[DeadLetter]]:
    """All records of one or more partitions, in order. `counts` gathers what was ignored on the way."""
    tally = CodecCounts() if counts is None else counts
    events: list[Event] = []
    markers: list[Marker] = []
    dead: list[DeadLetter] = []
    topic, partition, origin = "", -1, ""
    for record in records:
        if record.partition != partition or record.topic != topic:
            topic, partition = record.topic, record.partition
            origin = f"{topic}/{partition}@{incarnation}"
        try:
            envelope = _envelope(record, limits)
            if envelope is None:
                _read_other(record, origin, tally, events, markers, dead)
            elif envelope.type == MARKER_TYPE:
                markers.append(marker_of(envelope, origin, partition, record.offset))
            else:
                events.append(event_of(envelope, origin, record.offset, record.timestamp * 1000, tally))
        except Unreadable as error:
            dead.append(dead_letter(record, origin, record.offset, error, record.value or b""))
    return events, markers, dead


def _envelope(record: Record, limits: CodecLimits) -> Envelope | None:
    """The one envelope of a structured or binary record; None for a batch or a carried dead letter."""
    value = record.value
    headers = record.headers
    plain = not headers or (len(headers) == 1 and headers[0][1] == _STRUCTURED)
    fields = _NO_FIELDS if plain else dict(headers)
    if DEAD_LETTER_HEADER in fields:
        return None
    if not value:
        raise Unreadable(reasons.EMPTY_VALUE, "the value is empty (a tombstone)")
    if len(value) > limits.max_bytes:
        raise Unreadable(reasons.TOO_LARGE, f"{len(value)} bytes, the limit is {limits.max_bytes}")
    if limits.require_key and not record.key:
        raise Unreadable(reasons.MISSING_KEY, "the key is empty")
    if "ce_specversion" in fields or "ce_type" in fields:
        return _traced(_binary(fields, value), fields)
    if value[0] != _BRACE and value.lstrip(_SPACE).startswith(b"["):
        return None
    try:
        envelope = ENVELOPE_DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        envelope = patient_envelope(value)
    return _traced(envelope, fields) if fields else envelope


def _traced(envelope: Envelope, fields: dict[str, bytes]) -> Envelope:
    """With the trace of the record's own header, as instrumented producers send it, where the event names none."""
    told = fields.get(TRACEPARENT)
    if told and not envelope.traceparent:
        envelope.traceparent = told.decode("ascii", "replace")
    return envelope


def _binary(fields: dict[str, bytes], value: bytes) -> Envelope:
    content = fields.get(CONTENT_TYPE, b"application/json").split(b";")[0].strip().lower()
    if content != JSON_CONTENT.encode() and not content.endswith(b"+json"):
        raise Unreadable(reasons.UNSUPPORTED_CONTENT, f"content-type is {content[:64]!r}")
    try:
        envelope = attributes_envelope(binary_attributes(fields))
    except UnicodeDecodeError as error:
        raise Unreadable(reasons.BAD_HEADER, f"a ce_ header is not UTF-8: {error.reason}") from None
    try:
        envelope.data = BODY_DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        envelope.data = patient_body(parse_json(value))
    return envelope


def _read_other(
    record: Record, origin: str, tally: CodecCounts, events: list[Event], markers: list[Marker], dead: list[DeadLetter]
) -> None:
    """A batch, element by element (one bad element leaves the others whole), or a carried dead letter."""
    fields = dict(record.headers or ())
    if DEAD_LETTER_HEADER in fields:
        dead.append(carried_letter(record, origin, fields[DEAD_LETTER_HEADER]))
        return
    origin += "#batch"
    for index, element in enumerate(_elements(record.value or b"")):
        position = record.offset * BATCH_SPAN + index
        try:
            envelope = _element_envelope(element)
            if envelope.type == MARKER_TYPE:
                markers.append(marker_of(envelope, origin, record.partition, position))
            else:
                events.append(event_of(envelope, origin, position, record.timestamp * 1000, tally))
        except Unreadable as error:
            dead.append(dead_letter(record, origin, position, error, bytes(element)))


def _elements(value: bytes) -> list[msgspec.Raw]:
    try:
        elements = BATCH_DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        parse_json(value)  # says exactly what is wrong with it
        raise Unreadable(reasons.NOT_CLOUDEVENTS, "no JSON array of envelopes") from None
    if not elements:
        raise Unreadable(reasons.EMPTY_VALUE, "the batch holds no events")
    if len(elements) > BATCH_SPAN:
        raise Unreadable(reasons.BATCH_TOO_LONG, f"{len(elements)} events, the limit is {BATCH_SPAN}")
    return elements


def _element_envelope(element: msgspec.Raw) -> Envelope:
    try:
        return ENVELOPE_DECODER.decode(element)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return patient_envelope(bytes(element))
