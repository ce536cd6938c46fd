"""Plays a simulated history into a real stack and waits until all of it is stored; keeps the simulator's own truth."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from metrics.words import Event, ObjectRef
from streams.producer import start_producer
from streams.simulator.plan import FEED, SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.sinks import BrokerSink
from streams.simulator.through import mapped_on
from tests.faults.stack import Stack
from tests.integration.truth.looking import Watch, pieces

CLOCKED = "tests.integration.truth.clocked_worker"


@dataclass
class Truth:
    """The newest record of each case and trace, the objects, and what went wrong on purpose, as told."""

    cases: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    traces: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)
    strays: list[dict[str, Any]] = field(default_factory=list)
    flaws: list[dict[str, Any]] = field(default_factory=list)
    guards: list[dict[str, Any]] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)

    def write(self, record: dict[str, Any]) -> None:
        match record["record"]:
            case "case":
                self.cases[record["process"], record["case"]] = record
            case "trace":
                self.traces[record["trace"]] = record
            case "deviation":
                self.strays.append(record)
            case "quality":
                self.flaws.append(record)
            case "guard":
                self.guards.append(record)
            case "lost_batch":
                self.lost.append(record)
            case "object":
                self.objects[record["type"], record["id"]] = {(p, c) for p, c in record["cases"]}


def clock_strike(anchor: int) -> Event:
    """An event of no case at the anchor: it brings the feed's watermark to where the truth stands."""
    return Event(
        id="the-anchor", type="cost_center.changed.v1", activity="cost_center.changed.v1", time=anchor,
        source="/sap/s4", feed=FEED, objects=(ObjectRef("cost_center", "CC-0"),), origin="test", position=0,
        simulated=True, subject="cost_center/CC-0",
    )  # fmt: skip


async def play(broker: str, plan: SimulationPlan, within: float, watch: Watch | None = None) -> Truth:
    """Send the history and wait until all of it is mapped.

    Behind it comes what brings the clock to the anchor: with a `watch` the feed is live there.
    """
    truth = Truth()
    simulation = Simulation(plan, truth.write)
    async with await start_producer(broker, "truth") as producer:
        sink = BrokerSink(producer, mapped=mapped_on(broker, within))
        await sink.mark("backfill")
        for part, at in pieces(simulation, watch):
            await sink.send(part)
            if watch and at is not None:
                await watch.stop(sink, at)
                await sink.mark("backfill")
        if watch:
            await watch.stop(sink, plan.anchor)
        else:
            assert await sink.through(asyncio.Event()), f"the native messages were not mapped within {within} s"
            await sink.send([clock_strike(plan.anchor)])
            await sink.settle()
        for record in simulation.ledger.settle(plan.anchor):
            truth.write(record)
    return truth


def played(
    stack: Stack, plan: SimulationPlan, kinds: Sequence[str], within: float, watch: Watch | None = None
) -> Truth:
    """The truth, once workers of these kinds have committed everything that was sent, and what they sent each other."""
    for kind in kinds:
        clocked = (CLOCKED, str(watch.dial_file)) if watch and kind == "cases" else None
        stack.start_worker(module=clocked or ("metrics.cli", "worker", kind))
    truth = asyncio.run(play(stack.broker_address, plan, within, watch))
    stack.settle(*kinds, within=within)
    return truth
