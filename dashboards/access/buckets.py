"""How often somebody may ask: one number a caller, in memory that all server processes share.

The rule is GCRA (ITU-T I.371): a caller may ask `limit` times at once, and from then on evenly, `limit` times a minute.
All that it remembers is the time at which the caller will have used up nothing; a time that has passed is a free place.
"""

import fcntl
import mmap
import secrets
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Final

MINUTE: Final = 60.0
PLACES: Final = 4096
LOOKED_AT: Final = 8
"""Places that may be a caller's; where all of them are taken, the caller nearest to nothing used loses its own."""
_PLACE: Final = struct.Struct("<Qd")


class Buckets:
    """Callers and what they have used. Made before the server forks, it is shared by its processes.

    `clock`: seconds that only rise, the same in all processes of the machine.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, places: int = PLACES) -> None:
        self._clock = clock
        self._places = places
        self._key = secrets.token_bytes(16)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - empty, for its lock; it lives as long as the buckets
        self._memory = mmap.mmap(-1, places * _PLACE.size)  # shared with all that are forked from here
        self._threads = threading.Lock()

    def take(self, caller: str, limit: int) -> float:
        """0 where `caller` may ask now, which is counted; else the seconds until it may."""
        name = self._name(caller)
        with self._alone():
            now = self._clock()
            place, used_until = self._place(name, now)
            until = max(used_until, now)
            wait = until - now - (MINUTE - MINUTE / limit)
            if wait > 1e-9:
                return wait
            _PLACE.pack_into(self._memory, place * _PLACE.size, name, until + MINUTE / limit)
            return 0.0

    def _name(self, caller: str) -> int:
        """A number nobody outside can aim at, never 0."""
        digest = blake2b(caller.encode("utf-8", "replace"), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "little") | 1

    def _place(self, name: int, now: float) -> tuple[int, float]:
        """Where the caller's time stands, or may stand, and the time."""
        free: tuple[float, int] | None = None
        for step in range(min(LOOKED_AT, self._places)):
            place = (name // 2 + step) % self._places
            owner, until = _PLACE.unpack_from(self._memory, place * _PLACE.size)
            if owner == name:
                return place, until
            if free is None or until < free[0]:
                free = until, place
        assert free is not None
        return free[1], now

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread of one process at a time; the system frees what a process held that was killed."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
