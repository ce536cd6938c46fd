"""Scheduled jobs of the integration hub: traces day and night that serve no case, some with keys that name none."""

from random import Random

from metrics.words import MINUTE
from streams.simulator.carriers import Carrier
from streams.simulator.interfaces import INTERFACES, Interface, deliver
from streams.simulator.stage import Stage
from streams.simulator.step import Steps

_EVERY = 120 * MINUTE
_POLLED = ("coupa_to_s4_order", "workday_to_s4_worker", "workday_to_ukg", "s4_to_coupa_supplier", "capture_to_s4")


def start_chores(stage: Stage) -> None:
    """Let every polled interface run its job from now on."""
    for name in _POLLED:
        rng = Random(f"chores/{stage.plan.seed}/{name}")
        stage.start(_job(stage, INTERFACES[name], rng), stage.now + int(rng.random() * _EVERY))


def _job(stage: Stage, interface: Interface, rng: Random) -> Steps:
    while True:
        center = f"CC-{rng.randint(1, 5)}{rng.randint(1, 12):02d}0"
        decoy = Carrier("decoy", root={"flowglass.cost_center.id": center})
        carrier = decoy if rng.random() < 0.5 else Carrier("neither")
        delivery = deliver(interface, stage.now, rng)
        yield delivery.end
        stage.trace_alone(interface, carrier, delivery)
        yield stage.now + _EVERY + int(rng.random() * MINUTE)
