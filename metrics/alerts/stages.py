"""The stages that can hold an alert back from a receiver; each answers with a reason, or None to let it pass.

A stage sees one alert and where it would go, and the scene: everything else that bears on it.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from metrics.alerts.actions import NOBODY, Silence, Standing
from metrics.alerts.feeding import NOTHING_FED, Fed
from metrics.alerts.matching import fits
from metrics.alerts.plan import Destination, Inhibition
from metrics.alerts.words import Alert
from metrics.commands.wording import duration, moment


class Scene(NamedTuple):
    """What the stages look at. `now` in microseconds."""

    now: int
    alerts: Mapping[str, Alert]
    standings: Mapping[str, Standing]
    silences: Sequence[Silence]
    inhibitions: Sequence[Inhibition]
    slas: Mapping[str, frozenset[str]] = MappingProxyType({})
    """The SLAs of the clocks behind an alert, by its id; none where no clock is."""
    fed: Fed = NOTHING_FED


class Held(NamedTuple):
    """Why an alert is not told (yet): a code for machines and a sentence for people."""

    code: str
    reason: str


Stage = Callable[[Alert, Destination, Scene], Held | None]


def escalation(alert: Alert, destination: Destination, scene: Scene) -> Held | None:
    """A later step of a route waits, and does not come at all once somebody took the alert."""
    if not destination.after or alert.fired is None:
        return None
    standing = scene.standings.get(alert.id, NOBODY)
    if standing.acknowledged_at is not None:
        return Held("acknowledged", f"acknowledged by {standing.acknowledged_by}: it does not escalate")
    due = destination.due(alert.fired)
    if scene.now < due:
        whom = f" as {destination.step.to}" if destination.step else ""
        return Held("escalation_waits", f"told here{whom} when nobody has acknowledged it by {moment(due)}")
    return None


def inhibition(alert: Alert, destination: Destination, scene: Scene) -> Held | None:
    """Held back while another alert fires that says more about the same cause."""
    labels = alert.labels
    for rule in scene.inhibitions:
        if not fits(rule.hold, labels):
            continue
        others = (one for one in scene.alerts.values() if one.status == "firing" and _agree(rule, one, alert))
        if rule.fed:
            if unsure := scene.fed.unsure(alert, scene.slas.get(alert.id, ()), others):
                return Held("inhibited", f"rule {rule.name}: not sent: {unsure}")
        elif (other := next(others, None)) is not None:
            return Held("inhibited", f"rule {rule.name}: {other.identity.kind} alert {other.id} fires")
    return None


def _agree(rule: Inhibition, other: Alert, alert: Alert) -> bool:
    mine, theirs = alert.labels, other.labels
    # An alert that fits both sides never holds itself or its like back, or two of them would hold each other.
    if not fits(rule.while_, theirs) or fits(rule.while_, mine):
        return False
    names = (*rule.equal, "simulated") if rule.equal or rule.fed else ()
    return all(mine[name] == theirs[name] for name in names)


def silence(alert: Alert, destination: Destination, scene: Scene) -> Held | None:
    """Held back while somebody has silenced it."""
    labels = alert.labels
    for one in scene.silences:
        if one.holds(labels, scene.now):
            why = f": {one.comment}" if one.comment else ""
            return Held("silenced", f"silence {one.id} by {one.actor} until {moment(one.ends)}{why}")
    return None


def hours(alert: Alert, destination: Destination, scene: Scene) -> Held | None:
    """A route with a calendar tells only while that is open."""
    calendar = destination.route.during
    if calendar is None or calendar.is_open(scene.now):
        return None
    opens = calendar.add(scene.now, 1) - 1
    return Held("outside_hours", f"{calendar.name} opens in {duration(opens - scene.now)}")


STAGES: Sequence[Stage] = (escalation, inhibition, silence, hours)


def held(alert: Alert, destination: Destination, scene: Scene) -> Held | None:
    """The first stage that holds it back."""
    return next((found for stage in STAGES if (found := stage(alert, destination, scene)) is not None), None)
