"""Spans → rows, one at a time: the exact reading of whatever a span may hold, and the oracle of `columnar`."""

from typing import Any, Final

import msgspec

from streams.spans.attributes import AttributeReader, Hint
from streams.spans.fields import HORIZON_NS, Dialect, SpanFields, duration
from streams.spans.interface import interface_of
from streams.spans.keys import KeyRef, linked
from streams.spans.limits import Limits, shortened
from streams.spans.source import Counts

SERVICE: Final = "service.name"
SIMULATED: Final = "flowglass.simulated"
UNKNOWN_SERVICE: Final = "unknown_service"  # OpenTelemetry's own word for a resource without service.name
REFS_CAPPED: Final = "flowglass.refs_capped"

_REMEMBERED: Final = 2_048  # resources, and interfaces, remembered; beyond, the memory starts anew

SpanRow = tuple[str, str, str, str, str, str, int, int, str, str, bytes, bytes]
"""The columns of `OWN`."""

OWN: Final = (
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "kind",
    "interface",
    "start",
    "duration_ns",
    "status",
    "status_message",
    "attributes",
    "events",
)
"""The columns that a span fills by itself; the others come from its resource and its record."""


class ResourceText(msgspec.Struct, frozen=True, gc=False):
    """What a resource gives to the rows of its spans."""

    service: str
    json: bytes
    simulated: bool


class SpanReader:
    """Reads single spans and resources, in both forms of OTLP. Not for several threads."""

    def __init__(self, attributes: AttributeReader, limits: Limits, counts: Counts) -> None:
        self._attributes = attributes
        self._limits = limits
        self._counts = counts
        self._resources: dict[bytes, ResourceText] = {}
        self._interfaces: dict[tuple[Hint, ...], str] = {}

    def resource(self, dialect: Dialect, chunk: bytes) -> ResourceText:
        """An encoded resource. Raises Unreadable."""
        known = self._resources.get(chunk)
        if known is None:
            if len(self._resources) >= _REMEMBERED:
                self._resources.clear()
            known = self._resources[chunk] = self._resource(dialect, chunk)
        return known

    def span(self, dialect: Dialect, chunk: bytes) -> tuple[SpanRow, list[KeyRef]]:
        """An encoded span and its references. Raises Unreadable."""
        span = dialect.span(chunk)
        fragments = span.fragments
        length = span.end - span.start
        if span.start <= 0 or length < 0 or span.end >= HORIZON_NS:
            length = duration(span.start, span.end, fragments)
        interface, refs = self._refs(span) if span.marks or span.links else ("", [])
        row = (
            span.trace_id,
            span.span_id,
            span.parent_span_id,
            span.name,
            span.kind,
            interface,
            span.start,
            length,
            span.status,
            span.status_message,
            self._attributes.joined(fragments) if fragments else b"{}",
            span.events,
        )
        return row, refs

    def interface(self, hints: tuple[Hint, ...]) -> str:
        """The interface that these hints name, '' for none."""
        known = self._interfaces.get(hints)
        if known is None:
            if len(self._interfaces) >= _REMEMBERED:
                self._interfaces.clear()
            known = self._interfaces[hints] = shortened(interface_of(dict(hints)), self._limits.interface)
        return known

    def _resource(self, dialect: Dialect, chunk: bytes) -> ResourceText:
        fragments, _ = dialect.resource(chunk)
        values: dict[str, Any] = {
            name: msgspec.json.decode(b"{%b}" % fragments[name])[name]
            for name in (SERVICE, SIMULATED)
            if name in fragments
        }
        name = values.get(SERVICE)
        service = name if isinstance(name, str) and name else UNKNOWN_SERVICE
        return ResourceText(
            shortened(service, self._limits.name),
            self._attributes.joined(fragments),
            values.get(SIMULATED) in (True, "true"),
        )

    def _refs(self, span: SpanFields) -> tuple[str, list[KeyRef]]:
        """The span's interface and references; those beyond the cap are left out, and noted on it."""
        hints: list[Hint] = []
        refs: list[KeyRef] = []
        for found, refused, hint in span.marks:
            refs += found
            if hint:
                hints.append(hint)
            self._counts.refused += refused
        if span.links:
            refs += linked(span.links, span.trace_id)
        beyond = len(refs) - self._limits.refs
        if beyond > 0:
            del refs[self._limits.refs :]
            self._counts.capped += beyond
            span.fragments[REFS_CAPPED] = b'"%b":%d' % (REFS_CAPPED.encode(), beyond)
        return self.interface(tuple(hints)) if hints else "", refs
