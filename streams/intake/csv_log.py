"""A CSV log: one row a step. Read as a stream; a row that cannot be read is a dead letter.

A blank line is no row. Empty cells are absent attributes. Numbers stay text as they were written.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from metrics.texts.delimited import delimiter_of
from metrics.texts.names import distinct
from metrics.texts.time_formats import TimeParser
from metrics.words import DeadLetter, Event, ObjectRef
from streams.codecs import reasons
from streams.codecs.reasons import Unreadable
from streams.intake.columns import Columns, choose_columns
from streams.intake.event_rows import EventRows, RowPlace
from streams.intake.options import IntakeError, LogOptions
from streams.intake.text_files import BROKEN_PACKING, Lines, encoding_of, open_text
from streams.intake.time_columns import column_parser


class CsvLog:
    """Iterate to read; each iteration reads the file again from its start."""

    def __init__(self, path: Path, options: LogOptions, place: RowPlace) -> None:
        """Reads the header and as much of the time columns as their formats need. Raises IntakeError."""
        self._path = path
        self._place = place
        self._encoding = encoding_of(path, options.encoding)
        self._delimiter = options.delimiter or self._sniff_delimiter()
        self.names = self._header()
        self._columns = choose_columns(self.names, options)
        self._time = self._parser(self._columns.time, options)
        start = self._columns.start
        self._start = None if start is None else self._parser(start, options)

    def __iter__(self) -> Iterator[Event | DeadLetter]:
        rows = EventRows(self._place)
        read = _RowReader(rows, self._columns, self._time, self._start, len(self.names))
        number = -1
        with open_text(self._path, self._encoding) as text:
            lines = Lines(text)
            table = csv.reader(lines, delimiter=self._delimiter)
            while True:
                try:
                    cells = next(table)
                    if not cells:
                        continue
                    number += 1
                    if number:
                        yield read.event(number - 1, cells)
                except StopIteration:
                    return
                except Unreadable as error:
                    yield rows.dead(number - 1, error.reason, error.detail, lines.since())
                except csv.Error as error:
                    number += 1
                    yield rows.dead(number - 1, reasons.BAD_ROW, str(error), lines.since())
                except BROKEN_PACKING as error:
                    yield rows.dead(number, reasons.BROKEN_FILE, str(error), b"")
                    return
                lines.taken()

    def _parser(self, column: int, options: LogOptions) -> TimeParser:
        return column_parser(self._cells(column), self.names[column], options)

    def _cells(self, column: int) -> Iterator[str]:
        """One column's values, as far as the table can be read."""
        with open_text(self._path, self._encoding) as text:
            try:
                table = csv.reader(text, delimiter=self._delimiter)
                next(table, None)
                for cells in table:
                    if len(cells) > column:
                        yield cells[column]
            except (csv.Error, *BROKEN_PACKING):
                return

    def _sniff_delimiter(self) -> str:
        """The candidate that splits the first line most often, outside quotes."""
        with open_text(self._path, self._encoding) as text:
            try:
                line = next((line for line in text if line.strip()), "")
            except BROKEN_PACKING:
                line = ""
        return delimiter_of(line)

    def _header(self) -> list[str]:
        with open_text(self._path, self._encoding) as text:
            try:
                cells = next((row for row in csv.reader(text, delimiter=self._delimiter) if row), [])
            except (csv.Error, *BROKEN_PACKING) as error:
                raise IntakeError(f"{self._path.name}: the header cannot be read: {error}") from None
        if not cells:
            raise IntakeError(f"{self._path.name} is empty: a CSV log needs a header and rows")
        return distinct([cell.strip().lstrip("\ufeff") for cell in cells])


class _RowReader:
    """Cells to an event."""

    def __init__(
        self, rows: EventRows, columns: Columns, time: TimeParser, start: TimeParser | None, width: int
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._time = time
        self._start = start
        self._width = width

    def event(self, row: int, cells: list[str]) -> Event:
        if len(cells) != self._width:
            self._check_width(cells)
        columns = self._columns
        text = cells[columns.time]
        if not text.strip():
            raise Unreadable(reasons.BAD_TIME, "the time is empty")
        time, precision = self._time(text)
        started = None
        if columns.start is not None and self._start is not None and cells[columns.start].strip():
            started = self._start(cells[columns.start])[0]
        objects = tuple(ObjectRef(kind, cells[at], kind) for at, kind in columns.objects if cells[at])
        return self._rows.step(
            row,
            cells[columns.case],
            cells[columns.activity],
            time,
            {name: cells[at] for at, name in columns.extras if cells[at]},
            started=started,
            objects=objects,
            precision=precision,
            actor="" if columns.actor is None else cells[columns.actor],
        )

    def _check_width(self, cells: list[str]) -> None:
        """Empty cells too many at the end (a trailing delimiter) are let through."""
        if len(cells) < self._width or any(cells[self._width :]):
            raise Unreadable(reasons.BAD_ROW, f"{len(cells)} cells, the header has {self._width}")
