"""A file as the messages it is sent in: as it is when it is small, else rows in portions, head and trailer repeated."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, Final, NamedTuple

from metrics.texts.money import Decimals, decimal_reader
from streams.codecs.reasons import BROKEN_FILE, EMPTY_VALUE, Unreadable
from streams.folder.flat_lines import ROW, Piece, encoded, pieces
from streams.sources.flat_input import HEAD, TRAILER, FlatFormat, read_flat

ROWS: Final = 1_000
"""Rows of one message. A dead letter keeps the message it is about, so that a small one is kinder."""
BYTES: Final = 512 << 10
FILE_HEADER: Final = "fg-file"


class Part(NamedTuple):
    """One message. `number` counts from 1; `before` rows come before it; `line` is that of its first row (0: none)."""

    number: int
    before: int
    line: int
    rows: int
    body: bytes


@dataclass(slots=True)
class Survey:
    """What a whole flat file was found to hold; `sums` of the columns that somebody declares a total of."""

    head: str = ""
    trailer: str = ""
    trailer_cells: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    columns: frozenset[str] = frozenset()
    sums: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlatFile:
    """A flat file on disk with the way its mapping reads it; `pace` is called now and then."""

    file: BinaryIO
    form: FlatFormat
    rows: int = ROWS
    bytes: int = BYTES
    pace: Callable[[], None] = lambda: None

    def survey(self, columns: frozenset[str]) -> Survey:
        """Read all of it with the mapping's own reader, a portion at a time, and add up. Raises `Unreadable`."""
        found = Survey(sums={column: Decimal(0) for column in columns})
        plain = dataclasses.replace(self.form, control=None)
        decimals = self.form.control.decimals if self.form.control else decimal_reader("point")
        portion: list[str] = []
        for piece in self._pieces():
            if piece.kind == HEAD:
                found.head = piece.text
            elif piece.kind == TRAILER:
                found.trailer = piece.text
            else:
                portion.append(piece.text)
            if len(portion) >= self.rows:
                self._add(found, plain, portion, decimals)
                self.pace()
                portion = []
        self._add(found, plain, portion, decimals)
        if not (found.rows or found.head or found.trailer):
            raise Unreadable(EMPTY_VALUE, "the file has no lines")
        if found.trailer:
            found.trailer_cells = read_flat(encoded(found.head + found.trailer, plain), plain).trailer
        return found

    def parts(self, found: Survey) -> Iterator[Part]:
        """The messages, the same at each call. A file of one portion goes as it is, byte for byte."""
        if found.rows <= self.rows and self.file.seek(0, os.SEEK_END) <= self.bytes:
            self.file.seek(0)
            yield Part(1, 0, 0, found.rows, self.file.read())
            return
        number, before, line, size = 1, 0, 0, 0
        portion: list[str] = []
        for piece in self._pieces():
            if piece.kind != ROW:
                continue
            if portion and (len(portion) >= self.rows or size + len(piece.text) > self.bytes):
                yield self._part(number, before, line, portion, found)
                number, before, portion, size = number + 1, before + len(portion), [], 0
            line = line if portion else piece.line
            portion.append(piece.text)
            size += len(piece.text)
        yield self._part(number, before, line, portion, found)

    def _part(self, number: int, before: int, line: int, rows: list[str], found: Survey) -> Part:
        return Part(number, before, line, len(rows), encoded("".join((found.head, *rows, found.trailer)), self.form))

    def _pieces(self) -> Iterator[Piece]:
        """The pieces in an order that a portion can keep: one head before all rows, one trailer behind them."""
        seen: set[str] = set()
        for piece in pieces(self.file, self.form):
            if TRAILER in seen:
                raise Unreadable(BROKEN_FILE, f"line {piece.line} comes after the trailer")
            if piece.kind == HEAD and seen:
                raise Unreadable(BROKEN_FILE, f"line {piece.line} is a head behind the first line")
            seen.add(piece.kind)
            yield piece

    def _add(self, found: Survey, plain: FlatFormat, portion: list[str], decimals: Decimals) -> None:
        if not portion:
            return
        before, found.rows = found.rows, found.rows + len(portion)
        try:
            rows = read_flat(encoded("".join((found.head, *portion)), plain), plain).rows
            for _, row in rows:
                found.columns |= row.keys()
                for column in found.sums:
                    if value := row.get(column):
                        found.sums[column] += Decimal(decimals(value))
        except Unreadable as error:
            place = f"in the portion behind row {before}: " if before else ""
            raise Unreadable(error.reason, f"{place}{error.detail}") from None
