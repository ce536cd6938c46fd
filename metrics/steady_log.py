"""A log that never ends its program: what a full disk does not take is counted and left out.

A running program's words go to a file, most often on the disk that its data fills. `print` raises there, and a log
line would end a worker that is about to hold on. Commands whose output is their result keep the plain streams: a cut
export must fail.
"""

import errno
import io
import os
import sys
import threading
from contextlib import suppress

import structlog

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def is_disk_full(error: OSError) -> bool:
    """Whether writing failed for want of space, so that it may work later."""
    return error.errno in DISK_FULL


class SteadyStream(io.TextIOBase):
    """Text into a descriptor, by whole lines. Lines that find no space are dropped, and their number is said later."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._begun = ""
        self._lock = threading.RLock()  # a signal handler may log while its own thread does
        self._torn = False
        self.dropped = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there
        return "utf-8"

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            whole, end, self._begun = (self._begun + text).rpartition("\n")
            if end:
                self._put(whole + end)
        return len(text)

    def flush(self) -> None:
        """Write the line that is begun."""
        with self._lock:
            begun, self._begun = self._begun, ""
            if begun:
                self._put(begun)

    def _put(self, text: str) -> None:
        note = f"{self.dropped} lines are missing here: the disk was full\n" if self.dropped else ""
        data = (("\n" if self._torn else "") + note + text).encode("utf-8", "replace")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
                self._torn = bool(data)
            self.dropped = 0
        except OSError as error:
            if not is_disk_full(error):
                raise
            self.dropped += max(text.count("\n"), 1)


def keep_writing() -> None:
    """From now on this program's words, its log's included, are lost rather than fatal where the disk is full."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, SteadyStream) and not stream.isatty():
            with suppress(OSError):
                stream.flush()
            setattr(sys, name, SteadyStream(stream.fileno()))
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stdout))
