"""What alerts.yaml comes to: conditions, receivers, routes and rules, compiled. Durations in microseconds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from metrics.alerts.escalating import Declared
from metrics.alerts.matching import Matchers, fits
from metrics.alerts.words import Alert, Severity
from metrics.definitions.escalation import EscalationStep
from metrics.sla.calendar import Calendar


class ConditionRule(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of condition is judged. What `after`, `window` and `threshold` mean is the condition's affair."""

    enabled: bool = True
    severity: Severity = "warning"
    owner: str = ""
    hold: int = 0
    keep: int = 0
    after: int = 0
    window: int = 0
    threshold: int = 0
    only: tuple[str, ...] = ()
    special: Mapping[str, int] = {}
    """Name pattern (a feed, a source) → an `after` of its own."""
    severities: Mapping[str, Severity] = {}
    """Severities by the kind of what is found, where a condition knows several."""


class Owner(NamedTuple):
    """Who answers for the interfaces that fit a pattern."""

    interface: str
    owner: str


class HostRule(NamedTuple):
    """A place that notifiers may talk to. `private`: it may have an address of a private network or this machine."""

    name: str
    port: int | None
    private: bool


class Receiver(NamedTuple):
    """Where messages go: `kind` names the notifier, `options` are its own."""

    name: str
    kind: str
    options: Any


class Escalation(NamedTuple):
    """Who else is told once an alert has fired for `after` without anybody acknowledging it."""

    after: int
    to: tuple[str, ...]


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts go where, and how patiently. `during`: told only while this calendar is open."""

    name: str
    match: Matchers
    to: tuple[str, ...]
    group_by: tuple[str, ...]
    group_wait: int
    group_interval: int
    repeat_interval: int
    during: Calendar | None = None
    escalate: tuple[Escalation, ...] = ()
    go_on: bool = False


class Inhibition(msgspec.Struct, frozen=True, kw_only=True):
    """While an alert that fits `while_` fires, alerts that fit `hold` and agree in the labels `equal` are held back."""

    name: str
    while_: Matchers
    hold: Matchers
    equal: tuple[str, ...]
    fed: bool = False
    """Only alerts whose clocks hang on the source that the first alert is about."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. `link` is where the dashboards are, '' when nobody said."""

    link: str
    every: int
    conditions: Mapping[str, ConditionRule]
    interfaces: tuple[Owner, ...]
    hosts: tuple[HostRule, ...]
    receivers: Mapping[str, Receiver]
    routes: tuple[Route, ...]
    inhibitions: tuple[Inhibition, ...]
    slow_call: int
    cause_window: int
    declared: Mapping[str, Declared] = {}
    """Escalation that definitions declare, by process."""


class Destination(NamedTuple):
    """A receiver that an alert goes to, by which route; `after` is how long it must have fired first.

    `step` is the step of a definition's escalation that leads there; its `after` counts open time of its calendar.
    """

    receiver: str
    route: Route
    after: int
    step: EscalationStep | None = None

    def due(self, fired: int) -> int:
        """When it is told of an alert that fired at an instant."""
        return fired + self.after if self.step is None else self.step.due(fired)


EXPLICIT = frozenset({"deadman"})
"""Kinds that go only where a route asks for them by name: a sign of life is no news."""


def destinations(routes: Sequence[Route], alert: Alert, steps: Iterable[EscalationStep] = ()) -> list[Destination]:
    """Where an alert goes: the first route that fits, and those after it as long as each says `continue`.

    `steps`: the escalation that its definition declares. It takes the place of the routes' own as soon as one of its
    steps leads to somebody who is not told anyway.
    """
    taken = _taken(routes, alert, alert.labels)
    direct = [Destination(name, route, 0) for route in taken for name in route.to]
    told = {(one.receiver, one.route.name) for one in direct}
    later = [one for one in _stepped(routes, alert, steps) if (one.receiver, one.route.name) not in told]
    if not later:
        later = [Destination(name, route, step.after) for route in taken for step in route.escalate for name in step.to]
    return _first_of_each([*direct, *later], alert)


def _taken(routes: Iterable[Route], alert: Alert, labels: Mapping[str, str]) -> list[Route]:
    found: list[Route] = []
    for route in routes:
        if not fits(route.match, labels) or (alert.identity.kind in EXPLICIT and "kind" not in route.match):
            continue
        found.append(route)
        if not route.go_on:
            break
    return found


def _stepped(routes: Iterable[Route], alert: Alert, steps: Iterable[EscalationStep]) -> list[Destination]:
    """An owner that a step names is told by the routes that ask for this owner; a route for everybody is none."""
    asking = [route for route in routes if "owner" in route.match]
    return [
        Destination(name, route, step.after, step)
        for step in steps
        for route in _taken(asking, alert, alert.labels | {"owner": step.to})
        for name in route.to
    ]


def _first_of_each(found: Sequence[Destination], alert: Alert) -> list[Destination]:
    """A receiver named twice under one route is told at the earlier time."""
    fired = alert.fired or alert.since
    best: dict[tuple[str, str], Destination] = {}
    for one in found:
        key = (one.receiver, one.route.name)
        if key not in best or one.due(fired) < best[key].due(fired):
            best[key] = one
    return list(best.values())


def group_of(destination: Destination, alert: Alert) -> str:
    """The group of an alert at a destination, as text: route and the values of the labels that group.

    Simulated alerts never share a message with real ones.
    """
    labels = alert.labels
    names = dict.fromkeys((*destination.route.group_by, "simulated"))
    values = [[name, labels.get(name, "")] for name in names]
    return msgspec.json.encode([destination.route.name, values]).decode()
