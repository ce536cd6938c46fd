"""Spans of the soak as OTLP messages: ever new ids, times of now, each of a call that names a purchase order."""

import random
import time
from collections.abc import Iterator

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

A_MESSAGE = 300
RESOURCE = Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="coupa-adapter"))])


def spans(count: int, chance: random.Random) -> Iterator[bytes]:
    """Messages with `count` spans in all."""
    for first in range(0, count, A_MESSAGE):
        made = [_span(chance) for _ in range(min(A_MESSAGE, count - first))]
        groups = [ResourceSpans(resource=RESOURCE, scope_spans=[ScopeSpans(spans=made)])]
        yield TracesData(resource_spans=groups).SerializeToString()


def _span(chance: random.Random) -> Span:
    now = time.time_ns()
    order = AnyValue(string_value=f"PO-{chance.randrange(10**6)}")
    return Span(
        trace_id=chance.randbytes(16),
        span_id=chance.randbytes(8),
        name="POST /api/purchase_orders/{id}",
        kind=Span.SPAN_KIND_CLIENT,
        start_time_unix_nano=now - chance.randrange(10**8),
        end_time_unix_nano=now,
        attributes=[KeyValue(key="purchase_order.id", value=order)],
        flags=0x100,
    )
