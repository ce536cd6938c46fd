"""Flat files: delimited or fixed-width lines, with a head, rows, and a trailer whose totals are checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from metrics.texts.delimited import named_cells, rows_of
from metrics.texts.money import Decimals, added
from metrics.texts.names import distinct
from streams.codecs.reasons import BAD_ROW, BROKEN_FILE, EMPTY_VALUE, Unreadable
from streams.sources.reasons import CONTROL_TOTALS, NO_HEAD, NO_TRAILER, WRONG_ENCODING

HEAD: Final = "head"
TRAILER: Final = "trailer"
LINE_KIND: Final = "line_kind"
_LONGEST_LINE: Final = 1 << 20
_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout of a line; `slices` for fixed width, else the names alone."""

    name: str
    starts: str
    names: tuple[str, ...]
    slices: tuple[slice, ...] = ()
    shortest: int = 0
    longest: int = 0
    """How many signs a line has; 0 for any number."""

    def fits(self, width: int) -> bool:
        """Whether a line of so many signs can be of this layout."""
        return self.longest == 0 or self.shortest <= width <= self.longest


@dataclass(frozen=True, slots=True)
class Control:
    """What the trailer says of the rows."""

    count: str
    sums: tuple[tuple[str, str], ...]
    decimals: Decimals
    head: bool = False


@dataclass(frozen=True, slots=True)
class FlatFormat:
    """How the lines are read."""

    fixed: bool
    encoding: str
    delimiter: str
    quote: str
    header_row: bool
    layouts: tuple[Layout, ...]
    control: Control | None


@dataclass(slots=True)
class FlatFile:
    """The rows with their line numbers (from 1), and the head and trailer."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    trailer: dict[str, str] = field(default_factory=dict)


def read_flat(body: bytes, form: FlatFormat) -> FlatFile:
    """Every row of a file; nothing of it when the trailer's totals are not those of the rows. Raises `Unreadable`."""
    try:
        text = body.decode("utf-8-sig" if form.encoding.lower().replace("_", "-") == "utf-8" else form.encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise Unreadable(WRONG_ENCODING, f"not {form.encoding}: {str(error)[:120]}") from None
    if "\0" in text:
        raise Unreadable(WRONG_ENCODING, "the text holds NUL characters")
    result = FlatFile()
    for number, cells in _lines(text, form):
        _take(number, cells, form, result)
    if not result.rows and not result.head and not result.trailer:
        raise Unreadable(EMPTY_VALUE, "the file has no lines")
    if form.control is not None:
        _check(result, form.control)
    return result


def _lines(text: str, form: FlatFormat) -> Iterator[tuple[int, Any]]:
    """(line number, cells) or (line number, line); blank lines are passed over."""
    if form.fixed:
        lines = text.split("\n")
        yield from ((number, line.rstrip("\r")) for number, line in enumerate(lines, 1) if line.strip())
        return
    yield from rows_of(text, form.delimiter, form.quote)


def _take(number: int, cells: Any, form: FlatFormat, result: FlatFile) -> None:
    if form.header_row and not result.head:
        result.head = {name: name for name in distinct(cells)}
        return
    if form.header_row:
        result.rows.append((number, named_cells(number, list(result.head), cells)))
        return
    layout = _layout(number, cells, form)
    row = _cut(number, cells, layout) if form.fixed else named_cells(number, layout.names, cells)
    if result.trailer:
        raise Unreadable(BROKEN_FILE, f"line {number} comes after the trailer")
    if layout.name == HEAD:
        result.head = row
    elif layout.name == TRAILER:
        result.trailer = row
    else:
        row[LINE_KIND] = layout.name
        result.rows.append((number, row))


def _layout(number: int, cells: Any, form: FlatFormat) -> Layout:
    first = cells if form.fixed else cells[0]
    for layout in form.layouts:
        if first.startswith(layout.starts):
            return layout
    raise Unreadable(BAD_ROW, f"line {number} begins like none of the layouts: {str(first)[:20]!r}")


def _cut(number: int, line: str, layout: Layout) -> dict[str, str]:
    if not layout.fits(len(line)):
        wanted = str(layout.longest) if layout.shortest == layout.longest else f"{layout.shortest} to {layout.longest}"
        raise Unreadable(BAD_ROW, f"line {number} has {len(line)} signs; one of the layout {layout.name} has {wanted}")
    return {name: line[place].strip() for name, place in zip(layout.names, layout.slices, strict=True)}


def _check(result: FlatFile, control: Control) -> None:
    if control.head and not result.head:
        raise Unreadable(NO_HEAD, f"{len(result.rows)} rows and no line of the layout head before them")
    if not result.trailer:
        raise Unreadable(NO_TRAILER, f"{len(result.rows)} rows and no trailer")
    if control.count:
        said = result.trailer.get(control.count, "")
        if not _COUNT.fullmatch(said) or int(said) != len(result.rows):
            raise Unreadable(CONTROL_TOTALS, f"the trailer says {said!r} rows, the file has {len(result.rows)}")
    for column, total in control.sums:
        try:
            said_sum = Decimal(control.decimals(result.trailer.get(total, "")))
            found = added(control.decimals(row[column]) for _, row in result.rows if row.get(column))
        except Unreadable as error:
            raise Unreadable(CONTROL_TOTALS, f"the total of {column}: {error.detail}") from None
        if said_sum != found:
            raise Unreadable(CONTROL_TOTALS, f"the trailer says {said_sum} for {column}, the rows have {found}")
