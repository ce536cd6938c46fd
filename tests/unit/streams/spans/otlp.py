"""Builders: spans as the OpenTelemetry classes write them, in both forms, and the rows they become."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, TracesData

from streams.spans.decode import SpanColumns
from streams.spans.limits import DEFAULT_LIMITS, Limits
from streams.spans.source import Source

TRACE = "0af7651916cd43dd8448eb211c80319c"
OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN_ID = "b7ad6b7169203331"
START = 1_767_322_800_000_000_000
SPAN_KEYS = {"purchase_order.id": "purchase_order", "worker.id": "worker"}
SOURCE = Source(origin="otlp_spans/0@log-1", positions=7 << 20, topic="otlp_spans", offset=7, ingested=5)


def any_value(value: Any) -> AnyValue:
    """A Python value as OTLP's AnyValue."""
    if value is None:
        return AnyValue()
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=map(any_value, value)))
    if isinstance(value, dict):
        return AnyValue(kvlist_value=KeyValueList(values=pairs(value)))
    return AnyValue(string_value=value)


def pairs(attributes: Mapping[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=name, value=any_value(value)) for name, value in attributes.items()]


def span(attributes: Mapping[str, Any] | None = None, **fields: Any) -> Span:
    """A span of one second; every field can be given another value."""
    usual: dict[str, Any] = {
        "trace_id": bytes.fromhex(TRACE),
        "span_id": bytes.fromhex(SPAN_ID),
        "name": "POST /orders",
        "start_time_unix_nano": START,
        "end_time_unix_nano": START + 1_000_000_000,
    }
    return Span(attributes=pairs(attributes or {}), **(usual | fields))


def message(*spans: Span, resource: Mapping[str, Any] | None = None) -> TracesData:
    described = Resource(attributes=pairs({"service.name": "ordering"} if resource is None else resource))
    return TracesData(resource_spans=[ResourceSpans(resource=described, scope_spans=[ScopeSpans(spans=spans)])])


def collected(value: bytes, source: Source = SOURCE, limits: Limits = DEFAULT_LIMITS) -> SpanColumns:
    columns = SpanColumns(SPAN_KEYS, limits)
    columns.add(value, source)
    columns.columns()  # reads what waits
    return columns


def rows(columns: SpanColumns, table: str = "spans") -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, JSON columns read."""
    found = row_by_row(columns.columns()[table])
    for row in found:
        row.update({name: json.loads(row[name]) for name in ("attributes", "resource", "events") if name in row})
    return found


def listed(columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Columns as lists of Python values; times are integers, as the schema counts them."""
    plain = {
        name: column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
        for name, column in columns.items()
    }
    return {name: column.to_pylist() for name, column in plain.items()}


def row_by_row(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    plain = listed(columns)
    return [dict(zip(plain, values, strict=True)) for values in zip(*plain.values(), strict=True)]


def row(*spans: Span, **given: Any) -> dict[str, Any]:
    """The one row of a message with one span."""
    (only,) = rows(collected(message(*spans, **given).SerializeToString()))
    return only


def refs(*spans: Span) -> set[tuple[str, str, str, str]]:
    """(carrier, object type, object id, key) of each reference."""
    found = rows(collected(message(*spans).SerializeToString()), "span_refs")
    return {(one["carrier"], one["object_type"], one["object_id"], one["key"]) for one in found}


def as_json(traces: TracesData, *, numbers: bool = False, names: bool = False) -> bytes:
    """OTLP/JSON: hex ids; 64-bit integers as text, or as `numbers`; enums as numbers, or by their `names`."""

    def whole(number: int) -> int | str:
        return number if numbers else str(number)

    def value(one: AnyValue) -> dict[str, Any]:
        kind = one.WhichOneof("value")
        if kind is None:
            return {}
        if kind == "int_value":
            return {"intValue": whole(one.int_value)}
        if kind == "array_value":
            return {"arrayValue": {"values": [value(item) for item in one.array_value.values]}}
        if kind == "kvlist_value":
            return {"kvlistValue": {"values": attributes(one.kvlist_value.values)}}
        if kind == "bytes_value":
            return {"bytesValue": base64.b64encode(one.bytes_value).decode()}
        name = {"string_value": "stringValue", "bool_value": "boolValue", "double_value": "doubleValue"}[kind]
        return {name: getattr(one, kind)}

    def attributes(given: Any) -> list[dict[str, Any]]:
        return [{"key": one.key, "value": value(one.value)} for one in given]

    def written(one: Span) -> dict[str, Any]:
        kind, code = one.kind, one.status.code
        return {
            "traceId": one.trace_id.hex(),
            "spanId": one.span_id.hex(),
            "parentSpanId": one.parent_span_id.hex(),
            "name": one.name,
            "kind": Span.SpanKind.Name(kind) if names else kind,
            "startTimeUnixNano": whole(one.start_time_unix_nano),
            "endTimeUnixNano": whole(one.end_time_unix_nano),
            "attributes": attributes(one.attributes),
            "events": [
                {"name": e.name, "timeUnixNano": whole(e.time_unix_nano), "attributes": attributes(e.attributes)}
                for e in one.events
            ],
            "links": [{"traceId": link.trace_id.hex(), "spanId": link.span_id.hex()} for link in one.links],
            "status": {
                "code": ("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR")[code] if names else code,
                "message": one.status.message,
            },
        }

    groups = [
        {
            "resource": {"attributes": attributes(group.resource.attributes)},
            "scopeSpans": [{"spans": [written(one) for one in scope.spans]} for scope in group.scope_spans],
        }
        for group in traces.resource_spans
    ]
    return json.dumps({"resourceSpans": groups}).encode()
