"""OTLP messages → the columns of `spans` and `span_refs`: pure, and never an exception for bad input.

Messages are split into spans as they come; the spans wait until enough are there to be read together (`columnar`).
What can't be read so, or comes alone, is read span by span (`span_rows`): the rows are the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from metrics.words import DeadLetter
from streams.codecs.reasons import EMPTY_VALUE, Unreadable
from streams.spans.attributes import AttributeReader, Private
from streams.spans.columnar import ColumnarReader
from streams.spans.fields import Dialect, Part
from streams.spans.json_dialect import JsonDialect
from streams.spans.keys import KeyRules
from streams.spans.limits import DEFAULT_LIMITS, Limits
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.reasons import TOO_MANY_SPANS
from streams.spans.source import Counts, Source
from streams.spans.span_blocks import Block, SingleSpan, block, joined
from streams.spans.span_rows import SpanReader
from streams.spans.waiting import Group, Spans, Waiting

TOGETHER: Final = 4_096
"""Spans read at once: 16,384 at once cost a third more, since they leave the processor's cache."""
_BYTES: Final = 16 << 20
ALONE: Final = 256
"""So few spans are read faster one by one: reading together begins with 3 ms, however few they are."""
_FEW: Final = 48
"""So few spans with more fields than all others are read one by one, rather than drawing the others' reading out."""


class SpanColumns:
    """Collects spans; `columns` gives them as `metrics.store.tables` names them. Not for several threads.

    `alone`: so few spans are read one by one.
    """

    def __init__(
        self,
        span_keys: Mapping[str, str],
        limits: Limits = DEFAULT_LIMITS,
        *,
        alone: int = ALONE,
        private: Private | None = None,
    ) -> None:
        self._limits = limits
        self._alone = alone
        attributes = AttributeReader(KeyRules(span_keys, limits), limits, private)
        self._proto = ProtoDialect(attributes, limits)
        self._json = JsonDialect(attributes, limits)
        self._counts = Counts()
        self._spans = SpanReader(attributes, limits, self._counts)
        self._columnar = ColumnarReader(self._proto, attributes, self._spans.interface, limits, min(_FEW, alone))
        self._waiting = Waiting()
        self._blocks: list[Block] = []
        self._dead_letters: list[DeadLetter] = []

    def __len__(self) -> int:
        """Spans held: rows, and those that wait to be read, of which some may turn out dead."""
        return len(self._waiting) + sum(one.rows for one in self._blocks)

    @property
    def dead_letters(self) -> list[DeadLetter]:
        """What could not be read since the last `clear`."""
        self._read()
        return self._dead_letters

    @property
    def counts(self) -> Counts:
        """What became of the input since the start."""
        self._read()
        return self._counts

    def add(self, value: bytes | None, source: Source) -> None:
        """Append a message's spans; what can't be read becomes a dead letter: one span, or the whole message."""
        self._counts.messages += 1
        value = value or b""
        dialect: Dialect = self._json if value[:1] in (b"{", b" ", b"\t", b"\r") else self._proto
        try:
            parts = self._parts(dialect, value)
            positions = source.spread(sum(len(part.spans) for part in parts))
        except Unreadable as verdict:
            self._bury(verdict, source, source.first, value, "")
            return
        index = 0
        for part in parts:
            following = index + len(part.spans)
            if part.spans:
                self._add_part(dialect, part, source, positions[index:following])
            index = following
        if len(self._waiting) >= TOGETHER or self._waiting.size >= _BYTES:
            self._read()

    def columns(self) -> dict[str, dict[str, Any]]:
        """The rows collected, by table and column, as Arrow arrays; JSON columns are text."""
        self._read()
        self._blocks = [joined(self._blocks)]
        return {"spans": self._blocks[0].spans, "span_refs": self._blocks[0].refs}

    def clear(self) -> None:
        """Forget rows and dead letters (after they are stored); counts and memories stay."""
        self._waiting = Waiting()
        self._blocks = []
        self._dead_letters = []

    def bury(self, letter: DeadLetter) -> None:
        """Keep a dead letter beside the rows."""
        self._counts.dead_letters += 1
        self._dead_letters.append(letter)

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
            resource = self._spans.resource(dialect, part.resource)
        except Unreadable as verdict:
            for chunk, position in zip(part.spans, positions, strict=True):
                self._bury(verdict, source, position, dialect.alone(part.resource, chunk), "")
            return
        self._waiting.add(part.spans, Group(dialect, part.resource, resource, source, positions))

    def _read(self) -> None:
        """Turn what waits into rows."""
        if not len(self._waiting):
            return
        spans = self._waiting.take()
        for begin in range(0, len(spans.chunks), TOGETHER):
            self._blocks.append(self._block(spans.part(begin, begin + TOGETHER)))

    def _block(self, spans: Spans) -> Block:
        """The rows of spans: read together as far as that can be, the rest one by one."""
        proto = np.array([group.dialect is self._proto for group in spans.groups], np.bool_)[spans.group]
        sheet, odd = None, np.ones(len(spans.chunks), np.bool_)
        if proto.any() and len(odd) >= self._alone:
            sheet = self._columnar.read(spans.chunks)
            odd = sheet.odd | ~proto
            self._counts.refused += int(sheet.refused[~odd].sum())
        found = block(spans, sheet, odd, list(self._read_singly(spans, np.flatnonzero(odd))))
        self._counts.spans += found.rows
        self._counts.refs += found.ref_rows
        return found

    def _read_singly(self, spans: Spans, rows: Iterable[int]) -> Iterator[SingleSpan]:
        for row in rows:
            group, chunk = spans.groups[spans.group[row]], spans.chunks[row]
            try:
                yield (int(row), *self._spans.span(group.dialect, chunk))
            except Unreadable as verdict:
                payload = group.dialect.alone(group.encoded_resource, chunk)
                self._bury(verdict, group.source, int(spans.position[row]), payload, group.resource.service)

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
