"""OTLP in JSON (``otlp_json``): ids in hex, 64-bit integers as text or number, enums as number or name."""

from typing import Any, Final

import msgspec

from streams.codecs.reasons import MALFORMED_JSON, TOO_DEEP, WRONG_TYPE, Unreadable
from streams.spans.attributes import AttributeReader, Gathered
from streams.spans.fields import KINDS, STATUSES, Part, SpanFields, event_json, events_json
from streams.spans.limits import Limits, shortened
from streams.spans.reading import hex_id, named_kind, named_status, parent_hex, span_hex, trace_hex
from streams.spans.reasons import NO_RESOURCE_SPANS
from streams.spans.values import whole

_UINT_LIMIT: Final = 1 << 64


class _Scope(msgspec.Struct, rename="camel"):
    spans: list[msgspec.Raw] | None = None


class _Group(msgspec.Struct, rename="camel"):
    resource: msgspec.Raw = msgspec.Raw(b"{}")
    scope_spans: list[_Scope] | None = None


class _Traces(msgspec.Struct, rename="camel"):
    resource_spans: list[_Group] | None = None


class _Resource(msgspec.Struct, rename="camel"):
    attributes: list[msgspec.Raw] | None = None


class _Event(msgspec.Struct, rename="camel"):
    name: str = ""
    time_unix_nano: int | str = 0
    attributes: list[msgspec.Raw] | None = None


class _Link(msgspec.Struct, rename="camel"):
    trace_id: str = ""


class _Status(msgspec.Struct, rename="camel"):
    code: int | str = 0
    message: str | None = None


class _Span(msgspec.Struct, rename="camel"):
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str | None = None
    name: str = ""
    kind: int | str = 0
    start_time_unix_nano: int | str = 0
    end_time_unix_nano: int | str = 0
    attributes: list[msgspec.Raw] | None = None
    events: list[_Event] | None = None
    links: list[_Link] | None = None
    status: _Status | None = None


_traces: Final = msgspec.json.Decoder(_Traces)
_resource: Final = msgspec.json.Decoder(_Resource | None)
_span: Final = msgspec.json.Decoder(_Span)


class JsonDialect:
    """Reads JSON messages. Bound to one reader of attributes; not for several threads."""

    def __init__(self, attributes: AttributeReader, limits: Limits) -> None:
        self._attributes = attributes
        self._limits = limits

    def split(self, value: bytes) -> list[Part]:
        """The message's spans by resource, in message order. Raises Unreadable."""
        return split_json(value)

    def resource(self, chunk: bytes) -> Gathered:
        """The attributes of an encoded resource. Raises Unreadable."""
        resource = _decoded(_resource, chunk)
        return self._attributes.json(map(bytes, (resource and resource.attributes) or ()))

    def span(self, chunk: bytes) -> SpanFields:
        """One encoded span. Raises Unreadable."""
        span: _Span = _decoded(_span, chunk)
        fragments, marks = self._attributes.json(map(bytes, span.attributes or ()))
        code, message = self._status(span.status) if span.status else ("unset", "")
        return SpanFields(
            trace_hex(span.trace_id),
            span_hex(span.span_id),
            parent_hex(span.parent_span_id or ""),
            shortened(span.name, self._limits.name),
            KINDS[named_kind(span.kind)],
            whole(span.start_time_unix_nano, 0, _UINT_LIMIT),
            whole(span.end_time_unix_nano, 0, _UINT_LIMIT),
            code,
            message,
            fragments,
            marks,
            self._events(span.events) if span.events else b"[]",
            [hex_id(link.trace_id, 32) for link in span.links or ()],
        )

    def alone(self, resource: bytes, span: bytes) -> bytes:
        """A whole message that holds just this span."""
        return b'{"resourceSpans":[{"resource":%b,"scopeSpans":[{"spans":[%b]}]}]}' % (resource, span)

    def _status(self, status: _Status) -> tuple[str, str]:
        return STATUSES[named_status(status.code)], shortened(status.message or "", self._limits.message)

    def _events(self, events: list[_Event]) -> bytes:
        kept = events[: self._limits.events]
        written = []
        for event in kept:
            attributes = self._attributes.joined(self._attributes.json(map(bytes, event.attributes or ()))[0])
            time = whole(event.time_unix_nano, 0, _UINT_LIMIT)
            written.append(event_json(shortened(event.name, self._limits.name), time, attributes))
        return events_json(written, self._limits.attributes, len(events) - len(kept))


def split_json(value: bytes) -> list[Part]:
    """The message's encoded spans by resource, in message order. Raises Unreadable."""
    groups = _decoded(_traces, value).resource_spans
    if groups is None:
        raise Unreadable(NO_RESOURCE_SPANS, "the JSON object holds no resourceSpans")
    return [
        Part(
            bytes(group.resource),
            [bytes(span) for scope in group.scope_spans or () for span in scope.spans or ()],
        )
        for group in groups
    ]


def _decoded(decoder: msgspec.json.Decoder[Any], value: bytes) -> Any:
    try:
        return decoder.decode(value)
    except msgspec.ValidationError as error:
        raise Unreadable(WRONG_TYPE, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(MALFORMED_JSON, str(error)) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP, "the JSON is nested more deeply than the parser allows") from None
