"""One history of two weeks, played once for all tests that only look at it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from metrics.words import Event
from streams.simulator.plan import DISORDERS, SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.tracing import SpanBatch

ANCHOR = 1_795_341_600_000_000  # 2026-11-22T10:00:00Z


@dataclass
class Played:
    """What one run sent, and the records of truth that came with it."""

    plan: SimulationPlan
    sent: list[Event] = field(default_factory=list)
    batches: list[SpanBatch] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def events(self) -> dict[str, Event]:
        """Events by id, each once."""
        return {event.id: event for event in self.sent}

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Records of truth of one kind."""
        return [record for record in self.records if record["record"] == kind]


def play(plan: SimulationPlan) -> Played:
    """Run a plan's history to its end."""
    played = Played(plan)
    simulation = Simulation(plan, played.records.append)
    for output in simulation.history():
        (played.sent if isinstance(output, Event) else played.batches).append(output)  # type: ignore[arg-type]
    played.records.extend(simulation.ledger.settle(plan.anchor))
    return played


def plan(days: int = 14, disorder: str = "harsh", seed: int = 11, **more: Any) -> SimulationPlan:
    """A plan with its history ending at `ANCHOR`."""
    carriers, delivery = DISORDERS[disorder]
    return SimulationPlan(seed=seed, anchor=ANCHOR, days=days, carriers=carriers, disorder=delivery, **more)


@pytest.fixture(scope="session")
def harsh() -> Played:
    """Two weeks with the worst declared delivery."""
    return play(plan())
