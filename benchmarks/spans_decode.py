"""What a span costs from OTLP bytes to Arrow columns, beside the other ways of reading it, in one run.

    python -m benchmarks.spans_decode [--spans 30000] [--rounds 5]

CPU time of one process (the best round of each, so that a neighbour's load counts least), garbage collection
on. Spans have five attributes, of which two have ever new values, one names a purchase order, and one a peer;
300 spans a message.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status, TracesData

from streams.spans import schema
from streams.spans.decode import ALONE, SpanColumns
from streams.spans.source import Source

MESSAGE_SPANS = 300
FLUSH_SPANS = 20_000
START = 1_767_322_800_000_000_000
SPAN_KEYS = {"purchase_order.id": "purchase_order"}


@dataclass(frozen=True)
class Input:
    """The same spans in both forms of OTLP; in protobuf also as messages of one span, and as one message."""

    proto: list[bytes]
    json: list[bytes]
    spans: int
    single: list[bytes] = field(default_factory=list)
    whole: list[bytes] = field(default_factory=list)


def written(spans: int) -> Input:
    """Messages by a seed, so that every run reads the same bytes."""
    seed = random.Random(7)
    messages = [
        [_fields(seed) for _ in range(min(MESSAGE_SPANS, spans - first))] for first in range(0, spans, MESSAGE_SPANS)
    ]
    return Input([_proto(one) for one in messages], [_json(one) for one in messages], spans)


def all_ways(spans: int) -> Input:
    """The same spans in every form that `WAYS` reads."""
    given, seed = written(spans), random.Random(7)
    fields = [_fields(seed) for _ in range(spans)]
    return replace(given, single=[_proto([one]) for one in fields], whole=[_proto(fields)])


def _fields(seed: random.Random) -> dict[str, Any]:
    order = seed.randrange(10**6)
    return {
        "trace": seed.randbytes(16),
        "span": seed.randbytes(8),
        "parent": seed.randbytes(8),
        "start": START + seed.randrange(10**12),
        "attributes": {
            "http.request.method": "POST",
            "http.response.status_code": 200,
            "server.address": "coupa.example",
            "purchase_order.id": f"PO-{order}",
            "url.path": f"/api/purchase_orders/{order}",
        },
    }


def _proto(spans: Sequence[dict[str, Any]]) -> bytes:
    resource = Resource(attributes=[_pair("service.name", "coupa-adapter"), _pair("host.name", "node-1")])
    written_spans = [
        Span(
            trace_id=one["trace"],
            span_id=one["span"],
            parent_span_id=one["parent"],
            name="POST /api/purchase_orders/{id}",
            kind=Span.SPAN_KIND_CLIENT,
            start_time_unix_nano=one["start"],
            end_time_unix_nano=one["start"] + 5_000_000,
            attributes=[_pair(name, value) for name, value in one["attributes"].items()],
            status=Status(code=Status.STATUS_CODE_OK),
            flags=0x100,
        )
        for one in spans
    ]
    groups = [ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=written_spans)])]
    value: bytes = TracesData(resource_spans=groups).SerializeToString()
    return value


def _pair(name: str, value: Any) -> KeyValue:
    return KeyValue(
        key=name, value=AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)
    )


def _json(spans: Sequence[dict[str, Any]]) -> bytes:
    written_spans = [
        {
            "traceId": one["trace"].hex(),
            "spanId": one["span"].hex(),
            "parentSpanId": one["parent"].hex(),
            "name": "POST /api/purchase_orders/{id}",
            "kind": 3,
            "startTimeUnixNano": str(one["start"]),
            "endTimeUnixNano": str(one["start"] + 5_000_000),
            "attributes": [{"key": name, "value": _json_value(value)} for name, value in one["attributes"].items()],
            "status": {"code": 1},
        }
        for one in spans
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "coupa-adapter"}}]}
    return msgspec.json.encode({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": written_spans}]}]})


def _json_value(value: Any) -> dict[str, str]:
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}


def parse_official(given: Input) -> None:
    """The official classes: parse only, no field read."""
    for value in given.proto:
        TracesData.FromString(value)


def parse_ours(given: Input) -> None:
    """Our wire-compatible classes, each span apart: parse only."""
    for value in given.proto:
        for group in schema.Traces.FromString(value).resource_spans:
            for scope in schema.ResourceSpans.FromString(group).scope_spans:
                for span in schema.ScopeSpans.FromString(scope).spans:
                    schema.Span.FromString(span)


def rows_official(given: Input) -> None:
    """The official classes: every field and attribute read, attributes as JSON; no checks, keys or interface."""
    rows = []
    for value in given.proto:
        for group in TracesData.FromString(value).resource_spans:
            for scope in group.scope_spans:
                for span in scope.spans:
                    attributes = {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}
                    rows.append(
                        (
                            span.trace_id.hex(),
                            span.span_id.hex(),
                            span.parent_span_id.hex(),
                            span.name,
                            span.kind,
                            span.start_time_unix_nano,
                            span.end_time_unix_nano - span.start_time_unix_nano,
                            span.status.code,
                            span.status.message,
                            msgspec.json.encode(attributes),
                            len(span.events),
                            len(span.links),
                        )
                    )
        if len(rows) >= FLUSH_SPANS:
            rows.clear()


def rows_by_hand(given: Input) -> None:
    """A wire decoder in plain Python: spans split into fields, attributes not yet read."""
    rows = []
    for value in given.proto:
        for _, group in _scanned(value):
            for tag, scope in _scanned(group):
                if tag == 0x12:
                    rows += [_scanned(span) for number, span in _scanned(scope) if number == 0x12]
        if len(rows) >= FLUSH_SPANS:
            rows.clear()


def _scanned(data: bytes) -> list[tuple[int, bytes]]:
    fields, at, end = [], 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            _, stop = _varint(data, at)
        elif kind == 2:
            size, at = _varint(data, at)
            stop = at + size
        else:
            stop = at + (8 if kind == 1 else 4)
        fields.append((tag, data[at:stop]))
        at = stop
    return fields


def _varint(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    if byte < 128:
        return byte, at + 1
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def read(messages: Sequence[bytes], alone: int = ALONE) -> None:
    """The product's own way, up to the Arrow columns that the writer sends, in flushes."""
    columns = SpanColumns(SPAN_KEYS, alone=alone)
    for at, value in enumerate(messages):
        columns.add(value, Source(origin="otlp_spans/0@log", positions=at << 20, ingested=1))
        if len(columns) >= FLUSH_SPANS or at == len(messages) - 1:
            columns.columns()
            columns.clear()
    assert not columns.counts.dead_letters


