"""Escalation that the definitions declare: who is told next about an alert of a process or an SLA. Pure.

An alert of a process with `escalation` follows these steps; any other follows the `escalate` of its route. A step names
an owner, and the routes that ask for this owner say which receivers that means. Where no route does, a step leads to
nobody; where no step leads to anybody, the route's own `escalate` holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from metrics.alerts.words import Alert
from metrics.definitions.escalation import EscalationStep
from metrics.definitions.model import Definition

Steps = tuple[EscalationStep, ...]


class Declared(NamedTuple):
    """What one process declares: for all of its alerts, and for those of each SLA (its own steps, else the former)."""

    process: Steps
    slas: Mapping[str, Steps]


def declared(definitions: Iterable[Definition]) -> dict[str, Declared]:
    """By process; only those that declare something."""
    found = {
        one.process: Declared(one.escalation, {sla.name: sla.escalation for sla in one.slas}) for one in definitions
    }
    return {name: one for name, one in found.items() if one.process or any(one.slas.values())}


def steps_of(known: Mapping[str, Declared], alert: Alert, slas: Iterable[str] = ()) -> Steps:
    """The steps of an alert, in the order in which they fall due. `slas`: those of the clocks behind it.

    Clocks of several SLAs share one alert: whoever any of them names is told, at the earliest of the times.
    """
    one = known.get(alert.identity.process)
    if one is None:
        return ()
    names = [alert.identity.cause] if alert.identity.cause_kind == "objective" else sorted(slas)
    chosen = [one.slas.get(name, one.process) for name in names] or [one.process]
    return _earliest([step for steps in chosen for step in steps], alert.fired or alert.since)


def _earliest(steps: Sequence[EscalationStep], fired: int) -> Steps:
    best: dict[str, EscalationStep] = {}
    for step in sorted(steps, key=lambda one: one.due(fired)):
        best.setdefault(step.to, step)
    return tuple(best.values())
