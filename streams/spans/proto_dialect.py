"""OTLP in protobuf (``otlp_proto``): ExportTraceServiceRequest and TracesData, which are alike on the wire."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from streams.codecs.reasons import Unreadable
from streams.spans.attributes import AttributeReader, Gathered
from streams.spans.fields import KINDS, STATUSES, Part, SpanFields, event_json, events_json
from streams.spans.limits import Limits, shortened
from streams.spans.reasons import BAD_PARENT_ID, BAD_SPAN_ID, BAD_TRACE_ID, MALFORMED_PROTOBUF, NO_RESOURCE_SPANS
from streams.spans.schema import (
    DecodeError,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanEvent,
    SpanLink,
    Status,
    Traces,
)
from streams.spans.values import text

_NO_TRACE: Final = bytes(16)
_NO_SPAN: Final = bytes(8)
_NAMES: Final = 8_192  # span names, and statuses, remembered; beyond, the memory starts anew

_parse_span: Final = Span.FromString


class ProtoDialect:
    """Reads protobuf messages. Bound to one reader of attributes; not for several threads."""

    def __init__(self, attributes: AttributeReader, limits: Limits) -> None:
        self._attributes = attributes
        self._limits = limits
        self._names: dict[bytes, str] = {}
        self._statuses: dict[bytes, tuple[str, str]] = {}

    def split(self, value: bytes) -> list[Part]:
        """The message's spans by resource, in message order. Raises Unreadable."""
        parts = []
        try:
            for chunk in Traces.FromString(value).resource_spans:
                group = ResourceSpans.FromString(chunk)
                spans: list[bytes] = []
                for scope in group.scope_spans:
                    spans.extend(ScopeSpans.FromString(scope).spans)
                parts.append(Part(group.resource, spans))
        except DecodeError:
            raise Unreadable(MALFORMED_PROTOBUF, "the value is truncated or no OTLP protobuf") from None
        if not parts:
            raise Unreadable(NO_RESOURCE_SPANS, "the protobuf holds no resource_spans")
        return parts

    def resource(self, chunk: bytes) -> Gathered:
        """The attributes of an encoded resource. Raises Unreadable."""
        return self._attributes.proto(_parsed(Resource, chunk, "resource").attributes)

    def span(self, chunk: bytes) -> SpanFields:
        """One encoded span. Raises Unreadable."""
        try:
            span = _parse_span(chunk)
        except DecodeError:
            raise Unreadable(MALFORMED_PROTOBUF, "the span is truncated or no protobuf") from None
        trace_id: bytes = span.trace_id
        span_id: bytes = span.span_id
        parent: bytes = span.parent_span_id
        if len(trace_id) != 16 or trace_id == _NO_TRACE:
            raise Unreadable(BAD_TRACE_ID, f"the trace id {trace_id[:32].hex()!r} is not 16 bytes, or all zeros")
        if len(span_id) != 8 or span_id == _NO_SPAN:
            raise Unreadable(BAD_SPAN_ID, f"the span id {span_id[:32].hex()!r} is not 8 bytes, or all zeros")
        if parent and len(parent) != 8:
            raise Unreadable(BAD_PARENT_ID, f"the parent span id {parent[:32].hex()!r} is not 8 bytes")
        fragments, marks = self._attributes.proto(span.attributes)
        events, links, status, name, kind = span.events, span.links, span.status, span.name, span.kind
        code, message = self.status(status)
        return SpanFields(
            trace_id.hex(),
            span_id.hex(),
            "" if parent == _NO_SPAN else parent.hex(),
            self.name(name),
            KINDS[kind] if 0 <= kind < 6 else "internal",
            span.start,
            span.end,
            code,
            message,
            fragments,
            marks,
            self.events(events) if events else b"[]",
            self.links(links) if links else [],
        )

    def alone(self, resource: bytes, span: bytes) -> bytes:
        """A whole message that holds just this span."""
        group: bytes = ResourceSpans(
            resource=resource, scope_spans=[ScopeSpans(spans=[span]).SerializeToString()]
        ).SerializeToString()
        whole: bytes = Traces(resource_spans=[group]).SerializeToString()
        return whole

    def name(self, chunk: bytes) -> str:
        """A span's name."""
        known = self._names.get(chunk)
        if known is None:
            if len(self._names) >= _NAMES:
                self._names.clear()
            known = self._names[chunk] = shortened(text(chunk), self._limits.name)
        return known

    def status(self, chunk: bytes) -> tuple[str, str]:
        """Code and message of an encoded status. Raises Unreadable."""
        known = self._statuses.get(chunk)
        if known is None:
            status = _parsed(Status, chunk, "status")
            code = STATUSES[status.code] if 0 <= status.code < 3 else "unset"
            if len(self._statuses) >= _NAMES:
                self._statuses.clear()
            known = self._statuses[chunk] = (code, shortened(text(status.message), self._limits.message))
        return known

    def events(self, chunks: Sequence[bytes]) -> bytes:
        """Encoded events as a JSON array. Raises Unreadable."""
        kept = chunks[: self._limits.events]
        events = []
        for chunk in kept:
            event = _parsed(SpanEvent, chunk, "event")
            attributes = self._attributes.joined(self._attributes.proto(event.attributes)[0])
            events.append(event_json(shortened(text(event.name), self._limits.name), event.time, attributes))
        return events_json(events, self._limits.attributes, len(chunks) - len(kept))

    def links(self, chunks: Iterable[bytes]) -> list[str]:
        """The trace ids that encoded links hold, valid or not. Raises Unreadable."""
        return [_parsed(SpanLink, chunk, "link").trace_id.hex() for chunk in chunks]


def _parsed(kind: Any, chunk: bytes, what: str) -> Any:
    try:
        return kind.FromString(chunk)
    except DecodeError:
        raise Unreadable(MALFORMED_PROTOBUF, f"the {what} of a span is truncated or no protobuf") from None
