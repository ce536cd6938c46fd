"""How often a wrong password may be tried: a few times at once, then ever more seldom."""

import threading
from collections.abc import Callable
from typing import Final

FREE: Final = 5
LONGEST_WAIT: Final = 300.0
MOST_NAMES: Final = 10_000


class Attempts:
    """Failed attempts by whatever they are counted for (a name, an address). `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, *keys: str) -> float:
        """Seconds until the next attempt is looked at; 0: now."""
        with self._lock:
            return max((self._wait(key) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        with self._lock:
            if len(self._failed) > MOST_NAMES:
                self._failed.clear()
            for key in keys:
                self._failed[key] = self._failed.get(key, (0, 0.0))[0] + 1, self._clock()

    def succeeded(self, key: str) -> None:
        with self._lock:
            self._failed.pop(key, None)

    def _wait(self, key: str) -> float:
        times, last = self._failed.get(key, (0, 0.0))
        if times < FREE:
            return 0.0
        return max(0.0, last + min(LONGEST_WAIT, 2.0 ** (times - FREE + 1)) - self._clock())
