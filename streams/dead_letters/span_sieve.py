"""Spans of paused services go aside before they are read, with the record they came in."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from metrics.words import DeadLetter
from streams.codecs.letters import KafkaHeaders, kept_headers, without
from streams.codecs.reasons import SOURCE_PAUSED, Unreadable
from streams.spans.attributes import AttributeReader
from streams.spans.fields import Dialect, Part
from streams.spans.json_dialect import JsonDialect
from streams.spans.keys import KeyRules
from streams.spans.limits import DEFAULT_LIMITS
from streams.spans.messages import DEAD_LETTER, INDEX_BITS, MARKER, ORIGIN, POSITION, Place, source_of, write_positions
from streams.spans.packing import json_message, proto_message
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.source import Counts
from streams.spans.span_rows import SpanReader

Record = tuple[int, int, bytes | None, bytes | None, Any]
"""Offset, time stamp in milliseconds since 1970 UTC, key, value, headers."""

_JSON_STARTS: Final = (b"{", b" ", b"\t", b"\r")


class SpanBatch(NamedTuple):
    """Records of one partition, as `SpanBuffer.add` takes them."""

    topic: str
    partition: int
    records: Sequence[Record]


class SpanSieve:
    """Takes the spans of paused services out of batches. A message that cannot be split is left to the buffer."""

    def __init__(self, paused: Collection[str]) -> None:
        """`paused`: names of services; may change between two calls."""
        self._paused = paused
        attributes = AttributeReader(KeyRules({}, DEFAULT_LIMITS), DEFAULT_LIMITS)
        self._reader = SpanReader(attributes, DEFAULT_LIMITS, Counts())
        self._json: Dialect = JsonDialect(attributes, DEFAULT_LIMITS)
        self._proto: Dialect = ProtoDialect(attributes, DEFAULT_LIMITS)

    def apply(self, batch: SpanBatch, incarnation: str) -> tuple[SpanBatch, list[DeadLetter]]:
        """What goes on, and what goes aside: whole records where a record is of paused services alone."""
        if not self._paused:
            return batch, []
        origin = f"{batch.topic}/{batch.partition}@{incarnation}"
        kept: list[Record] = []
        aside: list[DeadLetter] = []
        for record in batch.records:
            place = Place(origin, batch.topic, batch.partition, record[0], record[1] * 1_000)
            going_on, letters = self._sift(record, place)
            kept += going_on
            aside += letters
        return batch._replace(records=kept), aside

    def _sift(self, record: Record, place: Place) -> tuple[list[Record], list[DeadLetter]]:
        value, headers = record[3], dict(record[4] or ())
        if not value or MARKER in headers or DEAD_LETTER in headers:
            return [record], []
        is_json = value[:1] in _JSON_STARTS
        try:
            groups, origin = self._groups(self._json if is_json else self._proto, value, place, headers)
        except Unreadable:
            return [record], []
        if not any(group.service for group in groups):
            return [record], []
        if len(groups) == 1:
            return [], [_letter(place, origin, groups[0], record)]
        build = json_message if is_json else proto_message
        going_on: list[Record] = []
        letters: list[DeadLetter] = []
        for group in groups:
            alone = _cut(record, origin, group, build(group.parts))
            if not group.service:
                going_on.append(alone)
            elif group.positions:
                letters.append(_letter(place, origin, group, alone))
        return going_on, letters

    def _groups(
        self, dialect: Dialect, value: bytes, place: Place, headers: dict[str, bytes | None]
    ) -> tuple[list["_Group"], str]:
        """The message's spans by paused service ('' for all others), and their origin. Raises Unreadable."""
        parts = dialect.split(value)
        source = source_of(place, headers)
        positions = iter(source.spread(sum(len(part.spans) for part in parts)))
        groups: dict[str, _Group] = {}
        for part in parts:
            service = self._reader.resource(dialect, part.resource).service
            name = service if service in self._paused else ""
            group = groups.setdefault(name, _Group(name, [], []))
            group.parts.append(part)
            group.positions.extend(next(positions) for _ in part.spans)
        return list(groups.values()), source.origin


class _Group(NamedTuple):
    """The spans of one paused service, or of all that are not paused, with the position of each."""

    service: str
    parts: list[Part]
    positions: list[int]


def _cut(record: Record, origin: str, group: _Group, value: bytes) -> Record:
    """The record with a part of its spans, which keep their positions."""
    offset, timestamp, key, _, headers = record
    return offset, timestamp, key, value, placed(kept_headers(headers), origin, group.positions)


def placed(headers: KafkaHeaders, origin: str, positions: Sequence[int]) -> KafkaHeaders:
    """The headers with the place of just these spans."""
    rest = without(without(headers, ORIGIN), POSITION)
    return (*rest, (ORIGIN, origin.encode()), (POSITION, write_positions(positions).encode()))


def _letter(place: Place, origin: str, group: _Group, record: Record) -> DeadLetter:
    _, _, key, value, headers = record
    return DeadLetter(
        origin=origin,
        position=next(iter(group.positions), place.offset << INDEX_BITS),
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        reason=SOURCE_PAUSED,
        detail=f"{group.service} was paused; `flowglass source resume` and `flowglass dlq replay` bring it back",
        payload=value or b"",
        source=group.service,
        ingested=place.ingested,
        record_key=key,
        record_headers=kept_headers(headers),
    )
