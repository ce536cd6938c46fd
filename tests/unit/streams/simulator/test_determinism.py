"""Equal plans give equal bytes; different seeds or anchors share no identity."""

from collections.abc import Iterator

import pytest

from metrics.words import HOUR, Event
from streams.codecs.cloudevents import encode
from streams.simulator.plan import SimulationPlan
from streams.simulator.simulation import Simulation
from streams.simulator.stage import Output, Told

from .conftest import ANCHOR, plan


def as_bytes(outputs: Iterator[Output]) -> list[bytes]:
    return [part for output in outputs for part in _parts(output)]


def _parts(output: Output) -> list[bytes]:
    if isinstance(output, Told):
        return [message.body for message in output.messages]
    return [encode(output)[1] if isinstance(output, Event) else output.payload]


@pytest.mark.parametrize("native", [False, True], ids=["canonical", "native"])
def test_two_runs_of_one_plan_give_identical_bytes(native: bool) -> None:
    chosen = plan(days=3, native=native)
    assert as_bytes(Simulation(chosen).history()) == as_bytes(Simulation(chosen).history())


def test_live_output_does_not_depend_on_how_often_it_is_asked_for() -> None:
    def live(steps: int) -> list[bytes]:
        simulation = Simulation(plan(days=2))
        sent = as_bytes(simulation.history())
        for step in range(1, steps + 1):
            sent += as_bytes(simulation.live(ANCHOR + 6 * HOUR * step // steps))
        return sent

    assert live(1) == live(97)


def test_another_seed_or_anchor_shares_no_event_or_business_number() -> None:
    def identities(chosen: SimulationPlan) -> set[str]:
        events = [output for output in Simulation(chosen).history() if isinstance(output, Event)]
        own = {ref.id for event in events for ref in event.objects if ref.type not in ("cost_center", "supplier")}
        return own | {event.id for event in events}

    base = identities(plan(days=2))
    assert not base & identities(plan(days=2, seed=12))
    assert not base & identities(SimulationPlan(seed=11, anchor=ANCHOR + HOUR, days=2))
