"""Rounds of completeness beside alerting: in a thread of the one program that owns it, never in the way of an alert."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final, Protocol

import structlog

from metrics.store.errors import StoreError

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
SHORTEST_SECONDS: Final = 10.0
PATIENCE: Final = 10
"""A round waits ten times as long as the last one took: judging never takes more than a tenth of the store's time."""


class Owner(Protocol):
    """Whose turn it is; `metrics.alerts.ownership.Ownership` in production."""

    @property
    def epoch(self) -> int: ...

    def proves(self) -> bool: ...


class Round(Protocol):
    """One judge."""

    def run(self, now: int) -> int: ...


class Beside:
    """Judges while its program is the owner. `fresh` makes a judge that begins with what the store holds."""

    def __init__(self, owner: Owner, fresh: Callable[[], Round], clock: Callable[[], int]) -> None:
        self._owner = owner
        self._fresh = fresh
        self._clock = clock
        self._epoch = 0
        self._judge: Round | None = None
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="completeness", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Begin no round any more, and wait for the one under way."""
        self._told.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def look(self) -> int | None:
        """One round, if it is this program's turn; returns the rows written. A round that fails is made again."""
        try:
            if not self._owner.epoch or not self._owner.proves():
                return None
            if self._judge is None or self._epoch != self._owner.epoch:
                self._epoch, self._judge = self._owner.epoch, self._fresh()
            return self._judge.run(self._clock())
        except StoreError as problem:
            log.warning("completeness could not be judged; it is tried again", problem=str(problem)[:2000])
        except Exception:  # a fault of ours in one round must not end all of them: feeds would look complete for ever
            log.exception("completeness could not be judged; it is tried again")
        self._judge = None  # what was written is not known
        return None

    def _run(self) -> None:
        due = 0.0
        while not self._told.wait(LOOK_SECONDS):
            if monotonic() >= due:
                begun = monotonic()
                self.look()
                due = monotonic() + max(SHORTEST_SECONDS, PATIENCE * (monotonic() - begun))
