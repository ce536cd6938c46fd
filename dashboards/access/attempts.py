"""How often a wrong password may be tried: a few times at once, then ever more seldom."""

import threading
from collections.abc import Callable
from typing import Final

FREE: Final = 5
FREE_OF_ADDRESS: Final = 50
"""Many people may come from one address: all those behind a proxy do."""
LONGEST_WAIT: Final = 300.0
FORGET: Final = 3600.0
MOST_NAMES: Final = 10_000

Key = tuple[str, str]
"""What is counted (`name` or `address`), and which."""


class Attempts:
    """Failed attempts by name and by address. `clock` gives seconds that only rise.

    An hour after the last of them all are forgotten.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: dict[Key, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, *keys: Key) -> float:
        """Seconds until the next attempt is looked at; 0: now."""
        with self._lock:
            return max((self._wait(key) for key in keys), default=0.0)

    def failed(self, *keys: Key) -> None:
        with self._lock:
            if len(self._failed) > MOST_NAMES:
                self._failed.clear()
            for key in keys:
                self._failed[key] = self._known(key)[0] + 1, self._clock()

    def succeeded(self, key: Key) -> None:
        with self._lock:
            self._failed.pop(key, None)

    def _wait(self, key: Key) -> float:
        times, last = self._known(key)
        beyond = times - (FREE_OF_ADDRESS if key[0] == "address" else FREE)
        if beyond < 0:
            return 0.0
        return max(0.0, last + min(LONGEST_WAIT, 2.0 ** min(beyond + 1, 9)) - self._clock())

    def _known(self, key: Key) -> tuple[int, float]:
        times, last = self._failed.get(key, (0, 0.0))
        return (times, last) if self._clock() - last < FORGET else (0, 0.0)
