"""Who looked at what and did what: lines of JSON, each holding the hash of the one before, so that none can be changed
or taken away unseen. Shared by the processes of one machine."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

FILE: Final = "audit.jsonl"
FIRST: Final = "0" * 64
_TAIL_BYTES: Final = 1 << 16


class Break(NamedTuple):
    """The first line that does not follow from those before it (counted from 1), and what is wrong with it."""

    line: int
    problem: str


class AuditLog:
    """Appends to the chain. Raises OSError when it can't: then what should be noted must not happen."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, who: str, did: str, what: str = "", **more: Any) -> None:
        """Append one line; returns once it is on the disk."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            entry = {"at": time.time_ns() // 1000, "who": who, "did": did, "what": what, **more, "after": _last(file)}
            file.seek(0, os.SEEK_END)
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every line that can be read, the oldest first."""
        if self._file.exists():
            with self._file.open("rb") as file:
                yield from (json.loads(line) for line in _whole_lines(file))


def verify(file: Path) -> tuple[int, str, Break | None]:
    """Lines that hold, the hash of the last of them, and where the chain breaks (None: nowhere).

    Lines cut off at the end leave a chain that holds: compare the last hash with one kept elsewhere. So does a line
    that was never written to its end: nothing was done because of it.
    """
    after, lines = FIRST, 0
    with file.open("rb") as opened:
        for number, line in enumerate(_whole_lines(opened), 1):
            try:
                entry = json.loads(line)
                told = entry.pop("hash")
                said = entry["after"]
            except (ValueError, KeyError, TypeError, AttributeError):
                return lines, after, Break(number, "it is no line of the log")
            if said != after:
                return lines, after, Break(number, "the line before it was changed, put in or taken away")
            if told != _hash(entry):
                return lines, after, Break(number, "it was changed")
            after, lines = told, number
    return lines, after, None


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    return (line for line in file if line.endswith(b"\n"))


def _last(file: BinaryIO) -> str:
    """The hash of the last line; what a writer that died or found the disk full left after it is cut off."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _TAIL_BYTES))
    lines, end, torn = file.read().rpartition(b"\n")
    if torn and not end and start:
        raise ValueError("the last line is longer than any that is written here")
    if torn:
        file.truncate(size - len(torn))
    return str(json.loads(lines.rpartition(b"\n")[2])["hash"]) if end else FIRST


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps({**entry, "hash": _hash(entry)}, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _hash(entry: dict[str, Any]) -> str:
    return sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
