"""Records of the spans topic, gathered until the next flush: span rows, references, dead letters, markers."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from metrics.store.tables import TABLES
from metrics.words import DeadLetter, Marker
from streams.codecs.reasons import Unreadable
from streams.spans.attributes import Private
from streams.spans.decode import SpanColumns
from streams.spans.limits import DEFAULT_LIMITS, Limits
from streams.spans.messages import (
    DEAD_LETTER,
    INDEX_BITS,
    MARKER,
    Headers,
    Place,
    carried_dead_letter,
    marker_of,
    plain_source,
    source_of,
)
from streams.spans.source import Counts

Record = tuple[int, int, bytes | None, bytes | None, Headers]
"""Offset, time stamp (milliseconds since 1970 UTC), key, value, headers."""


class Batch(Protocol):
    """Consecutive records of one partition, in offset order, as the transport hands them on."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def records(self) -> Sequence[Any]:
        """Of `Record`."""


class SpanBuffer:
    """What a worker holds of the spans topic between two flushes. Nothing it is given raises. Not for several threads.

    `rows` gives the same until `add` or `clear`, so a failed flush can be repeated byte for byte; `ingested`
    is the record's time stamp, so that a redelivered record gives the same row again.
    """

    def __init__(
        self, span_keys: Mapping[str, str], limits: Limits = DEFAULT_LIMITS, *, private: Private | None = None
    ) -> None:
        self._columns = SpanColumns(span_keys, limits, private=private)
        self.markers: list[Marker] = []
        self._marker_times: list[int] = []
        self.size = 0
        """Bytes of the values held."""

    def __len__(self) -> int:
        """Spans held, read or not."""
        return len(self._columns)

    @property
    def dead_letters(self) -> list[DeadLetter]:
        """What could not be read since the last `clear`."""
        return self._columns.dead_letters

    @property
    def counts(self) -> Counts:
        """What became of the input since the start."""
        return self._columns.counts

    def add(self, batch: Batch, incarnation: str) -> None:
        """Take in a batch of records of the log's incarnation."""
        origin = f"{batch.topic}/{batch.partition}@{incarnation}"
        for offset, timestamp, _, value, headers in batch.records:
            place = Place(origin, batch.topic, batch.partition, offset, timestamp * 1_000)
            self.size += len(value or b"")
            if not headers:
                self._columns.add(value, plain_source(place))
                continue
            try:
                self._add_marked(place, value, dict(headers))
            except Unreadable as verdict:
                self._bury(place, verdict, value or b"")

    def rows(self) -> dict[str, dict[str, list[Any]]]:
        """The columns of `spans`, `span_refs` and `markers`; a table without rows is left out."""
        tables = self._columns.columns()
        tables["markers"] = {
            name: self._marker_times if name == "ingested" else [getattr(one, name) for one in self.markers]
            for name in TABLES["markers"].names
        }
        return {table: columns for table, columns in tables.items() if next(iter(columns.values()))}

    def clear(self) -> None:
        """Forget what is held, after it is stored; the counts go on."""
        self._columns.clear()
        self.markers = []
        self._marker_times = []
        self.size = 0

    def _add_marked(self, place: Place, value: bytes | None, headers: Mapping[str, bytes | None]) -> None:
        if MARKER in headers:
            self.markers.append(marker_of(place, headers[MARKER]))
            self._marker_times.append(place.ingested)
        elif DEAD_LETTER in headers:
            self._columns.bury(carried_dead_letter(place, headers[DEAD_LETTER], value or b""))
        else:
            self._columns.add(value, source_of(place, headers))

    def _bury(self, place: Place, verdict: Unreadable, payload: bytes) -> None:
        self._columns.bury(
            DeadLetter(
                origin=place.origin,
                position=place.offset << INDEX_BITS,
                topic=place.topic,
                partition=place.partition,
                offset=place.offset,
                reason=verdict.reason,
                detail=verdict.detail,
                payload=payload,
                ingested=place.ingested,
            )
        )
