"""Log files as text, whatever their packing, character set and line ends."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from metrics.texts.delimited import encoding_by_start
from streams.intake.options import IntakeError

_BLOCK: Final = 1 << 20
_HEAD: Final = 4096
BROKEN_PACKING: Final = (EOFError, gzip.BadGzipFile, zlib.error)
"""What a damaged .gz raises in the middle of reading."""


def open_bytes(path: Path) -> io.BufferedReader:
    """The file's content, unpacked when it starts as gzip does."""
    try:
        if is_packed(path):
            return io.BufferedReader(gzip.open(path, "rb"), _BLOCK)
        return path.open("rb")
    except OSError as error:
        raise IntakeError(f"cannot open {path}: {error.strerror or error}") from None


def is_packed(path: Path) -> bool:
    """Whether it is gzip by its first bytes, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def head(path: Path) -> bytes:
    """The first bytes of the content; fewer when the packing is damaged."""
    with open_bytes(path) as file:
        try:
            return file.read(_HEAD)
        except BROKEN_PACKING:
            return b""


def encoding_of(path: Path, declared: str | None) -> str:
    """The character set: declared, by the byte order mark, UTF-8 when all of it is, else Latin-1."""
    if declared is not None:
        try:
            return codecs.lookup(declared).name
        except LookupError:
            raise IntakeError(f"unknown encoding {declared!r}: use a name such as utf-8 or cp1252") from None
    return encoding_by_start(head(path)) or ("utf-8" if _is_utf8(path) else "latin-1")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open_bytes(path) as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except BROKEN_PACKING:
        return True
    return True


def open_text(path: Path, encoding: str) -> IO[str]:
    """Lines end at LF, CR LF or a bare CR, and keep their ends: a quoted cell may hold some."""
    errors = "strict" if encoding.startswith("latin") else "replace"
    return io.TextIOWrapper(open_bytes(path), encoding=encoding, errors=errors, newline="")


class Lines:
    """The lines of a text, remembering those since the last `taken`: what a bad row looked like."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._since: list[str] = []

    def __iter__(self) -> Iterator[str]:
        remember = self._since.append
        for line in self._text:
            remember(line)
            yield line

    def taken(self) -> None:
        """Forget: the row is read."""
        self._since.clear()

    def since(self) -> bytes:
        """The lines of the row that is being read, as UTF-8."""
        return "".join(self._since).encode("utf-8", "replace")
