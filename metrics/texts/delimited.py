"""The rows of delimited text (CSV and its cousins), wherever it comes from."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from metrics.texts.unreadable import BAD_ROW, BROKEN_FILE, Unreadable

DELIMITERS: Final = (",", ";", "\t", "|")


def delimiter_of(line: str) -> str:
    """The sign that splits a line most often, outside quotes; a comma when none does."""
    counts = [len(next(csv.reader([line], delimiter=mark), [])) for mark in DELIMITERS]
    return DELIMITERS[counts.index(max(counts))]


def encoding_by_start(start: bytes) -> str | None:
    """The character set that the first bytes give away: a byte order mark, or the zeros of UTF-16; else None."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in start[:64]:
        return "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
    return None


def rows_of(text: str, delimiter: str, quote: str = '"') -> Iterator[tuple[int, list[str]]]:
    """(number of its last line, cells) of every row; lines end at LF, CR LF or a bare CR, blank rows are passed over.

    `quote` may be empty: then quotes are signs like others. Raises `Unreadable` (bad_row, broken_file).
    """
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=True,
    )
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        reason = BROKEN_FILE if "end of data" in str(error) else BAD_ROW
        raise Unreadable(reason, f"line {reader.line_num}: {error}") from None


def named_cells(number: int, names: Sequence[str], cells: list[str]) -> dict[str, str]:
    """The cells of line `number` by the names of their columns, without blanks around them. Raises `Unreadable`."""
    if len(cells) != len(names):
        raise Unreadable(BAD_ROW, f"line {number} has {len(cells)} columns, not {len(names)}")
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