def arrow_ours(given: Input) -> None:
    """Ours: checked columns with keys, interface and JSON, from protobuf."""
    read(given.proto)


def arrow_one_by_one(given: Input) -> None:
    """Ours, as odd spans are read: each by itself."""
    read(given.proto, alone=given.spans)


def arrow_unbatched(given: Input) -> None:
    """Ours, from messages of one span."""
    read(given.single)


def arrow_huge(given: Input) -> None:
    """Ours, from one message of all spans."""
    read(given.whole)


def arrow_json(given: Input) -> None:
    """Ours, from OTLP/JSON."""
    read(given.json)


WAYS: dict[str, Callable[[Input], None]] = {
    "parse: official classes": parse_official,
    "parse: our schema, span by span": parse_ours,
    "rows: official classes, unchecked": rows_official,
    "rows: wire decoder in Python, no attributes": rows_by_hand,
    "arrow: ours, read together": arrow_ours,
    "arrow: ours, read one by one": arrow_one_by_one,
    "arrow: ours, one span a message": arrow_unbatched,
    "arrow: ours, all spans in one message": arrow_huge,
    "arrow: ours, from JSON": arrow_json,
}


def main() -> None:
    """Print microseconds of CPU a span, and spans a second a core, for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    given = all_ways(options.spans)
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(options.rounds):
        for name, way in WAYS.items():
            began = time.process_time()
            way(given)
            best[name] = min(best[name], time.process_time() - began)
    print(f"{given.spans} spans, {options.rounds} rounds, {sum(map(len, given.proto)) / given.spans:.0f} bytes a span")
    for name, seconds in best.items():
        print(f"{name:46} {seconds / given.spans * 1e6:6.2f} us/span {given.spans / seconds:10,.0f} spans/s a core")


if __name__ == "__main__":
    main()
