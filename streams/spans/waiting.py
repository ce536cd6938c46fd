"""Encoded spans that wait to be read together, and what their records and resources say of all of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from metrics.store.tables import TABLES
from streams.spans.fields import Dialect
from streams.spans.source import Source
from streams.spans.span_rows import ResourceText
from streams.spans.wire import Ints

_TYPES: Final = {field.name: field.type for field in TABLES["spans"]}


class Group(msgspec.Struct, frozen=True, gc=False):
    """The spans of one resource of one message."""

    dialect: Dialect
    encoded_resource: bytes
    resource: ResourceText
    source: Source
    positions: Sequence[int]

    def values(self) -> Mapping[str, Any]:
        """The columns that all its spans share."""
        return {
            "origin": self.source.origin,
            "service": self.resource.service,
            "resource": self.resource.json,
            "ingested": self.source.ingested,
            "simulated": 1 if self.resource.simulated or self.source.simulated else 0,
        }


class Spans(NamedTuple):
    """Encoded spans in message order; by span, the place of its group and its position in the source."""

    chunks: Sequence[bytes]
    groups: Sequence[Group]
    group: Ints
    position: Ints

    def part(self, begin: int, end: int) -> "Spans":
        """Some that stand one behind the other."""
        return Spans(self.chunks[begin:end], self.groups, self.group[begin:end], self.position[begin:end])

    def shared(self, rows: Ints) -> dict[str, Any]:
        """The columns that groups fill, for these rows."""
        values = [group.values() for group in self.groups]
        place = pa.array(self.group[rows])
        return {name: pa.array([one[name] for one in values], _TYPES[name]).take(place) for name in values[0]}


class Waiting:
    """Gathers spans."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._groups: list[Group] = []
        self.size = 0
        """Bytes of the spans."""

    def __len__(self) -> int:
        return len(self._chunks)

    def add(self, chunks: Sequence[bytes], group: Group) -> None:
        """Spans of a group; there is at least one."""
        self._chunks += chunks
        self._groups.append(group)
        self.size += sum(map(len, chunks))

    def take(self) -> Spans:
        """What was gathered, which is gone from here."""
        chunks, groups = self._chunks, self._groups
        self._chunks, self._groups, self.size = [], [], 0
        lengths = np.array([len(group.positions) for group in groups], np.int64)
        begins = np.cumsum(lengths) - lengths
        first = np.array([group.positions[0] for group in groups], np.int64)
        position = np.arange(len(chunks)) + np.repeat(first - begins, lengths)
        for begin, group in zip(begins, groups, strict=True):
            if type(group.positions) is not range:
                position[begin : begin + len(group.positions)] = group.positions
        return Spans(chunks, groups, np.repeat(np.arange(len(groups)), lengths), position)
