"""Reads the texts of a PDF back: what stands in its content stream, by the maps from glyphs to signs that it brings."""

import re
import zlib
from typing import NamedTuple

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_TEXT = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)


class Paper(NamedTuple):
    """How many pages there are, the size of the first in points, and the texts in the order in which they are drawn."""

    pages: int
    size: tuple[float, float]
    texts: list[str]


def read_paper(pdf: bytes) -> Paper:
    """The texts of a file by fpdf2 with embedded fonts."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b(?!s)", body)]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    fonts = {
        name: _signs(_stream(objects[int(map_)]))
        for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", pdf)
        for map_ in re.findall(rb"/ToUnicode (\d+) 0 R", objects[int(font)])
    }
    contents = [_stream(objects[int(one)]) for page in pages for one in re.findall(rb"/Contents (\d+) 0 R", page)]
    texts, font = [], b""
    for chosen, drawn in _TEXT.findall(b"\n".join(contents)):
        font = chosen or font
        if not chosen:
            raw = re.sub(rb"\\([()\\rn])", lambda found: {b"r": b"\r", b"n": b"\n"}.get(found[1], found[1]), drawn)
            texts.append("".join(fonts[font][int.from_bytes(raw[at : at + 2])] for at in range(0, len(raw), 2)))
    return Paper(len(pages), (float(box[1]), float(box[2])), texts)


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _signs(mapping: bytes) -> dict[int, str]:
    return {int(glyph, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for glyph, sign in _PAIR.findall(mapping)}
