"""Whether the spans of an OTLP message can be read: by the workers' own readers, without making rows."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from streams.codecs.reasons import Unreadable
from streams.spans.attributes import AttributeReader
from streams.spans.decode import SpanColumns
from streams.spans.fields import Dialect, Part
from streams.spans.json_dialect import JsonDialect
from streams.spans.keys import KeyRules
from streams.spans.limits import DEFAULT_LIMITS
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.reasons import TOO_MANY_SPANS
from streams.spans.source import Counts, Source
from streams.spans.span_rows import SpanReader

MANY: Final = 1_024
"""Spans from which a message is read in columns: fewer are read one by one (measured: 4-8 us each, and columns begin
with 0.8 ms; 5,000 in columns took 4 us each, one by one 11)."""


class Checked(NamedTuple):
    """Spans that can be read; for each reason how many can't be, with the detail of one. `whole`: nothing can be."""

    spans: int
    faults: Mapping[str, tuple[int, str]]
    whole: bool = False


class SpanCheck:
    """Not for several threads."""

    def __init__(self) -> None:
        attributes = AttributeReader(KeyRules({}, DEFAULT_LIMITS), DEFAULT_LIMITS)
        self._proto: Dialect = ProtoDialect(attributes, DEFAULT_LIMITS)
        self._json: Dialect = JsonDialect(attributes, DEFAULT_LIMITS)
        self._reader = SpanReader(attributes, DEFAULT_LIMITS, Counts())
        self._columns = SpanColumns({})

    def check(self, body: bytes, *, json: bool) -> Checked:
        """All spans of a message."""
        dialect = self._json if json else self._proto
        try:
            parts = dialect.split(body)
            count = sum(len(part.spans) for part in parts)
            if count > DEFAULT_LIMITS.spans:
                raise Unreadable(TOO_MANY_SPANS, f"the message holds {count} spans")
        except Unreadable as error:
            return Checked(0, {error.reason: (1, error.detail)}, whole=True)
        if count >= MANY:
            return self._in_columns(body)
        return self._one_by_one(dialect, parts)

    def _one_by_one(self, dialect: Dialect, parts: list[Part]) -> Checked:
        spans = 0
        faults: dict[str, tuple[int, str]] = {}
        for part in parts:
            try:
                self._reader.resource(dialect, part.resource)
            except Unreadable as error:
                _count(faults, error, len(part.spans))
                continue
            for span in part.spans:
                try:
                    self._reader.span(dialect, span)
                    spans += 1
                except Unreadable as error:
                    _count(faults, error, 1)
        return Checked(spans, faults)

    def _in_columns(self, body: bytes) -> Checked:
        before = self._columns.counts.spans
        self._columns.add(body, Source(origin="http", positions=0))
        faults: dict[str, tuple[int, str]] = {}
        for dead in self._columns.dead_letters:
            _count(faults, Unreadable(dead.reason, dead.detail), 1)
        spans = self._columns.counts.spans - before
        self._columns.clear()
        return Checked(spans, faults)


def _count(faults: dict[str, tuple[int, str]], error: Unreadable, spans: int) -> None:
    if spans:
        faults[error.reason] = (faults.get(error.reason, (0, ""))[0] + spans, error.detail)
