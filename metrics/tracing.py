"""Flowglass's own spans: off unless asked for, to the console or to a file of OTLP JSON lines.

`none` gives OpenTelemetry's no-op tracer, so instrumented code costs next to nothing.
"""

import base64
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opentelemetry.trace import NoOpTracerProvider, Tracer, TracerProvider

from metrics.settings import Settings

TRACE_FILE = "traces.jsonl"
_ID_FIELDS = {"traceId", "spanId", "parentSpanId"}


class Tracing:
    """The tracers of one program. `close` sends what is still buffered."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider

    def tracer(self, name: str) -> Tracer:
        return self._provider.get_tracer(name)

    def close(self) -> None:
        shutdown = getattr(self._provider, "shutdown", None)  # the no-op provider has none
        if shutdown is not None:
            shutdown()


def start_tracing(settings: Settings, program: str) -> Tracing:
    """The tracing that the settings ask for; `program` becomes the spans' service name `flowglass-<program>`."""
    if settings.tracing == "none":
        return Tracing(NoOpTracerProvider())
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider as SdkProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

    provider = SdkProvider(resource=Resource.create({"service.name": f"flowglass-{program}"}))
    if settings.tracing == "console":
        provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter()))
    else:
        path = Path(settings.trace_file) if settings.trace_file else settings.data_dir / TRACE_FILE
        provider.add_span_processor(BatchSpanProcessor(_file_exporter(path)))
    return Tracing(provider)


def _file_exporter(path: Path) -> Any:
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class FileSpanExporter(SpanExporter):
        """Appends each export as one line, as the Collector's file exporter does."""

        def __init__(self) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = threading.Lock()

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            line = otlp_json(encode_spans(spans))
            try:
                with self._lock, path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
            except OSError:
                return SpanExportResult.FAILURE
            return SpanExportResult.SUCCESS

    return FileSpanExporter()


def otlp_json(message: Any) -> str:
    """An OTLP protobuf message as OTLP JSON on one line: like protobuf's JSON, but ids in hex and enums as numbers."""
    from google.protobuf.json_format import MessageToDict

    return json.dumps(_hex_ids(MessageToDict(message, use_integers_for_enums=True)), separators=(",", ":"))


def _hex_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_hex_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            key: base64.b64decode(item).hex() if key in _ID_FIELDS else _hex_ids(item) for key, item in value.items()
        }
    return value
