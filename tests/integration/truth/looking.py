"""Asking the store who is silent, as the rounds of completeness judge it while a history is played."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from metrics.completeness.forecast import SILENT
from metrics.completeness.reading import load_expectations
from metrics.completeness.rounds import Rounds
from metrics.completeness.rows import Standing
from metrics.completeness.telling import feed_standings
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.simulator.plan import SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.sinks import Sink
from streams.simulator.stage import Output
from tests.faults.stack import Stack
from tests.integration.truth.clocked_worker import Dial
from tests.integration.truth.listening import Listener

_CHUNK = 500


class Look(NamedTuple):
    """What the store says of each feed at an instant, and the newest event that each had sent by then."""

    at: int
    standings: Mapping[str, Standing]
    heard: Mapping[str, int]

    @property
    def told(self) -> set[str]:
        """The feeds that are said to be silent."""
        return {name for name, one in self.standings.items() if one.state == SILENT}


class Watch:
    """Stops a history where somebody wants to look. Its feed is live then, on a clock that stands there."""

    def __init__(self, stack: Stack, plan: SimulationPlan, within: float, declared: Mapping[str, int]) -> None:
        """`declared`: how long feeds may say nothing (microseconds); what is usual of the others is learned."""
        shipped, self._reader = load_expectations(None), Queries(stack.store)
        feeds = {name: replace(feed, silence=declared.get(name, feed.silence)) for name, feed in shipped.feeds.items()}
        expectations = replace(shipped, feeds=feeds, batches=())
        self._rounds = Rounds(expectations, self._reader, ClickHouseWriter(stack.store), count(1).__next__)
        self._stack, self._within = stack, within
        self.dial_file = stack.folder / "dial"
        self._dial = Dial(self.dial_file)
        self.listener = Listener(plan, expectations)
        self.looks: list[Look] = []

    async def stop(self, sink: Sink, at: int) -> None:
        """Wait until all that was sent is stored, and look."""
        assert await sink.through(asyncio.Event()), f"the native messages were not mapped within {self._within} s"
        self._dial.turn(at)
        await sink.mark("live")
        await asyncio.to_thread(self._stack.settle, "cases", within=self._within)
        await asyncio.to_thread(self._look, at)

    def _look(self, at: int) -> None:
        self._rounds.run(at)
        found = {one.feed: one for one in feed_standings(self._reader)}
        assert {one.phase for one in found.values()} <= {"live"}
        self.looks.append(Look(at, found, self.listener.heard))


def pieces(simulation: Simulation, watch: Watch | None) -> Iterator[tuple[list[Output], int | None]]:
    """What a history sends, in parts; with the instant to look at behind each, where there is one."""
    part: list[Output] = []
    for output in simulation.history():
        for at in watch.listener.due(simulation.now) if watch else ():
            yield part, at
            part = []
        part.append(output)
        at_once = watch is not None and watch.listener.hears(output, simulation.now)
        if at_once or len(part) >= _CHUNK:
            yield part, simulation.now if at_once else None
            part = []
    yield part, None
