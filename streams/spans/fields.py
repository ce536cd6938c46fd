"""One span as both forms of OTLP give it, before it becomes a row; and the checks both share."""

from typing import Final, Protocol

import msgspec

from metrics.texts.times import HORIZON_END
from streams.codecs.reasons import TIME_OUT_OF_RANGE, Unreadable
from streams.spans.attributes import Gathered, Mark
from streams.spans.reasons import MISSING_START

KINDS: Final = ("internal", "internal", "server", "client", "producer", "consumer")
"""By OTLP's number; unspecified counts as internal, as OTLP says, and so does a number yet unknown."""

STATUSES: Final = ("unset", "ok", "error")

END_MISSING: Final = "flowglass.end_missing"
END_BEFORE_START: Final = "flowglass.end_before_start_ns"
EVENTS_DROPPED: Final = "flowglass.events_dropped"

HORIZON_NS: Final = HORIZON_END * 1_000
"""Nanoseconds since 1970 UTC that no span reaches."""


class SpanFields(msgspec.Struct, gc=False):
    """A readable span. Ids are lower-case hex, times nanoseconds since 1970 UTC, fragments ``"name":value``."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    kind: str
    start: int
    end: int
    status: str
    status_message: str
    fragments: dict[str, bytes]
    marks: list[Mark]
    events: bytes
    links: list[str]


class Part(msgspec.Struct, gc=False):
    """The spans of one resource in a message, all still encoded."""

    resource: bytes
    spans: list[bytes]


class Dialect(Protocol):
    """One form of OTLP. Each method raises Unreadable, and nothing else, on what it can't read."""

    def split(self, value: bytes) -> list[Part]:
        """The message's spans by resource, in message order."""

    def resource(self, chunk: bytes) -> Gathered:
        """The attributes of an encoded resource."""

    def span(self, chunk: bytes) -> SpanFields:
        """One encoded span."""

    def alone(self, resource: bytes, span: bytes) -> bytes:
        """A whole message that holds just this span: what a dead letter keeps, so that it can be sent again."""


def duration(start: int, end: int, fragments: dict[str, bytes]) -> int:
    """Nanoseconds from start to end, both checked.

    A span without an end, or with one before its start (a clock was set back), is kept with duration 0
    and an attribute that says so: that the call took place is worth more than its length.
    """
    if not start:
        raise Unreadable(MISSING_START, "the span has no start time")
    if start >= HORIZON_NS or end >= HORIZON_NS:
        raise Unreadable(TIME_OUT_OF_RANGE, f"start {start} or end {end} lies after 2199-12-31")
    if end >= start:
        return end - start
    if end:
        fragments[END_BEFORE_START] = b'"%s":%d' % (END_BEFORE_START.encode(), start - end)
    else:
        fragments[END_MISSING] = b'"%s":true' % END_MISSING.encode()
    return 0


def event_json(name: str, time: int, attributes: bytes) -> bytes:
    """A span event as JSON: name, time in nanoseconds since 1970 UTC, attributes."""
    return b'{"name":%b,"time":%d,"attributes":%b}' % (msgspec.json.encode(name), time, attributes)


def events_json(events: list[bytes], room: int, left_out: int) -> bytes:
    """A JSON array of events; those beyond `room` bytes, and `left_out` before them, show as one last entry."""
    kept: list[bytes] = []
    for position, event in enumerate(events):
        room -= len(event) + 1
        if room < 0:
            left_out += len(events) - position
            break
        kept.append(event)
    if left_out:
        kept.append(event_json(EVENTS_DROPPED, 0, b'{"count":%d}' % left_out))
    return b"[" + b",".join(kept) + b"]"
