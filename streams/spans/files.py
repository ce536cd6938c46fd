"""Span files → records for the spans topic: OTLP JSON lines, and tables of spans as CSV; .gz of both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from metrics.words import DeadLetter
from streams.intake.options import IntakeError, content_hash
from streams.spans.csv_spans import read_csv_spans
from streams.spans.json_lines import read_json_lines
from streams.spans.packing import SpanMessage

_JSON: Final = (".jsonl", ".ndjson", ".json")


def read_span_file(path: Path) -> Iterator[SpanMessage | DeadLetter]:
    """Records for the spans topic in file order, with dead letters where they occurred.

    The origin is ``file:`` and 16 hex digits of the content's hash, so the same file read again gives the
    same origins and positions. Raises IntakeError: unknown kind of file, can't be opened, unknown columns.
    """
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith((*_JSON, ".csv")):
        raise IntakeError(f"{path.name}: span files end in .jsonl, .ndjson, .json or .csv (and .gz)")
    try:
        origin = f"file:{content_hash(path)[:16]}"
    except OSError as error:
        raise IntakeError(f"cannot open {path}: {error.strerror or error}") from None
    return read_json_lines(path, origin) if name.endswith(_JSON) else read_csv_spans(path, origin)
