"""What the headers of a record on the spans topic say: its source position, a feed marker, a carried dead letter.

========================  ====================================================================================
``fg-origin``             where the spans were first read, e.g. ``file:<16 hex>``; goes with ``fg-position``
``fg-position``           decimal position of the message's first span, the others count on from it; or runs,
                          ``first+count`` joined by commas, where the spans' positions are not consecutive
``fg-simulated``          ``1``: the spans are simulated
``fg-marker``             JSON {"feed", "kind": backfill|live|end, "count"}; the value is empty
``fg-dead-letter``        JSON {"reason", "origin", "position", "detail"?, "source"?}; the value is the payload
========================  ====================================================================================

Without ``fg-origin`` the origin is ``<topic>/<partition>@<incarnation>``, and the position of the span
with index i is ``offset << 20 | i``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from metrics.words import DeadLetter, Marker
from streams.codecs.envelope import DEAD_LETTER_HEADER
from streams.codecs.reasons import BAD_HEADER, BAD_MARKER, Unreadable
from streams.spans.source import Source

ORIGIN: Final = "fg-origin"
POSITION: Final = "fg-position"
SIMULATED: Final = "fg-simulated"
MARKER: Final = "fg-marker"
DEAD_LETTER: Final = DEAD_LETTER_HEADER

INDEX_BITS: Final = 20
_KINDS: Final = ("backfill", "live", "end")
_LARGEST: Final = 1 << 63

Headers = Sequence[tuple[str, bytes | None]]


class Place(msgspec.Struct, frozen=True, gc=False):
    """The record's own place in the log; `ingested` in microseconds since 1970 UTC."""

    origin: str
    topic: str
    partition: int
    offset: int
    ingested: int


class _MarkerBody(msgspec.Struct):
    feed: str
    kind: str
    count: int


class _Carried(msgspec.Struct):
    reason: str
    origin: str
    position: int
    detail: str = ""
    source: str = ""


def source_of(place: Place, headers: Mapping[str, bytes | None]) -> Source:
    """Where the record's spans come from, by its headers. Raises Unreadable."""
    origin = _text(headers, ORIGIN)
    positions: int | Sequence[int] = place.offset << INDEX_BITS
    if bool(origin) != (POSITION in headers):
        raise Unreadable(BAD_HEADER, f"{ORIGIN} and {POSITION} go together; one of them is missing")
    if origin:
        positions = parse_positions(_text(headers, POSITION))
    return Source(
        origin=origin or place.origin,
        positions=positions,
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        ingested=place.ingested,
        simulated=_text(headers, SIMULATED) in ("1", "true"),
    )


def plain_source(place: Place) -> Source:
    """Where the spans of a record without headers come from."""
    return Source(
        origin=place.origin,
        positions=place.offset << INDEX_BITS,
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        ingested=place.ingested,
    )


def marker_of(place: Place, header: bytes | None) -> Marker:
    """A feed's word about itself. Raises Unreadable."""
    try:
        body = msgspec.json.decode(header or b"", type=_MarkerBody)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(BAD_MARKER, f"{MARKER}: {error}") from None
    if not body.feed or body.kind not in _KINDS or not 0 <= body.count < _LARGEST:
        raise Unreadable(BAD_MARKER, f"{MARKER}: feed {body.feed!r}, kind {body.kind!r}, count {body.count}")
    return Marker(
        feed=body.feed,
        kind=body.kind,
        partition=place.partition,
        count=body.count,
        origin=place.origin,
        position=place.offset,
    )


def encode_marker(feed: str, kind: str, count: int) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Key, value and headers of a feed's word about itself, for one partition of the spans topic."""
    header = msgspec.json.encode({"feed": feed, "kind": kind, "count": count})
    return feed.encode(), b"", [(MARKER, header)]


def carried_dead_letter(place: Place, header: bytes | None, value: bytes) -> DeadLetter:
    """What an edge could not read and sent on as it was, with its own origin and position. Raises Unreadable."""
    try:
        carried = msgspec.json.decode(header or b"", type=_Carried)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(BAD_HEADER, f"{DEAD_LETTER}: {error}") from None
    if not 0 <= carried.position < _LARGEST:
        raise Unreadable(BAD_HEADER, f"{DEAD_LETTER}: position {carried.position}")
    return DeadLetter(
        origin=carried.origin,
        position=carried.position,
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        reason=carried.reason,
        detail=carried.detail,
        payload=value,
        source=carried.source,
        ingested=place.ingested,
    )


def parse_positions(text: str) -> int | list[int]:
    """The value of `fg-position`: one number, or each span's position when it holds runs. Raises Unreadable."""
    if "+" not in text:
        return _number(text)
    positions: list[int] = []
    for run in text.split(","):
        first, _, count = run.partition("+")
        length = _number(count)
        if length > (1 << INDEX_BITS) - len(positions):
            raise Unreadable(BAD_HEADER, f"{POSITION} tells more positions than a message may hold spans")
        start = _number(first)
        positions.extend(range(start, start + length))
    return positions


def write_positions(positions: Iterable[int]) -> str:
    """The value of `fg-position` for spans at these positions, in message order."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][0] + runs[-1][1]:
            runs[-1][1] += 1
        else:
            runs.append([position, 1])
    if len(runs) == 1:
        return str(runs[0][0])
    return ",".join(f"{first}+{count}" for first, count in runs)


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < _LARGEST:
        return int(text)
    raise Unreadable(BAD_HEADER, f"{POSITION}: {text[:40]!r} is no position")


def _text(headers: Mapping[str, bytes | None], name: str) -> str:
    try:
        return (headers.get(name) or b"").decode()
    except UnicodeDecodeError as error:
        raise Unreadable(BAD_HEADER, f"{name} is not UTF-8: {error.reason}") from None
