"""What the shipped mappings and the simulator emit keeps its contracts."""

from functools import cache
from pathlib import Path

import pytest

from metrics.contracts.checker import ContractChecker
from metrics.contracts.model import load_contracts
from metrics.words import Event
from streams.simulator.plan import DISORDERS, SimulationPlan
from streams.simulator.simulation import Simulation
from streams.sources import golden
from streams.sources.golden import Case
from streams.sources.load import load_mapping
from streams.sources.mapping import Mapping

ROOT = Path(__file__).parents[4]
CASES = list(golden.cases(ROOT / "tests/golden/sources"))
ANCHOR = 1_795_341_600_000_000  # 2026-11-22T10:00:00Z
CHECKER = ContractChecker(load_contracts())


@cache
def mapping(name: str) -> Mapping:
    return load_mapping(name).mapping


def broken(events: list[Event]) -> list[str]:
    return [f"{breach.event.id} {breach.type}: {breach.detail}" for breach in CHECKER.check(events)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.system}/{case.name}")
def test_the_events_of_a_golden_case_keep_their_contracts(case: Case) -> None:
    played = golden.play(case, mapping(case.mapping))
    assert broken([event for _, outcome in played.outcomes for event in outcome.events]) == []


def test_the_simulators_events_keep_their_contracts() -> None:
    carriers, disorder = DISORDERS["small"]
    plan = SimulationPlan(seed=11, anchor=ANCHOR, days=10, carriers=carriers, disorder=disorder)
    events = [output for output in Simulation(plan).history() if isinstance(output, Event)]
    assert len(events) > 1_000
    assert broken(events) == []
