"""A run from its first event to the wall clock: history as fast as it goes, then live."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice
from time import monotonic
from typing import Protocol

import structlog

from metrics.steady_log import is_disk_full
from metrics.words import MINUTE
from streams.simulator.journal import Progress, StateFile, TruthFile, plan_record
from streams.simulator.plan import SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.sinks import Sink
from streams.simulator.stage import Called, Output
from streams.simulator.tracing import SpanBatch

log = structlog.get_logger(__name__)

_CHUNK = 1_000
_TICK = 0.5
_CAUGHT_UP = 10 * MINUTE
_STATE_SECONDS = 2.0


Rest = Callable[[asyncio.Event, float], Awaitable[None]]


class Watcher(Protocol):
    """Is told how far a run is."""

    def progress(self, phase: str, done: float, events: int, spans: int) -> None:
        """`phase` is history, catching up, being mapped or live; `done` is the share of the phase, 0 to 1."""
        ...


async def sleep(stop: asyncio.Event, seconds: float) -> None:
    """Sleep, but wake at once when stopped."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


class Run:
    """Drives one simulation into a sink; keeps its progress in `state` (None: nowhere). `clock`: microseconds UTC."""

    def __init__(
        self,
        plan: SimulationPlan,
        sink: Sink,
        state: StateFile | None,
        truth: TruthFile,
        progress: Progress,
        clock: Callable[[], int],
        watcher: Watcher,
        rest: Rest = sleep,
        called: Called = str,
    ) -> None:
        self._plan = plan
        self._sink = sink
        self._state = state
        self._truth = truth
        self._progress = progress
        self._clock = clock
        self._watcher = watcher
        self._rest = rest
        self._skip = progress.sent
        self._saved = monotonic()
        self._events = 0
        self._spans = 0
        truth(plan_record(plan))
        self._simulation = Simulation(plan, truth, called)

    async def history(self, stop: asyncio.Event) -> bool:
        """Send what history is not sent yet; False when stopped before its end."""
        self._watcher.progress("history", 0.0, 0, 0)
        if not self._progress.history_sent:
            await self._sink.mark("backfill")
        await self._send(self._simulation.history(), stop, "history")
        if stop.is_set():
            await self._save()
            return False
        for record in self._simulation.ledger.settle(self._plan.anchor):
            self._truth(record)
        self._truth.flush()
        await self._sink.settle()
        return True

    async def live(self, stop: asyncio.Event) -> None:
        """Catch up with the wall clock, then stay with it until stopped."""
        behind = self._clock() - max(self._plan.anchor, self._progress.heard)
        if behind > _CAUGHT_UP and self._progress.history_sent:
            await self._sink.mark("backfill")
        await self._send(self._simulation.live(self._clock()), stop, "catching up")
        self._watcher.progress("being mapped", 1.0, self._events, self._spans)
        if stop.is_set() or not await self._sink.through(stop):
            await self._save()
            return
        await self._sink.mark("live")
        self._progress.history_sent = True
        await self._save()
        while not stop.is_set():
            await self._send(self._simulation.live(self._clock()), stop, "live", self._plan.live_rate)
            await self._rest(stop, _TICK)
        await self._save()

    async def _send(
        self, outputs: Iterator[Output], stop: asyncio.Event, phase: str, rate: float | None = None
    ) -> None:
        """Send in chunks; with a `rate` (messages a second) no faster than that."""
        size = _CHUNK if rate is None else max(int(rate * _TICK), 1)
        while not stop.is_set():
            chunk = list(islice(outputs, size))
            if not chunk:
                break
            fresh = chunk[self._skip :] if self._skip else chunk
            self._skip = max(self._skip - len(chunk), 0)
            if fresh:
                await self._sink.send(fresh)
                self._count(fresh)
            self._watcher.progress(phase, self._done(phase), self._events, self._spans)
            if monotonic() - self._saved > _STATE_SECONDS:
                await self._save()
            if rate is not None and len(chunk) == size:
                await self._rest(stop, _TICK)

    def _count(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            self._progress.sent += 1
            if isinstance(output, SpanBatch):
                self._spans += output.spans
            else:
                self._events += 1

    def _done(self, phase: str) -> float:
        begin, end = (self._plan.start, self._plan.anchor) if phase == "history" else (self._plan.anchor, self._clock())
        return min((self._simulation.now - begin) / max(end - begin, 1), 1.0)

    async def _save(self) -> None:
        """Make everything sent safe, then remember it: a crash in between sends a little twice, never too little."""
        await self._sink.settle()
        self._progress.heard = self._clock()
        self._remember()
        self._truth.flush()
        self._saved = monotonic()

    def _remember(self) -> None:
        """Without room on the disk the note before stands: a crash would send more of it twice."""
        if self._state is None:
            return
        try:
            self._state.write(self._progress)
        except OSError as error:
            if not is_disk_full(error):
                raise
            log.warning("the disk is full; how far the simulation is could not be noted", error=str(error))
