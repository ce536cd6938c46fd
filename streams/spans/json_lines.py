"""OTLP JSON lines, as the Collector's file exporter writes them: one TracesData a line.

Lines are taken apart and packed anew by trace. Spans stay as they are written: what is wrong with one is
found, and becomes a dead letter, behind the broker.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from metrics.words import DeadLetter
from streams.codecs.reasons import BROKEN_FILE, Unreadable
from streams.intake.text_files import BROKEN_PACKING, open_bytes
from streams.spans.csv_spans import dead_letter
from streams.spans.json_dialect import split_json
from streams.spans.packing import Packer, SpanMessage, json_message
from streams.spans.reading import hex_id

_BOM: Final = b"\xef\xbb\xbf"
_NO_TRACE: Final = "0" * 32


class _Id(msgspec.Struct, rename="camel"):
    trace_id: str = ""


_decode_id: Final = msgspec.json.Decoder(_Id).decode


def read_json_lines(path: Path, origin: str) -> Iterator[SpanMessage | DeadLetter]:
    """Records for the spans topic, and dead letters.

    A position is the span's running number in the file; a line that can't be read takes one number.
    Raises IntakeError when the file can't be opened.
    """
    packer = Packer(origin, json_message)
    position = 0
    try:
        for line in _documents(path):
            try:
                parts = split_json(line)
            except Unreadable as verdict:
                yield dead_letter(origin, position, verdict.reason, verdict.detail, line)
                position += 1
                continue
            for part in parts:
                for span in part.spans:
                    yield from packer.add(_trace_of(span), part.resource, span, position)
                    position += 1
    except BROKEN_PACKING as error:
        yield dead_letter(origin, position, BROKEN_FILE, str(error), b"")
    yield from packer.rest()


def _documents(path: Path) -> Iterator[bytes]:
    """The lines that hold something; all of a file whose first line is a lone bracket is one."""
    with open_bytes(path) as file:
        first = file.readline().removeprefix(_BOM).strip()
        if first in (b"{", b"["):
            yield first + file.read()
            return
        if first:
            yield first
        for line in file:
            stripped = line.strip()
            if stripped:
                yield stripped


def _trace_of(span: bytes) -> str:
    """The span's trace id, or zeros: a span without a readable one goes on too, to be refused with its reason."""
    try:
        return hex_id(_decode_id(span).trace_id, 32) or _NO_TRACE
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _NO_TRACE
