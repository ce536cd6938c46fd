"""OTLP messages → the columns of `spans` and `span_refs`: pure, and never an exception for bad input."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from metrics.store.tables import TABLES
from metrics.words import DeadLetter
from streams.codecs.reasons import EMPTY_VALUE, Unreadable
from streams.spans.attributes import AttributeReader, Hint
from streams.spans.fields import HORIZON_NS, Dialect, Part, SpanFields, duration
from streams.spans.interface import interface_of
from streams.spans.json_dialect import JsonDialect
from streams.spans.keys import SPAN_LINK, KeyRef, KeyRules
from streams.spans.limits import DEFAULT_LIMITS, Limits, shortened
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.reasons import TOO_MANY_SPANS
from streams.spans.source import Counts, Source

SERVICE: Final = "service.name"
SIMULATED: Final = "flowglass.simulated"
UNKNOWN_SERVICE: Final = "unknown_service"  # OpenTelemetry's own word for a resource without service.name
REFS_CAPPED: Final = "flowglass.refs_capped"

_NO_TRACE: Final = "0" * 32
_RESOURCES: Final = 2_048  # resources, and interfaces, remembered; beyond, the memory starts anew


class _ResourceText(msgspec.Struct, frozen=True, gc=False):
    service: str
    json: bytes
    simulated: bool


class SpanColumns:
    """Collects spans as rows; `columns` gives them as `metrics.store.tables` names them. Not for several threads."""

    def __init__(self, span_keys: Mapping[str, str], limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._attributes = AttributeReader(KeyRules(span_keys, limits), limits)
        self._proto = ProtoDialect(self._attributes, limits)
        self._json = JsonDialect(self._attributes, limits)
        self._resources: dict[bytes, _ResourceText] = {}
        self._interfaces: dict[tuple[Hint, ...], str] = {}
        self._spans: list[tuple[Any, ...]] = []
        self._refs: list[tuple[Any, ...]] = []
        self.dead_letters: list[DeadLetter] = []
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, value: bytes | None, source: Source) -> None:
        """Append a message's spans; what can't be read becomes a dead letter: one span, or the whole message."""
        self.counts.messages += 1
        value = value or b""
        dialect: Dialect = self._json if value[:1] in (b"{", b" ", b"\t", b"\r") else self._proto
        try:
            parts = self._parts(dialect, value)
            positions = source.spread(sum(len(part.spans) for part in parts))
        except Unreadable as verdict:
            self._bury(verdict, source, source.first, value, "")
            return
        spans, refs = len(self._spans), len(self._refs)
        index = 0
        for part in parts:
            following = index + len(part.spans)
            self._add_part(dialect, part, source, positions[index:following])
            index = following
        self.counts.spans += len(self._spans) - spans
        self.counts.refs += len(self._refs) - refs

    def columns(self) -> dict[str, dict[str, list[Any]]]:
        """The rows collected, by table and column; JSON columns are UTF-8 bytes."""
        return {"spans": _columns("spans", self._spans), "span_refs": _columns("span_refs", self._refs)}

    def clear(self) -> None:
        """Forget rows and dead letters (after they are stored); counts and memories stay."""
        self._spans, self._refs, self.dead_letters = [], [], []

    def _parts(self, dialect: Dialect, value: bytes) -> list[Part]:
        if not value:
            raise Unreadable(EMPTY_VALUE, "the record has no value")
        parts = dialect.split(value)
        spans = sum(len(part.spans) for part in parts)
        if spans > self._limits.spans:
            raise Unreadable(TOO_MANY_SPANS, f"the message holds {spans} spans, more than {self._limits.spans}")
        return parts

    def _add_part(self, dialect: Dialect, part: Part, source: Source, positions: Sequence[int]) -> None:
        try:
            resource = self._resources.get(part.resource) or self._resource(dialect, part.resource)
        except Unreadable as verdict:
            for chunk, position in zip(part.spans, positions, strict=True):
                self._bury(verdict, source, position, dialect.alone(part.resource, chunk), "")
            return
        for chunk, position in zip(part.spans, positions, strict=True):
            try:
                self._add_span(dialect.span(chunk), resource, source, position)
            except Unreadable as verdict:
                self._bury(verdict, source, position, dialect.alone(part.resource, chunk), resource.service)

    def _resource(self, dialect: Dialect, chunk: bytes) -> _ResourceText:
        fragments, _ = dialect.resource(chunk)
        values = {
            name: msgspec.json.decode(b"{%b}" % fragments[name])[name]
            for name in (SERVICE, SIMULATED)
            if name in fragments
        }
        name = values.get(SERVICE)
        service = name if isinstance(name, str) and name else UNKNOWN_SERVICE
        resource = _ResourceText(
            shortened(service, self._limits.name),
            self._attributes.joined(fragments),
            values.get(SIMULATED) in (True, "true"),
        )
        if len(self._resources) >= _RESOURCES:
            self._resources.clear()
        self._resources[chunk] = resource
        return resource

    def _add_span(self, span: SpanFields, resource: _ResourceText, source: Source, position: int) -> None:
        fragments = span.fragments
        start = span.start
        length = span.end - start
        if start <= 0 or length < 0 or span.end >= HORIZON_NS:
            length = duration(start, span.end, fragments)
        interface = ""
        if span.marks or span.links:
            interface = self._add_refs(span, source.ingested)
        self._spans.append(
            (
                span.trace_id,
                span.span_id,
                source.origin,
                position,
                span.parent_span_id,
                resource.service,
                span.name,
                span.kind,
                interface,
                start,
                length,
                span.status,
                span.status_message,
                self._attributes.joined(fragments) if fragments else b"{}",
                resource.json,
                span.events,
                source.ingested,
                1 if resource.simulated or source.simulated else 0,
            )
        )

    def _add_refs(self, span: SpanFields, ingested: int) -> str:
        """Append the span's references, note those beyond the cap on it, and give its interface."""
        hints: list[Hint] = []
        refs: list[KeyRef] = []
        for found, refused, hint in span.marks:
            refs += found
            if hint:
                hints.append(hint)
            if refused:
                self.counts.refused += refused
        if span.links:
            refs += _linked(span)
        if len(refs) > self._limits.refs:
            self._cap(span, refs)
        trace_id, span_id, start = span.trace_id, span.span_id, span.start
        for object_type, object_id, carrier, key in refs:
            self._refs.append((object_type, object_id, trace_id, span_id, carrier, key, start, ingested))
        return self._interface(tuple(hints)) if hints else ""

    def _interface(self, hints: tuple[Hint, ...]) -> str:
        known = self._interfaces.get(hints)
        if known is None:
            if len(self._interfaces) >= _RESOURCES:
                self._interfaces.clear()
            known = self._interfaces[hints] = shortened(interface_of(dict(hints)), self._limits.interface)
        return known

    def _cap(self, span: SpanFields, refs: list[KeyRef]) -> None:
        beyond = len(refs) - self._limits.refs
        del refs[self._limits.refs :]
        self.counts.capped += beyond
        span.fragments[REFS_CAPPED] = b'"%b":%d' % (REFS_CAPPED.encode(), beyond)

    def bury(self, letter: DeadLetter) -> None:
        """Keep a dead letter beside the rows."""
        self.counts.dead_letters += 1
        self.dead_letters.append(letter)

    def _bury(self, verdict: Unreadable, source: Source, position: int, payload: bytes, service: str) -> None:
        self.bury(
            DeadLetter(
                origin=source.origin,
                position=position,
                topic=source.topic,
                partition=source.partition,
                offset=source.offset,
                reason=verdict.reason,
                detail=verdict.detail,
                payload=payload,
                source=service,
                ingested=source.ingested,
            )
        )


def _linked(span: SpanFields) -> list[KeyRef]:
    """The other traces that a span's links point to, each once; an invalid id or the own trace is no link."""
    others = [one for one in dict.fromkeys(span.links) if len(one) == 32 and one not in (_NO_TRACE, span.trace_id)]
    return [("trace", one, SPAN_LINK, "") for one in others]


def _columns(table: str, rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    names = TABLES[table].names
    if not rows:
        return {name: [] for name in names}
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
