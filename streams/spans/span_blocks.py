"""Blocks of rows of `spans` and `span_refs`: what was read together and what was read singly, in message order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from metrics.store.tables import TABLES
from streams.spans.columnar import Sheet
from streams.spans.keys import KeyRef
from streams.spans.span_rows import OWN, SpanRow
from streams.spans.waiting import Spans
from streams.spans.wire import Flags, Ints

SingleSpan = tuple[int, SpanRow, Sequence[KeyRef]]
"""A span read by itself: its place among the spans, its row, its references."""

_SPAN_TYPES: Final = {field.name: field.type for field in TABLES["spans"]}
_REF: Final = ("object_type", "object_id", "carrier", "key")

Columns = dict[str, Any]


class Block(NamedTuple):
    """Arrow arrays by column, as `metrics.store.tables` names them."""

    spans: Columns
    refs: Columns

    @property
    def rows(self) -> int:
        return len(self.spans["trace_id"])

    @property
    def ref_rows(self) -> int:
        return len(self.refs["trace_id"])


def block(spans: Spans, sheet: Sheet | None, odd: Flags, singles: Sequence[SingleSpan]) -> Block:
    """The rows of spans: of the sheet those that are not odd, the others from `singles`."""
    own, place = _from_singles(singles)
    if sheet is not None:
        own, place = _merged((_from_sheet(sheet, odd), np.flatnonzero(~odd)), (own, place))
    rows = _whole(spans, own, place)
    return Block(rows, _refs(rows, place, sheet, odd, singles))


def joined(blocks: Sequence[Block]) -> Block:
    """All blocks as one."""
    return Block(
        {name: _concatenated([one.spans[name] for one in blocks], kind) for name, kind in _SPAN_TYPES.items()},
        {
            field.name: _concatenated([one.refs[field.name] for one in blocks], field.type)
            for field in TABLES["span_refs"]
        },
    )


def _concatenated(arrays: Sequence[Any], kind: Any) -> Any:
    if not arrays:
        return pa.array([], kind)
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)


def _from_sheet(sheet: Sheet, odd: Flags) -> Columns:
    own = {**sheet.texts, "start": pa.array(sheet.start), "duration_ns": pa.array(sheet.duration)}
    if odd.any():
        kept = pa.array(np.flatnonzero(~odd))
        own = {name: column.take(kept) for name, column in own.items()}
    return {name: column.cast(_SPAN_TYPES[name]) for name, column in own.items()}


def _from_singles(singles: Sequence[SingleSpan]) -> tuple[Columns, Ints]:
    columns = zip(*(row for _, row, _ in singles), strict=True) if singles else ((),) * len(OWN)
    own = {name: pa.array(values, _SPAN_TYPES[name]) for name, values in zip(OWN, columns, strict=True)}
    return own, np.array([place for place, _, _ in singles], np.int64)


def _merged(some: tuple[Columns, Ints], others: tuple[Columns, Ints]) -> tuple[Columns, Ints]:
    if not len(others[1]):
        return some
    place = np.concatenate((some[1], others[1]))
    order = np.argsort(place)
    rows = pa.array(order)
    own = {name: pa.concat_arrays([column, others[0][name]]).take(rows) for name, column in some[0].items()}
    return own, place[order]


def _whole(spans: Spans, own: Mapping[str, Any], place: Ints) -> Columns:
    position = pa.array(spans.position[place].astype(np.uint64))
    columns = {**own, **spans.shared(place), "position": position}
    return {name: columns[name] for name in _SPAN_TYPES}


def _refs(spans: Columns, place: Ints, sheet: Sheet | None, odd: Flags, singles: Sequence[SingleSpan]) -> Columns:
    owner = np.array([at for at, _, refs in singles for _ in refs], np.int64)
    values = list(zip(*(ref for _, _, refs in singles for ref in refs), strict=True)) or [()] * len(_REF)
    columns = [pa.array(one, pa.string()) for one in values]
    if sheet is not None:
        owner, columns = _with_objects(sheet, odd, owner, columns)
    row = pa.array(np.searchsorted(place, owner))
    whole = dict(zip(_REF, columns, strict=True))
    whole |= {name: spans[name].take(row) for name in ("trace_id", "span_id", "start", "ingested")}
    return {name: whole[name] for name in TABLES["span_refs"].names}


def _with_objects(sheet: Sheet, odd: Flags, owner: Ints, columns: Sequence[Any]) -> tuple[Ints, list[Any]]:
    found, objects = sheet.objects.owner, list(sheet.objects.columns)
    if odd.any():
        kept = np.flatnonzero(~odd[found])
        found, objects = found[kept], [column.take(pa.array(kept)) for column in objects]
    if not len(owner):
        return found, objects
    both = np.concatenate((found, owner))
    order = np.argsort(both, kind="stable")
    rows = pa.array(order)
    return both[order], [pa.concat_arrays(pair).take(rows) for pair in zip(objects, columns, strict=True)]
