"""When the rounds of a worker have time: not while much is to be stored, nor right after it."""

from collections.abc import Callable
from time import monotonic
from typing import Final

MUCH_RECORDS: Final = 10_000
WAIT_SECONDS: Final = 60.0
"""So long rounds wait while much is still to be stored: each asks the whole store what is new, and it changes all the
time."""
AFTER_SECONDS: Final = 3.0
"""So long rounds wait after that: the last flushes of a backlog are small, and the store is still busy with the large
ones. Where rounds began at once, the store spent 49 to 56 us an event of a backlog, otherwise 17."""


class Restraint:
    """Remembers since when, and when last, much was seen."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self.start_over()

    def start_over(self) -> None:
        """Nothing was seen."""
        self._since: float | None = None
        self._last = 0.0

    def allows(self, records: int) -> bool:
        """Whether rounds may begin while `records` are still to be read or stored; to be asked again and again."""
        now = self._clock()
        if records > MUCH_RECORDS:
            self._last = now
            if self._since is None:
                self._since = now
        elif self._since is not None and now - self._last >= AFTER_SECONDS:
            self._since = None
        return self._since is None or now - self._since >= WAIT_SECONDS
