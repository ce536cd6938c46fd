"""A buyer's application as others write them: HTTP by requests, events by aiokafka, both instrumented by OpenTelemetry.

    python buyer.py BROKER TRACES_URL SUPPLIER_URL REQUISITION...

For each it asks the supplier's shop for a price, then says over Kafka that the requisition was handed in. Nothing in it
knows Flowglass but the event's form. It prints a line of JSON: the traces in the order of the requisitions, and how
many spans it ended in all.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

import requests
from aiokafka import AIOKafkaProducer
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.aiokafka import AIOKafkaInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def event(requisition: str) -> bytes:
    """That it was handed in, as a CloudEvent without any trace in it."""
    told = {
        "specversion": "1.0", "id": f"submitted-{requisition}", "source": "/coupa/app",
        "type": "requisition.submitted.v1", "subject": f"requisition/{requisition}",
        "time": datetime.now(UTC).isoformat(),
        "data": {"objects": [{"type": "requisition", "id": requisition, "qualifier": "subject"}]},
    }  # fmt: skip
    return json.dumps(told).encode()


class Count(SpanProcessor):
    """How many spans were ended."""

    spans = 0

    def on_end(self, span: ReadableSpan) -> None:
        self.spans += 1


async def submit(broker: str, shop: str, requisitions: tuple[str, ...]) -> list[str]:
    """One span around each; their trace ids."""
    producer, traces = AIOKafkaProducer(bootstrap_servers=broker), []
    await producer.start()
    try:
        for requisition in requisitions:
            with trace.get_tracer("buyer").start_as_current_span("submit requisition") as span:
                await asyncio.to_thread(requests.get, shop, timeout=10)
                await producer.send_and_wait("flowglass.events", event(requisition), key=requisition.encode())
                traces.append(f"{span.get_span_context().trace_id:032x}")
    finally:
        await producer.stop()
    return traces


def main(broker: str, traces: str, shop: str, *requisitions: str) -> None:
    """Print traces and spans once the spans were exported."""
    count = Count()
    provider = TracerProvider(resource=Resource.create({"service.name": "buyer"}))
    provider.add_span_processor(count)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=traces)))
    trace.set_tracer_provider(provider)
    RequestsInstrumentor().instrument()
    AIOKafkaInstrumentor().instrument()
    told = asyncio.run(submit(broker, shop, requisitions))
    provider.shutdown()
    print(json.dumps({"traces": told, "spans": count.spans}))


if __name__ == "__main__":
    main(*sys.argv[1:])
