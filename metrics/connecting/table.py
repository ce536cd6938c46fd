"""The beginning of a file as a table: character set, delimiter, header and rows, or a sentence that says why not."""

import codecs
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from metrics.texts.delimited import delimiter_of, encoding_by_start, rows_of
from metrics.texts.names import distinct
from metrics.texts.unreadable import BROKEN_FILE, Unreadable

MOST_COLUMNS: Final = 100
MOST_ROWS: Final = 20_000
_LONGEST_NAME: Final = 200
_MAGIC: Final = {
    b"PK\x03\x04": "a spreadsheet (.xlsx) or a ZIP archive. Save the sheet as CSV and take that file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the sheet as CSV and take that file",
    b"%PDF": "a PDF. Ask for the data behind it as CSV",
    b"\x1f\x8b": "packed with gzip. Unpack it first; “flowglass analyse” reads packed logs as they are",
    b"PAR1": "a Parquet file. Export it as CSV",
    b"SQLite": "an SQLite database. Export the table as CSV",
}
_MARKED_UP: Final = {
    "<": "XML. “flowglass analyse FILE” reads XES logs; XML messages take a mapping of their own (docs/new-system.md)",
    "{": "JSON. “flowglass analyse FILE” reads OCEL and JSON lines; JSON messages take a mapping of their own "
    "(docs/new-system.md)",
}
_WHITE: Final = frozenset("\t\n\r\f\v")


class NotATable(ValueError):
    """The content is no table that can be read; the message says what it is and what to do."""


class Row(NamedTuple):
    """A row: the number of its last line, from 1, and its cells without blanks around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. `size`: bytes of the whole file; `whole`: whether all of its rows are in `rows`.

    `flaw`: why the file would be refused as a whole, '' if nothing is seen; `rows` are those before it.
    """

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str
    quote: str
    size: int
    read: int
    whole: bool
    flaw: str = ""

    def column(self, place: int) -> list[str]:
        """The values of a column in the order of the rows."""
        return [row.cells[place] for row in self.rows]

    @property
    def expected_rows(self) -> int:
        """About how many rows the whole file has."""
        return len(self.rows) if self.whole else max(len(self.rows), 1) * self.size // max(self.read, 1)


def read_table(content: bytes, size: int) -> Table:
    """The table that `content`, the beginning of a file of `size` bytes, holds. Raises NotATable."""
    if not content.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise NotATable("The file is empty: a table needs a line with the names of the columns, and rows.")
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise NotATable(f"This is {what}.")
    encoding, text = _decoded(content, whole=len(content) >= size)
    _check_text(text)
    lines = [line for line in text[:65_536].splitlines() if line.strip()][:30]
    delimiter = next((mark for line in lines if (mark := delimiter_of(line)) in line), ",")
    quoted = _table(text, encoding, delimiter, '"', (size, len(content)))
    if not quoted.flaw:
        return quoted
    bare = _table(text, encoding, delimiter, "", (size, len(content)))
    return quoted if bare.flaw else bare


def _decoded(content: bytes, whole: bool) -> tuple[str, str]:
    """(character set, text); what a cut has left of a last character is dropped."""
    seen = encoding_by_start(content)
    for encoding in (seen,) if seen else ("utf-8", "cp1252", "latin-1"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(content, final=whole)
        except UnicodeError:
            continue
        return ("utf-8" if encoding == "utf-8-sig" else encoding), text
    raise NotATable(f"The bytes are no {seen} text, though they begin like one.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise NotATable("This is no text: it holds NUL characters. Export the data as CSV.")
    strange = sum(1 for sign in text[:65_536] if (sign < " " and sign not in _WHITE) or "\x7f" <= sign <= "\x9f")
    if strange * 50 > min(len(text), 65_536):
        raise NotATable("This is no text, but binary data. Export the data as CSV.")
    start = text.lstrip()[:1].replace("[", "{")
    if start in _MARKED_UP:
        raise NotATable(f"This is {_MARKED_UP[start]}.")


def _table(text: str, encoding: str, delimiter: str, quote: str, sizes: tuple[int, int]) -> Table:
    size, read = sizes
    whole = read >= size
    found: list[tuple[int, list[str]]] = []
    flaw, ended = "", True
    try:
        for one in rows_of(text, delimiter, quote):
            found.append(one)
            if len(found) > MOST_ROWS + 1:
                ended = False
                break
    except Unreadable as error:
        if not found:
            raise NotATable(f"The header cannot be read: {error.detail}.") from None
        if whole or error.reason != BROKEN_FILE or len(found) == 1:
            flaw = f"{error.detail[:1].upper()}{error.detail[1:]}."
        ended = False
    if not found:
        raise NotATable("The file has no lines: a table needs a line with the names of the columns, and rows.")
    names = _names(found[0][1])
    cut = found[1:-1] if ended and not whole else found[1 : MOST_ROWS + 1]  # the last one may be a piece of a row
    good = list(takewhile(lambda row: len(row[1]) == len(names), cut))
    if len(good) < len(cut):
        line, cells = cut[len(good)]
        flaw = _ragged(line, len(cells), len(names), len(good))
    if not good and not flaw:
        raise NotATable(
            "The table has a header, but no rows." if whole else "Its first row is too long to be read here."
        )
    rows = tuple(Row(line, tuple(cell.strip() for cell in cells)) for line, cells in good)
    every = whole and len(found) <= MOST_ROWS + 1
    return Table(names, rows, encoding, delimiter, quote, size, read, every, flaw)


def _names(header: list[str]) -> tuple[str, ...]:
    names = distinct(header)
    if len(names) > MOST_COLUMNS:
        raise NotATable(
            f"The table has {len(names):,} columns; this page takes up to {MOST_COLUMNS}. "
            "Export only those that matter, or write the mapping by hand (docs/new-system.md)."
        )
    if any(len(name) > _LONGEST_NAME for name in names):
        raise NotATable(f"The first line is no header: a name in it is longer than {_LONGEST_NAME} characters.")
    return tuple(names)


def _ragged(line: int, width: int, wanted: int, rows: int) -> str:
    if not rows and width > wanted:
        return (
            f"Line {line} has {width} columns, the line above it {wanted}: that is a title and no header. "
            "Delete the lines above the names of the columns."
        )
    return (
        f"Line {line} has {width} columns, the header has {wanted}. "
        "Correct that line (a total at the end? a delimiter within a text?)."
    )
