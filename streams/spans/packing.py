"""Spans read from a file → records for the spans topic, a few hundred spans each, traces kept together.

Spans go into buckets by their trace id, and a bucket is the record's key: all copies of a span reach the
same partition, as with the Collector's `partition_traces_by_id`, without a record for each small trace.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from streams.spans.fields import Part
from streams.spans.messages import ORIGIN, POSITION, write_positions
from streams.spans.schema import ResourceSpans, ScopeSpans, Traces

BUCKETS: Final = 64  # more than partitions, so that each gets its share
_SPANS: Final = 300
_BYTES: Final = 1 << 20  # of spans in a record; a larger span travels alone


class SpanMessage(msgspec.Struct, frozen=True, gc=False):
    """One record for the spans topic, with the number of spans in it."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]
    spans: int


class _Bucket:
    __slots__ = ("groups", "positions", "size", "spans")

    def __init__(self) -> None:
        self.groups: dict[bytes, Part] = {}
        self.positions: dict[bytes, list[int]] = {}
        self.spans = 0
        self.size = 0

    def add(self, resource: bytes, span: bytes, position: int) -> None:
        part = self.groups.get(resource)
        if part is None:
            part = self.groups[resource] = Part(resource, [])
            self.positions[resource] = []
            self.size += len(resource)
        part.spans.append(span)
        self.positions[resource].append(position)
        self.spans += 1
        self.size += len(span)


class Packer:
    """Gathers encoded spans and gives a record whenever a bucket is full; `rest` gives what is left."""

    def __init__(self, origin: str, build: Callable[[Sequence[Part]], bytes], most: int = _SPANS) -> None:
        self._origin = origin.encode()
        self._build = build
        self._most = most
        self._buckets: dict[int, _Bucket] = {}

    def add(self, trace_id: str, resource: bytes, span: bytes, position: int) -> Iterator[SpanMessage]:
        """Put a span (position: its place in the file) into its trace's bucket; gives the records that got full."""
        number = int(trace_id[-2:] or "0", 16) % BUCKETS
        bucket = self._buckets.get(number)
        if bucket is not None and bucket.size + len(span) > _BYTES:
            yield self._message(number)
            bucket = None
        if bucket is None:
            bucket = self._buckets[number] = _Bucket()
        bucket.add(resource, span, position)
        if bucket.spans >= self._most:
            yield self._message(number)

    def rest(self) -> Iterator[SpanMessage]:
        """The records of all buckets that hold something."""
        for number in sorted(self._buckets):
            yield self._message(number)

    def _message(self, number: int) -> SpanMessage:
        bucket = self._buckets.pop(number)
        positions = [one for group in bucket.positions.values() for one in group]
        headers = [(ORIGIN, self._origin), (POSITION, write_positions(positions).encode())]
        value = self._build(list(bucket.groups.values()))
        return SpanMessage(f"{number:02x}".encode(), value, headers, bucket.spans)


def proto_message(parts: Sequence[Part]) -> bytes:
    """A TracesData in protobuf of encoded resources and spans."""
    groups = [
        ResourceSpans(
            resource=part.resource, scope_spans=[ScopeSpans(spans=part.spans).SerializeToString()]
        ).SerializeToString()
        for part in parts
    ]
    value: bytes = Traces(resource_spans=groups).SerializeToString()
    return value


def json_message(parts: Sequence[Part]) -> bytes:
    """A TracesData in JSON of encoded resources and spans."""
    groups = [
        b'{"resource":%b,"scopeSpans":[{"spans":[%b]}]}' % (part.resource, b",".join(part.spans)) for part in parts
    ]
    return b'{"resourceSpans":[%b]}' % b",".join(groups)
