"""Secrets in the columns of flat files: masked where the layout says that they stand, and wherever it cannot tell."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from streams.sources.flat_input import FlatFormat, Layout
from streams.sources.redaction import ALWAYS, MASK, Redactor

_MASK: Final = MASK.decode()


def row_redactor(names: Sequence[str], form: FlatFormat) -> Redactor:
    """Masks the columns of these names. A line that is not as its layout says is masked as a whole."""
    secret = frozenset((*ALWAYS, *names))
    if not form.header_row and not any(secret.intersection(layout.names) for layout in form.layouts):
        return lambda body: body

    def redact(body: bytes) -> bytes:
        text, encoding = _text(body, form.encoding)
        mark = text[:1] if text.startswith("\ufeff") else ""
        lines = (_fixed if form.fixed else _delimited)(text[len(mark) :], form, secret)
        return (mark + "".join(lines)).encode(encoding, "surrogateescape")

    return redact


def _text(body: bytes, encoding: str) -> tuple[str, str]:
    """The text and the encoding that brings it back; bytes that do not fit the declared one are kept."""
    try:
        text = body.decode(encoding, "surrogateescape")
        text.encode(encoding, "surrogateescape")
    except UnicodeError:
        return body.decode("latin-1"), "latin-1"
    return text, encoding


def _layout(start: str, form: FlatFormat) -> Layout | None:
    return next((layout for layout in form.layouts if start.startswith(layout.starts)), None)


def _fixed(text: str, form: FlatFormat, secret: frozenset[str]) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        bare = line.rstrip("\r")
        end = line[len(bare) :]
        layout = _layout(bare, form)
        if layout is None or not layout.fits(len(bare)):
            bare = _MASK if bare.strip() else bare
        else:
            for name, place in zip(layout.names, layout.slices, strict=True):
                if name in secret:
                    bare = bare[: place.start] + "*" * len(bare[place]) + bare[place.stop :]
        yield ("\n" if number else "") + bare + end


def _delimited(text: str, form: FlatFormat, secret: frozenset[str]) -> Iterator[str]:
    head: tuple[str, ...] = ()
    for cells, end in _rows(text, form):
        bare = [cell.strip().strip(form.quote or None).strip() for cell in cells]
        if not any(bare):
            yield form.delimiter.join(cells) + end
            continue
        if form.header_row and not head:
            head = tuple(bare)
            yield form.delimiter.join(cells) + end
            continue
        layout = None if form.header_row else _layout(bare[0], form)
        names = head if form.header_row else layout.names if layout else ()
        if len(names) != len(cells):
            yield _MASK + end
            continue
        masked = (_MASK if name in secret else cell for name, cell in zip(names, cells, strict=True))
        yield form.delimiter.join(masked) + end


def _rows(text: str, form: FlatFormat) -> Iterator[tuple[list[str], str]]:
    """The cells of each row as they are written, quotes included, and what ends it: empty lines belong to the end."""
    sign, quote = re.escape(form.delimiter), re.escape(form.quote)
    quoted = rf"{quote}(?:[^{quote}]|{quote}{quote})*+(?:{quote}|\Z)" if quote else r"(?!)"
    cell = re.compile(rf"((?:{quoted})?[^{sign}\r\n]*+)({sign}|[\r\n]+|\Z)")
    cells: list[str] = []
    for match in cell.finditer(text):
        cells.append(match[1])
        if match[2] != form.delimiter:
            yield cells, match[2]
            cells = []
