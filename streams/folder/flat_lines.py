"""A flat file as its rows, one after the other, however large it is: which lines are head, row and trailer.

What the cells mean is the business of `streams.sources.flat_input`; here only the borders of the rows are found, by the
same rules.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from streams.codecs.reasons import BAD_ROW, BROKEN_FILE, Unreadable
from streams.sources.flat_input import HEAD, TRAILER, FlatFormat
from streams.sources.reasons import WRONG_ENCODING

ROW: Final = "row"
LONGEST_LINE: Final = 1 << 20
_MOST_LINES: Final = 10_000


class Piece(NamedTuple):
    """A head, a row or the trailer: its (last) line, from 1; its text with line ends and the blank lines before it."""

    kind: str
    line: int
    text: str


def pieces(file: BinaryIO, form: FlatFormat) -> Iterator[Piece]:
    """All pieces of a file from its beginning. Raises `Unreadable`."""
    file.seek(0)
    utf8 = form.encoding.lower().replace("_", "-") == "utf-8"
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if utf8 else form.encoding, newline="\n" if form.fixed else "")
    try:
        yield from _fixed(text, form) if form.fixed else _delimited(text, form)
    except UnicodeError as error:
        raise Unreadable(WRONG_ENCODING, f"not {form.encoding}: {str(error)[:120]}") from None
    finally:
        text.detach()


def encoded(text: str, form: FlatFormat) -> bytes:
    """A text as the file's own encoding has it."""
    return text.encode(form.encoding)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Unreadable(BAD_ROW, f"line {number} is longer than {LONGEST_LINE} characters")
        yield line if line.endswith(("\n", "\r")) else line + "\n"


def _fixed(text: io.TextIOWrapper, form: FlatFormat) -> Iterator[Piece]:
    taken: list[str] = []
    for number, line in enumerate(_remembered(_lines(text), taken), 1):
        if line.strip():
            yield Piece(_kind(number, line, form), number, "".join(taken))
            taken.clear()


def _delimited(text: io.TextIOWrapper, form: FlatFormat) -> Iterator[Piece]:
    taken: list[str] = []
    reader = csv.reader(
        _remembered(_lines(text), taken),
        delimiter=form.delimiter,
        quotechar=form.quote or None,
        quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
        strict=True,
    )
    first = True
    try:
        for cells in reader:
            if not cells or not any(cells):
                continue
            raw = "".join(taken)
            taken.clear()
            if form.header_row:
                kind, first = HEAD if first else ROW, False
            else:
                kind = _kind(reader.line_num, cells[0], form)
            yield Piece(kind, reader.line_num, raw)
    except csv.Error as error:
        reason = BROKEN_FILE if "end of data" in str(error) else BAD_ROW
        raise Unreadable(reason, f"line {reader.line_num}: {error}") from None


def _remembered(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        if len(taken) > _MOST_LINES:
            raise Unreadable(BROKEN_FILE, f"more than {_MOST_LINES} lines without a row")
        yield line


def _kind(number: int, start: str, form: FlatFormat) -> str:
    for layout in form.layouts:
        if start.startswith(layout.starts):
            return layout.name if layout.name in (HEAD, TRAILER) else ROW
    raise Unreadable(BAD_ROW, f"line {number} begins like none of the layouts: {start[:20]!r}")
