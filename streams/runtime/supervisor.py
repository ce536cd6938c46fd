"""Keeps programs running: starts them in order, restarts what dies, gives up when one keeps dying.

Pauses between restarts grow 1, 2, 4 … 30 seconds. Five deaths of one program within two minutes end
everything with exit code 1 and the last lines of its log.
"""

from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

import structlog

from streams.runtime.child import Child, NotStarted

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
DEATHS_ALLOWED, WITHIN_SECONDS = 5, 120.0
UNHEALTHY_SECONDS = 60.0
LOOK_SECONDS = 0.25


class Stopping(Exception):
    """The supervisor was told to stop."""


class KeepsDying(Exception):
    """A program died too often; `child` says which."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"{child.spec.name} died {DEATHS_ALLOWED} times within {WITHIN_SECONDS:.0f} s")
        self.child = child


class Watched:
    """A child with the history that decides about its next restart."""

    def __init__(self, child: Child, clock: Callable[[], float]) -> None:
        self.child = child
        self._clock = clock
        self._deaths: deque[float] = deque()
        self._restart_at: float | None = None
        self._unhealthy_since: float | None = None

    def look(self) -> bool:
        """Note whether it died; returns whether its restart is due."""
        now = self._clock()
        if self._restart_at is not None:
            return now >= self._restart_at
        if self.child.is_alive and not self._sick(now):
            return False
        self._died(now)
        return False

    def _sick(self, now: float) -> bool:
        if self.child.spec.healthy():
            self._unhealthy_since = None
            return False
        self._unhealthy_since = self._unhealthy_since or now
        if now - self._unhealthy_since < UNHEALTHY_SECONDS:
            return False
        log.warning("not healthy for too long; stopping it", program=self.child.spec.name)
        self.child.stop()
        return True

    def _died(self, now: float) -> None:
        self._unhealthy_since = None
        self._deaths.append(now)
        while self._deaths[0] < now - WITHIN_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) >= DEATHS_ALLOWED:
            raise KeepsDying(self.child)
        pause = min(FIRST_PAUSE * 2 ** (len(self._deaths) - 1), LONGEST_PAUSE)
        self._restart_at = now + pause
        name, code = self.child.spec.name, self.child.exit_code
        log.warning("a program died; restarting it", program=name, exit_code=code, pause=pause)

    def restart(self, wait: Callable[[float], None]) -> None:
        self._restart_at = None
        self.child.launch()
        self.settle(wait)

    def settle(self, wait: Callable[[float], None]) -> None:
        """Wait until what was launched is healthy; if it never is, that counts as a death."""
        try:
            self.child.await_health(wait)
        except NotStarted as error:
            log.warning("a program did not start", program=self.child.spec.name, error=str(error))
            self.child.stop()
            self._died(self._clock())


class Supervisor:
    """Runs children until told to stop."""

    def __init__(
        self, children: Sequence[Child], wait: Callable[[float], None], clock: Callable[[], float] = monotonic
    ) -> None:
        self._watched = [Watched(child, clock) for child in children]
        self._wait = wait

    def start(self) -> None:
        """Start all, stage by stage; a program that does not start is tried again like one that died."""
        for stage in sorted({watched.child.spec.stage for watched in self._watched}):
            programs = [watched for watched in self._watched if watched.child.spec.stage == stage]
            for watched in programs:
                watched.child.launch()
            for watched in programs:
                watched.settle(self._wait)
                while not watched.child.is_alive:
                    self._wait(LOOK_SECONDS)
                    if watched.look():
                        watched.restart(self._wait)

    def watch(self, each_round: Callable[[], None] = lambda: None) -> None:
        """Look after the children until `wait` raises Stopping or one keeps dying."""
        while True:
            self._wait(LOOK_SECONDS)
            for watched in self._watched:
                if watched.look():
                    watched.restart(self._wait)
            each_round()

    def stop(self) -> None:
        """Stop all, last started first."""
        for watched in reversed(self._watched):
            watched.child.stop()
