"""Keeps programs running: starts them in order, restarts what dies, gives up when one keeps dying.

Pauses between restarts grow 1, 2, 4 … 30 seconds. Five deaths of one program within two minutes end
everything with exit code 1 and the last lines of its log. One that ends because the broker is away has not died
of itself: it is started again for as long as that takes.
"""

from collections import deque
from collections.abc import Callable, Container, Sequence
from time import monotonic

import structlog

from metrics.cli import AWAY
from streams.runtime.child import Child, NotStarted

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
AWAY_PAUSE = 5.0
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
    """A child with what decides about its next restart."""

    def __init__(self, child: Child, clock: Callable[[], float]) -> None:
        self.child = child
        self._clock = clock
        self._wanted = self._started = False
        self._deaths: deque[float] = deque()
        self._restart_at: float | None = None
        self._unhealthy_since: float | None = None

    @property
    def is_up(self) -> bool:
        """Whether it has started and was well at the last look."""
        return self._started and self._unhealthy_since is None

    def launch(self) -> None:
        """Start it, and return at once."""
        self._wanted, self._started = True, False
        self._restart_at = self._unhealthy_since = None
        self.child.launch()

    def stop(self) -> None:
        """Stop it on purpose: not a death."""
        self._wanted = self._started = False
        self.child.stop()

    def look(self) -> None:
        """Note what became of it since the last look; launch it again when that is due."""
        if not self._wanted:
            return
        now = self._clock()
        if self._restart_at is not None:
            if now >= self._restart_at:
                self.launch()
        elif not self._started:
            self._look_at_its_start(now)
        elif not self.child.is_alive or self._sick(now):
            self._died(now)

    def _look_at_its_start(self, now: float) -> None:
        """If it is never healthy, that counts as a death."""
        try:
            self._started = self.child.has_started()
        except NotStarted as error:
            log.warning("a program did not start", program=self.child.spec.name, error=str(error))
            self.child.stop()
            self._died(now)

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
        self._started = False
        name, code = self.child.spec.name, self.child.exit_code
        if code == AWAY:
            self._restart_at = now + AWAY_PAUSE
            log.warning("a program waits for the broker; starting it again later", program=name, pause=AWAY_PAUSE)
            return
        self._deaths.append(now)
        while self._deaths[0] < now - WITHIN_SECONDS:
            self._deaths.popleft()
        if len(self._deaths) >= DEATHS_ALLOWED:
            raise KeepsDying(self.child)
        pause = min(FIRST_PAUSE * 2 ** (len(self._deaths) - 1), LONGEST_PAUSE)
        self._restart_at = now + pause
        log.warning("a program died; restarting it", program=name, exit_code=code, pause=pause)


class Supervisor:
    """Runs children until told to stop."""

    def __init__(
        self, children: Sequence[Child], wait: Callable[[float], None], clock: Callable[[], float] = monotonic
    ) -> None:
        self._watched = [Watched(child, clock) for child in children]
        self._wait = wait

    @property
    def all_up(self) -> bool:
        """Whether every program has started and is well."""
        return all(watched.is_up for watched in self._watched)

    def start(self) -> None:
        """Launch all, each stage once those before are up; returns with the last launched, for `watch` to look after.

        A program that does not start is tried again like one that died. Raises KeepsDying.
        """
        self._start(self._watched)

    def start_some(self, names: Container[str]) -> None:
        """Start some that were stopped by `stop_some`, as all were started."""
        self._start([watched for watched in self._watched if watched.child.spec.name in names])

    def stop_some(self, names: Container[str]) -> None:
        """Stop some, last started first, until `start_some`."""
        for watched in reversed(self._watched):
            if watched.child.spec.name in names:
                watched.stop()

    def watch(self, each_round: Callable[[], None] = lambda: None) -> None:
        """Look after the children until `wait` raises Stopping or one keeps dying."""
        while True:
            self._look()
            each_round()

    def stop(self) -> None:
        """Stop all, last started first."""
        for watched in reversed(self._watched):
            watched.stop()

    def _start(self, chosen: Sequence[Watched]) -> None:
        stages = sorted({watched.child.spec.stage for watched in chosen})
        for stage in stages:
            programs = [watched for watched in chosen if watched.child.spec.stage == stage]
            for watched in programs:
                watched.launch()
            while stage != stages[-1] and not all(watched.is_up for watched in programs):
                self._look()

    def _look(self) -> None:
        self._wait(LOOK_SECONDS)
        for watched in self._watched:
            watched.look()
