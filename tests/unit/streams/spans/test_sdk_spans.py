"""A real SDK's spans, encoded by its own exporter, come out field by field."""

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, StatusCode, set_span_in_context

from tests.unit.streams.spans.otlp import START, as_json, collected, rows


def sdk_spans() -> tuple[ReadableSpan, ...]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource({"service.name": "coupa-adapter", "host.name": "h1"}))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("adapter", "1.2")
    cause = tracer.start_span("cause", start_time=START)
    cause.end(START + 1)
    root = tracer.start_span("transfer", start_time=START, links=[Link(cause.get_span_context())])
    call = tracer.start_span(
        "POST orders",
        context=set_span_in_context(root),
        kind=SpanKind.CLIENT,
        start_time=START + 5,
        attributes={
            "purchase_order.id": "PO-4711",
            "server.address": "coupa.example",
            "http.route": "/api/orders/{id}",
            "http.response.status_code": 429,
            "retry": True,
            "ratio": 0.5,
            "worker.id": ["W-1", "W-2"],
        },
    )
    call.add_event("exception", {"exception.type": "TooManyRequests"}, timestamp=START + 7)
    call.set_status(StatusCode.ERROR, "rate limited")
    call.end(START + 2_000_000_005)
    root.end(START + 3_000_000_000)
    return exporter.get_finished_spans()


def test_every_field_of_an_sdk_span_is_kept() -> None:
    spans = sdk_spans()
    found = rows(collected(encode_spans(spans).SerializeToString()))
    call = next(row for row in found if row["name"] == "POST orders")
    origin = next(one for one in spans if one.name == "POST orders")
    assert origin.parent is not None
    assert call == {
        "trace_id": f"{origin.context.trace_id:032x}",
        "span_id": f"{origin.context.span_id:016x}",
        "origin": "otlp_spans/0@log-1",
        "position": (7 << 20) + 1,
        "parent_span_id": f"{origin.parent.span_id:016x}",
        "service": "coupa-adapter",
        "name": "POST orders",
        "kind": "client",
        "interface": "coupa.example /api/orders/{id}",
        "start": START + 5,
        "duration_ns": 2_000_000_000,
        "status": "error",
        "status_message": "rate limited",
        "attributes": {
            "purchase_order.id": "PO-4711",
            "server.address": "coupa.example",
            "http.route": "/api/orders/{id}",
            "http.response.status_code": 429,
            "retry": True,
            "ratio": 0.5,
            "worker.id": ["W-1", "W-2"],
        },
        "resource": {"service.name": "coupa-adapter", "host.name": "h1"},
        "events": [{"name": "exception", "time": START + 7, "attributes": {"exception.type": "TooManyRequests"}}],
        "ingested": 5,
        "simulated": 0,
    }


def test_root_spans_without_kind_or_status_have_plain_values() -> None:
    found = rows(collected(encode_spans(sdk_spans()).SerializeToString()))
    root = next(row for row in found if row["name"] == "transfer")
    assert (root["parent_span_id"], root["kind"], root["status"], root["interface"]) == ("", "internal", "unset", "")


def test_keys_and_links_of_sdk_spans_become_references() -> None:
    spans = sdk_spans()
    found = rows(collected(encode_spans(spans).SerializeToString()), "span_refs")
    cause = f"{spans[0].context.trace_id:032x}"
    assert sorted((one["carrier"], one["object_type"], one["object_id"]) for one in found) == [
        ("attribute", "purchase_order", "PO-4711"),
        ("attribute", "worker", "W-1"),
        ("attribute", "worker", "W-2"),
        ("span_link", "trace", cause),
    ]


def test_protobuf_and_json_give_the_same_rows() -> None:
    request = encode_spans(sdk_spans())
    expected = collected(request.SerializeToString()).columns()
    for numbers in (False, True):
        for names in (False, True):
            assert collected(as_json(request, numbers=numbers, names=names)).columns() == expected
