"""OTLP/HTTP into the topic of spans."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from streams import topics
from streams.spans.decode import SpanColumns
from streams.spans.source import Source
from tests.integration.gateway.running import TOKEN, Log, gateway
from tests.unit.streams.spans.otlp import as_json, message, span

PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}
LOST = b"\x01" * 3


def names(values: list[bytes]) -> list[str]:
    columns = SpanColumns({})
    for index, value in enumerate(values):
        columns.add(value, Source(origin="test", positions=index << 20))
    found: list[str] = columns.columns()["spans"]["name"].to_pylist()
    return found


async def test_protobuf_and_json_arrive_as_the_collector_would_write_them(
    broker: str, data_dir: Path, kafka: Log
) -> None:
    marks = await kafka.marks(topics.SPANS)
    traces = message(span(name="POST /orders"))
    async with gateway(broker, data_dir) as client:
        status, answer, headers = await client.post("/v1/traces", traces.SerializeToString(), PROTOBUF)
        assert (status, headers["Content-Type"]) == (200, "application/x-protobuf")
        assert ExportTraceServiceResponse.FromString(answer) == ExportTraceServiceResponse()
        status, answer, _ = await client.post("/v1/traces", b"\n " + as_json(traces), JSON)
        assert (status, answer) == (200, {})
    values = [record.value for record in await kafka.since(marks)]
    assert names(values) == ["POST /orders"] * 2


async def test_a_packed_body_arrives_unpacked(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.SPANS)
    body = message(*(span(name=f"span {n}") for n in range(2000))).SerializeToString()
    async with gateway(broker, data_dir) as client:
        status, _, _ = await client.post("/v1/traces", gzip.compress(body), PROTOBUF | {"Content-Encoding": "gzip"})
    assert status == 200
    assert [record.value for record in await kafka.since(marks)] == [body]


@pytest.mark.parametrize("encoding", [PROTOBUF, JSON])
async def test_spans_that_cannot_be_read_are_a_partial_success(
    broker: str, data_dir: Path, kafka: Log, encoding: dict[str, str]
) -> None:
    marks = await kafka.marks(topics.SPANS)
    traces = message(span(name="good"), span(trace_id=LOST), span(name="good too"))
    body = as_json(traces) if encoding is JSON else traces.SerializeToString()
    async with gateway(broker, data_dir) as client:
        status, answer, _ = await client.post("/v1/traces", body, encoding)
    assert status == 200
    if encoding is JSON:
        assert answer["partialSuccess"]["rejectedSpans"] == "1"
        assert "bad_trace_id" in answer["partialSuccess"]["errorMessage"]
    else:
        partial = ExportTraceServiceResponse.FromString(answer).partial_success
        assert (partial.rejected_spans, "bad_trace_id" in partial.error_message) == (1, True)
    (record,) = await kafka.since(marks)
    assert record.value == body


async def test_what_is_no_otlp_is_a_status_in_its_encoding_and_a_dead_letter(
    broker: str, data_dir: Path, kafka: Log
) -> None:
    marks = await kafka.marks(topics.SPANS)
    async with gateway(broker, data_dir) as client:
        status, answer, _ = await client.post("/v1/traces", b"\xff\xff\xff", PROTOBUF)
        assert (status, answer[:2]) == (400, b"\x08\x03")
        assert b"no OTLP" in answer
        status, answer, _ = await client.post("/v1/traces", b'{"resourceLogs": []}', JSON)
        assert (status, answer["code"]) == (400, 3)
        assert "Send traces here" in answer["message"]
    records = await kafka.since(marks)
    assert sorted(json.loads(dict(one.headers)["fg-dead-letter"])["reason"] for one in records) == [
        "malformed_protobuf",
        "no_resource_spans",
    ]


async def test_nothing_to_export_is_a_success_that_sends_nothing(broker: str, data_dir: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.SPANS)
    async with gateway(broker, data_dir) as client:
        assert (await client.post("/v1/traces", b"", PROTOBUF))[0] == 200
        assert (await client.post("/v1/traces", b"{}", JSON))[0] == 200
    assert await kafka.since(marks) == []


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
async def test_the_real_exporter_of_the_sdk_sends_spans_that_arrive(
    broker: str, data_dir: Path, kafka: Log, compression: Compression
) -> None:
    def export(url: str) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{url}/v1/traces", headers={"Authorization": f"Bearer {TOKEN}"}, compression=compression
        )
        provider = TracerProvider(resource=Resource({"service.name": "ordering"}))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        with provider.get_tracer("shop").start_as_current_span("order", attributes={"purchase_order.id": "PO-7"}):
            pass
        provider.shutdown()

    marks = await kafka.marks(topics.SPANS)
    async with gateway(broker, data_dir) as client:
        await asyncio.to_thread(export, client.url)
    assert names([record.value for record in await kafka.since(marks)]) == ["order"]
