"""Thousands of encoded spans at once → the columns of `spans` and `span_refs`, without an object for a span.

The usual span is read here, field by field for all spans together. One that is not usual in any way (broken, an id of
another length, no start, a name given twice, too much of something) is called odd and has no row here: it is read by
`span_rows`, whose rows these equal to the byte.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from streams.codecs.reasons import Unreadable
from streams.spans.attribute_columns import AttributeColumns
from streams.spans.attributes import AttributeReader, Hint
from streams.spans.fields import HORIZON_NS
from streams.spans.keys import linked
from streams.spans.limits import Limits
from streams.spans.named_objects import NamedObjects, with_more
from streams.spans.pieces import as_text
from streams.spans.proto_dialect import ProtoDialect
from streams.spans.span_page import ATTRIBUTE, END, EVENT, LINK, NAME, SPAN_ID, START, STATUS, TRACE_ID, SpanPage
from streams.spans.wire import Flags, Ints


class Sheet(NamedTuple):
    """What spans say of themselves, a row each in message order; rows of `odd` ones mean nothing.

    `start` and `duration` are nanoseconds. Of `objects`, `owner` is the row of the span. `refused` is by span.
    """

    odd: Flags
    start: Ints
    duration: Ints
    texts: dict[str, Any]
    objects: NamedObjects
    refused: Ints


class ColumnarReader:
    """Reads encoded spans into sheets; shares what is remembered with the reading by span."""

    def __init__(
        self,
        dialect: ProtoDialect,
        attributes: AttributeReader,
        interface: Callable[[tuple[Hint, ...]], str],
        limits: Limits,
        few: int,
    ) -> None:
        self._dialect = dialect
        self._attributes = AttributeColumns(attributes, interface, limits)
        self._limits = limits
        self._few = few

    def read(self, chunks: Sequence[bytes]) -> Sheet:
        """All these spans; never raises."""
        page = SpanPage(chunks, self._few)
        odd, texts = page.odd, {}
        trace, texts["trace_id"] = page.ids(TRACE_ID, 16)
        span, texts["span_id"] = page.ids(SPAN_ID, 8)
        texts["parent_span_id"] = page.parents()
        odd |= ~trace | ~span
        start, end = page.number(START), page.number(END)
        odd |= (start == 0) | (start > end) | (end >= HORIZON_NS)
        texts["kind"] = page.kinds()
        texts["name"] = self._names(page)
        texts["status"], texts["status_message"] = self._statuses(page)
        texts["events"] = self._events(page)
        told = self._attributes.read(page.given(ATTRIBUTE))
        odd |= told.odd
        texts["attributes"], texts["interface"] = told.json, told.interface
        objects = self._with_links(page, told.objects, texts["trace_id"])
        odd |= np.bincount(objects.owner, minlength=len(odd)) > self._limits.refs
        began = start.astype(np.int64)
        return Sheet(odd, began, end.astype(np.int64) - began, texts, objects, told.refused)

    def _names(self, page: SpanPage) -> Any:
        names = page.single(NAME).dictionary_encode()
        return pa.array(map(self._dialect.name, names.dictionary.to_pylist()), pa.string()).take(names.indices)

    def _statuses(self, page: SpanPage) -> tuple[Any, Any]:
        statuses = page.single(STATUS).dictionary_encode()
        known = [self._status(chunk) for chunk in statuses.dictionary.to_pylist()]
        unreadable = np.array([one is None for one in known], np.bool_)
        page.odd |= unreadable[statuses.indices.to_numpy()]
        codes, messages = zip(*(one or ("", "") for one in known), strict=True)
        return tuple(pa.array(texts, pa.string()).take(statuses.indices) for texts in (codes, messages))

    def _status(self, chunk: bytes) -> tuple[str, str] | None:
        try:
            return self._dialect.status(chunk)
        except Unreadable:
            return None

    def _events(self, page: SpanPage) -> Any:
        """Events are read span by span: few spans have any, and none is like another."""
        written, row = [b"[]"], np.zeros(len(page.odd), np.int64)
        for owner, chunks in page.several(EVENT):
            try:
                written.append(self._dialect.events(chunks))
                row[owner] = len(written) - 1
            except Unreadable:
                page.odd[owner] = True
        return as_text(pa.array(written, pa.binary()).take(pa.array(row)))

    def _with_links(self, page: SpanPage, objects: NamedObjects, traces: Any) -> NamedObjects:
        """The objects, and behind those of each span the traces that its links point to."""
        more = []
        behind = np.searchsorted(page.attribute_owners, np.arange(len(page.odd)), "right")
        for owner, chunks in page.several(LINK):
            try:
                refs = linked(self._dialect.links(chunks), traces[owner].as_py())
                more += [(2 * int(behind[owner]) - 1, owner, ref) for ref in refs]
            except Unreadable:
                page.odd[owner] = True
        return with_more(objects, more)
