"""Spans made of the OpenTelemetry SDK's own classes, at simulated times, encoded by its own OTLP encoder.

Spans are built as `ReadableSpan` directly: the tracer's start/end costs 31 us a span and reads the wall
clock's locks and limits, none of which a simulated past needs; the objects that leave are the same.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from random import Random

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_SCOPE = InstrumentationScope("flowglass.simulator")
UNSET = Status(StatusCode.UNSET)
Attributes = Mapping[str, str | int | bool]


class SeededIds(IdGenerator):
    """Trace and span ids from a seed instead of the system's randomness; never zero."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(seed)

    def generate_span_id(self) -> int:
        return self._rng.getrandbits(64) or 1

    def generate_trace_id(self) -> int:
        return self._rng.getrandbits(128) or 1


class SpanBatch:
    """One message for the span topic, encoded when asked: `payload` is an OTLP trace message of `spans` spans.

    All spans of a trace go to one `partition`.
    """

    __slots__ = ("_readable", "partition")

    def __init__(self, partition: int, readable: Sequence[ReadableSpan]) -> None:
        self.partition = partition
        self._readable = readable

    @property
    def spans(self) -> int:
        """How many spans the message carries."""
        return len(self._readable)

    @property
    def payload(self) -> bytes:
        """The message in protobuf."""
        return bytes(encode_spans(self._readable).SerializeToString())


class SystemResource(Resource):
    """A resource that is hashed once: the SDK writes it as JSON for every span that it groups."""

    def __init__(self, service: str) -> None:
        super().__init__({"service.name": service, "flowglass.simulated": True})
        self._hash = super().__hash__()

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=64)
def resource_of(service: str) -> Resource:
    """The resource of a simulated system, one object a system."""
    return SystemResource(service)


@lru_cache(maxsize=256)
def failed(reason: str) -> Status:
    """A span's status for a failure."""
    return Status(StatusCode.ERROR, reason)


class SpanRecorder:
    """Collects spans by partition and hands on a batch whenever one is full."""

    def __init__(self, ids: IdGenerator, partitions: int, batch: int, hand_on: Callable[[SpanBatch], None]) -> None:
        self.ids = ids
        self._batch = batch
        self._hand_on = hand_on
        self._buffers: list[list[ReadableSpan]] = [[] for _ in range(partitions)]

    def context(self, trace_id: int | None = None) -> SpanContext:
        """The identity of a new span: in the trace `trace_id`, or at the root of a new one."""
        trace = self.ids.generate_trace_id() if trace_id is None else trace_id
        return SpanContext(trace, self.ids.generate_span_id(), False, _SAMPLED)

    def record(
        self,
        context: SpanContext,
        service: str,
        name: str,
        kind: SpanKind,
        start: int,
        end: int,
        parent: SpanContext | None = None,
        attributes: Attributes | None = None,
        status: Status = UNSET,
        links: Sequence[Link] = (),
    ) -> None:
        """Keep one ended span; `start` and `end` in microseconds UTC."""
        span = ReadableSpan(
            name,
            context,
            parent,
            resource_of(service),
            attributes,
            (),
            links,
            kind,
            None,
            status,
            start * 1000,
            end * 1000,
            _SCOPE,
        )
        buffer = self._buffers[context.trace_id % len(self._buffers)]
        buffer.append(span)
        if len(buffer) >= self._batch:
            self._ship(context.trace_id % len(self._buffers))

    def flush(self) -> None:
        """Hand on what is buffered, full or not."""
        for partition, buffer in enumerate(self._buffers):
            if buffer:
                self._ship(partition)

    def _ship(self, partition: int) -> None:
        spans = self._buffers[partition]
        self._buffers[partition] = []
        self._hand_on(SpanBatch(partition, spans))
