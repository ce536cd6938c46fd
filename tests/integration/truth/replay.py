"""Plays a simulated history into a real stack and waits until all of it is stored; keeps the simulator's own truth."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from metrics.store.client import StoreClient
from metrics.words import Event, ObjectRef
from streams.producer import start_producer
from streams.simulator.plan import FEED, SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.sinks import BrokerSink

CHUNK = 500


@dataclass
class Truth:
    """The newest record of each case and trace, and the objects, as the simulator told them."""

    cases: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    traces: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)

    def write(self, record: dict[str, Any]) -> None:
        match record["record"]:
            case "case":
                self.cases[record["process"], record["case"]] = record
            case "trace":
                self.traces[record["trace"]] = record
            case "object":
                self.objects[record["type"], record["id"]] = {(p, c) for p, c in record["cases"]}


def clock_strike(anchor: int) -> Event:
    """An event of no case at the anchor: it brings the feed's watermark to where the truth stands."""
    return Event(
        id="the-anchor", type="cost_center.changed.v1", activity="cost_center.changed.v1", time=anchor,
        source="/sap/s4", feed=FEED, objects=(ObjectRef("cost_center", "CC-0"),), origin="test", position=0,
        simulated=True, subject="cost_center/CC-0",
    )  # fmt: skip


async def play(broker: str, plan: SimulationPlan) -> tuple[Truth, dict[str, list[int]]]:
    """Send the history; returns the truth and the records sent by topic and partition."""
    truth = Truth()
    simulation = Simulation(plan, truth.write)
    producer = await start_producer(broker, "truth")
    async with producer:
        sink = BrokerSink(producer)
        await sink.mark("backfill")
        outputs: Iterator[Any] = simulation.history()
        while chunk := list(islice(outputs, CHUNK)):
            await sink.send(chunk)
        await sink.send([clock_strike(plan.anchor)])
        await sink.settle()
        for record in simulation.ledger.settle(plan.anchor):
            truth.write(record)
    return truth, {topic: [count + 1 for count in counts] for topic, counts in sink.counts.items()}


def await_stored(store: StoreClient, sent: dict[str, list[int]], within: float) -> None:
    """Wait until the workers committed everything that was sent (markers included)."""
    wanted = sum(sum(counts) for counts in sent.values())
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        stored = next(iter(store.rows("SELECT sum(committed) AS n FROM v_checkpoints", {})))["n"] or 0
        if stored >= wanted:
            return
        time.sleep(0.5)
    raise TimeoutError(f"{stored} of {wanted} records were committed within {within} s")


def played(broker: str, store: StoreClient, plan: SimulationPlan, within: float) -> Truth:
    truth, sent = asyncio.run(play(broker, plan))
    await_stored(store, sent, within)
    return truth
