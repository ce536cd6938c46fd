"""The one door to log files: which dialect a file speaks, and a reader for it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

import msgspec

from metrics.words import DeadLetter, Event
from streams.intake.csv_log import CsvLog
from streams.intake.event_rows import RowPlace
from streams.intake.json_lines import JsonLinesLog
from streams.intake.ocel_json import OcelLog
from streams.intake.options import IntakeError, LogOptions, content_hash, log_namespace
from streams.intake.text_files import head
from streams.intake.xes_log import XesLog

_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xes", ".json", ".jsonocel", ".jsonl", ".ndjson")
_TABLES: Final = (".csv", ".tsv", ".txt")
_LINES: Final = (".jsonl", ".ndjson")
_BINARY: Final = {b"PAR1": "Parquet", b"PK\x03\x04": "a ZIP archive or a spreadsheet", b"SQLi": "SQLite"}


class Reader(Protocol):
    """A log file: iterate for its events and dead letters in file order. Memory does not grow with the rows."""

    def __iter__(self) -> Iterator[Event | DeadLetter]: ...


def log_files(paths: Iterable[Path]) -> list[Path]:
    """The files of a mixture of files and directories; a directory gives its logs by name."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(item for item in path.iterdir() if item.is_file() and _suffix(item) in _SUFFIXES)
            if not found:
                raise IntakeError(f"{path} holds no log: looked for {', '.join(_SUFFIXES)}, also packed as .gz")
            files.extend(found)
        elif path.is_file():
            files.append(path)
        else:
            raise IntakeError(f"there is no file {path}")
    return files


def open_log(path: Path, options: LogOptions, content: str | None = None) -> Reader:
    """A reader for one file. `content`: its `content_hash`, when it is already known.

    Raises IntakeError, with a sentence that says what to do, for what concerns the whole file; a bad
    row is a dead letter while reading.
    """
    content = content or content_hash(path)
    case_type = options.case_type or log_namespace([content], options)
    place = RowPlace(content, path.name, case_type, options.feed)
    start = head(path)
    for mark, name in _BINARY.items():
        if start.startswith(mark):
            raise IntakeError(f"{path.name} is {name}; logs are CSV, XES, OCEL 2.0 JSON or JSON lines")
    suffix = _suffix(path)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix == ".xes" or (suffix not in _TABLES and text.startswith(b"<")):
        return XesLog(path, options, place)
    if suffix in _LINES or (suffix not in _TABLES and _is_lines(text)):
        return JsonLinesLog(path, options, place)
    if suffix in _TABLES or not text.startswith(b"{"):
        return CsvLog(path, options, place)
    return OcelLog(path, options, place, own_types=options.case_type is not None and not _is_namespace(options))


def _is_namespace(options: LogOptions) -> bool:
    return options.case_type is not None and options.case_type.startswith("log.")


def _suffix(path: Path) -> str:
    return Path(path.name.lower().removesuffix(".gz")).suffix


def _is_lines(text: bytes) -> bool:
    """The first line is a JSON object of its own, and not a whole OCEL log in one line."""
    line = text.split(b"\n", 1)[0].strip()
    try:
        content = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(content, dict) and "objectTypes" not in content and "events" not in content
