"""How many messages a second a sender may send."""

from collections.abc import Callable

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """`per_second` on average, `burst` at once."""

    per_second: float
    burst: float


class Bucket:
    """A token bucket. A batch may take it below zero: the next request then waits the longer."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        """`clock`: seconds that only grow."""
        self._rate = rate
        self._clock = clock
        self._left = rate.burst
        self._seen = clock()

    def wait(self) -> float:
        """Seconds until one more message may come; 0: now."""
        now = self._clock()
        self._left = min(self._rate.burst, self._left + (now - self._seen) * self._rate.per_second)
        self._seen = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate.per_second

    def take(self, messages: int) -> None:
        """Count messages that came."""
        self._left -= messages
