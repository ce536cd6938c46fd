"""How a log file is to be read: which column says what, and in which zone and format its times are."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

_BLOCK: Final = 1 << 20


class IntakeError(ValueError):
    """The files cannot be read as asked; the message says what to do. Single bad rows never raise."""


class LogOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Reading options; what is None is guessed.

    ``case``, ``activity``, ``time``, ``start``: columns (CSV, JSON lines), attributes (XES); in OCEL ``case``
    is the object type that is the case. ``objects``: further columns that name objects, ``NAME`` or
    ``NAME=type``. ``zone``: of times without an offset. ``time_format``: ``iso``, ``dmy``, ``mdy``,
    ``epoch_s``, ``epoch_ms``, ``epoch_us``, ``epoch_ns``, or a strptime pattern. ``case_type``: the case
    object's type, else a namespace of the files' own. ``feed``: whose clock the events follow.
    """

    case: str | None = None
    activity: str | None = None
    time: str | None = None
    start: str | None = None
    objects: tuple[str, ...] = ()
    zone: str = "UTC"
    time_format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    case_type: str | None = None
    feed: str = ""

    def time_zone(self) -> tzinfo:
        """The declared zone, or an error that says what a zone looks like."""
        if self.zone.upper() in ("UTC", "Z"):
            return UTC
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise IntakeError(f"unknown zone {self.zone!r}: use a name such as Europe/Berlin or UTC") from None


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes as they lie there, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def log_namespace(hashes: Iterable[str], options: LogOptions) -> str:
    """The case object's type of logs without a definition: ``log.`` and 12 hex digits.

    From the files' content hashes (in any order) and what the options make of them, so that other
    logs, or the same log read otherwise, never mix; the same log read again is the same.
    """
    reading = msgspec.structs.replace(options, feed="", case_type=None)
    text = "\n".join([*sorted(hashes), msgspec.json.encode(reading).decode()])
    return "log." + hashlib.sha256(text.encode()).hexdigest()[:12]
