"""JSON lines: a canonical CloudEvent a line, or flat rows with the columns of a CSV log.

A canonical event keeps its own id, sequence and origin. A flat row's case, activity and objects are
text (a number as it is written); its other members keep their JSON types.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from metrics.texts.time_formats import TimeParser
from metrics.words import DeadLetter, Event, ObjectRef
from streams.codecs import reasons
from streams.codecs.meaning import CodecCounts, event_of
from streams.codecs.reasons import Unreadable
from streams.codecs.tolerant import parse_json, patient_envelope
from streams.intake.columns import Columns, choose_columns
from streams.intake.event_rows import EventRows, RowPlace
from streams.intake.options import IntakeError, LogOptions
from streams.intake.text_files import BROKEN_PACKING, open_bytes
from streams.intake.time_columns import column_parser

_SAMPLE: Final = 200  # lines whose members are the columns
_LONGEST: Final = 1 << 20  # bytes of a line
_BOM: Final = b"\xef\xbb\xbf"


class JsonLinesLog:
    """Iterate to read; each iteration reads the file again from its start."""

    def __init__(self, path: Path, options: LogOptions, place: RowPlace) -> None:
        """Reads the first lines. Raises IntakeError."""
        self._path = path
        self._place = place
        self._flat: _FlatRows | None = None
        first = next(self._samples(), None)
        if first is None:
            raise IntakeError(f"{path.name} holds no JSON object: JSON lines have one on each line")
        if "specversion" not in first:
            self._flat = _FlatRows(self._samples, options)

    def __iter__(self) -> Iterator[Event | DeadLetter]:
        rows = EventRows(self._place)
        counts = CodecCounts()
        row = -1
        try:
            for row, line in enumerate(_lines(self._path)):
                try:
                    if len(line) > _LONGEST:
                        raise Unreadable(reasons.TOO_LARGE, f"{len(line)} bytes, the limit is {_LONGEST}")
                    if self._flat is None:
                        yield self._canonical(line, counts)
                    else:
                        yield self._flat.event(rows, row, line)
                except Unreadable as error:
                    yield rows.dead(row, error.reason, error.detail, line)
        except BROKEN_PACKING as error:
            yield rows.dead(row + 1, reasons.BROKEN_FILE, str(error), b"")

    def _canonical(self, line: bytes, counts: CodecCounts) -> Event:
        event = event_of(patient_envelope(line), "", 0, 0, counts)
        return msgspec.structs.replace(event, feed=self._place.feed) if self._place.feed else event

    def _samples(self) -> Iterator[dict[str, Any]]:
        try:
            for line in _lines(self._path):
                try:
                    content = parse_json(line[:_LONGEST])
                except Unreadable:
                    continue
                if isinstance(content, dict):
                    yield content
        except BROKEN_PACKING:
            return


def _lines(path: Path) -> Iterator[bytes]:
    """Lines that are not blank; at most a little over the longest allowed is held of one."""
    with open_bytes(path) as file:
        begin = True
        while line := file.readline(_LONGEST + 2):
            if begin:
                line, begin = line.removeprefix(_BOM), False
            if len(line) > _LONGEST:
                while not line.endswith(b"\n") and (more := file.readline(_LONGEST)) and not more.endswith(b"\n"):
                    pass
            if line := line.strip():
                yield line


class _FlatRows:
    """Flat JSON objects to events."""

    def __init__(self, samples: Any, options: LogOptions) -> None:
        names: dict[str, None] = {}
        for content in islice(samples(), _SAMPLE):
            names.update(dict.fromkeys(content))
        self._names = list(names)
        self._columns: Columns = choose_columns(self._names, options)

        def parser(column: int) -> TimeParser:
            name = self._names[column]
            return column_parser((_text(row.get(name)) for row in samples()), name, options)

        self._time = parser(self._columns.time)
        self._start = None if self._columns.start is None else parser(self._columns.start)

    def event(self, rows: EventRows, row: int, line: bytes) -> Event:
        content = parse_json(line)
        if not isinstance(content, dict):
            raise Unreadable(reasons.BAD_ROW, "the line is no JSON object")
        columns, names = self._columns, self._names
        text = _text(content.get(names[columns.time]))
        if not text:
            raise Unreadable(reasons.BAD_TIME, "the time is missing or empty")
        time, precision = self._time(text)
        start = "" if columns.start is None else _text(content.get(names[columns.start]))
        named = [(kind, _text(content.get(names[at]))) for at, kind in columns.objects]
        used = {
            names[columns.case],
            names[columns.activity],
            names[columns.time],
            *(names[at] for at, _ in columns.objects),
        }
        if columns.start is not None:
            used.add(names[columns.start])
        return rows.step(
            row,
            _text(content.get(names[columns.case])),
            _text(content.get(names[columns.activity])),
            time,
            {name: value for name, value in content.items() if name not in used and value is not None},
            started=self._start(start)[0] if start and self._start else None,
            objects=tuple(ObjectRef(kind, value, kind) for kind, value in named if value),
            precision=precision,
            actor="" if columns.actor is None else _text(content.get(names[columns.actor])),
        )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()
