"""Sessions that were signed off before their time: an empty file for each, named by a hash of its token.

Shared by the server processes of one machine. What is older than any session can be is taken away.
"""

import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = "ended"
LONGEST_SECONDS: Final = 8 * 3600


class Ended:
    """The sessions of a folder that must not be known again. `clock` gives seconds since 1970."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock

    def add(self, token: str) -> None:
        """Remember it for as long as its cookie could be used. Raises OSError."""
        now = self._clock()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(token)
        file.touch(mode=0o600)
        os.utime(file, (now, now))
        for old in self._folder.iterdir():
            if now - _time_of(old, now) > LONGEST_SECONDS:
                old.unlink(missing_ok=True)

    def __contains__(self, token: str) -> bool:
        return self._file(token).exists()

    def _file(self, token: str) -> Path:
        return self._folder / sha256(token.encode()).hexdigest()


def _time_of(file: Path, now: float) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # another process was faster
        return now
