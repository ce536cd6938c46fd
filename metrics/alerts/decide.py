"""The pipeline from alerts to messages: route → stages → group → dedup → message. Pure; every answer has a reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from metrics.alerts.actions import NOBODY
from metrics.alerts.dedup import NEVER, NOTHING, Entered, Said, judge
from metrics.alerts.escalating import steps_of
from metrics.alerts.plan import Destination, Plan, Route, destinations, group_of
from metrics.alerts.stages import Scene, held
from metrics.alerts.words import Alert, Message, Told, message_id

Linker = Callable[[Alert], str]
GroupKey = tuple[str, str]
"""(receiver, group)"""

STATEFUL = frozenset({"alertmanager"})
"""Receivers that are kept informed of each alert's state, and group, repeat and mute by themselves."""


class Note(NamedTuple):
    """Why an alert was told, or not, to a receiver ('' where it concerns none)."""

    alert_id: str
    revision: int
    receiver: str
    route: str
    code: str
    reason: str


class Decision(NamedTuple):
    """The messages of a round, each with what the receiver will have been told then, and a note on every alert."""

    messages: list[tuple[Message, Mapping[str, tuple[int, int]]]]
    notes: list[Note]


class _Group(NamedTuple):
    route: Route
    entered: list[Entered]
    held: list[Alert]


def decide(plan: Plan, scene: Scene, said: Mapping[GroupKey, Said], link: Linker) -> Decision:
    """What to say to whom now. `said`: the last message of each group, whether it has arrived yet or not."""
    notes: list[Note] = []
    groups: dict[GroupKey, _Group] = {}
    for alert in scene.alerts.values():
        if alert.status == "firing":
            _place(plan, scene, alert, groups, notes)
    routes = {route.name: route for route in plan.routes}
    for key in said.keys() - groups.keys():
        if said[key].told:
            groups[key] = _Group(_route_of(key[1], routes, plan), [], [])
    messages = []
    for key in sorted(groups):
        made = _speak(key, groups[key], scene, said.get(key, NOTHING), link, notes)
        messages += [made] if made else []
    return Decision(messages, notes)


def _place(plan: Plan, scene: Scene, alert: Alert, groups: dict[GroupKey, _Group], notes: list[Note]) -> None:
    """Put a firing alert into the groups it belongs to, or note what holds it back."""
    steps = steps_of(plan.declared, alert, scene.slas.get(alert.id, ()))
    found = _effective(plan, destinations(plan.routes, alert, steps), alert)
    if not found:
        notes.append(Note(alert.id, alert.revision, "", "", "no_route", "no route names a receiver for it"))
    for destination in found:
        stateful = _is_stateful(plan, destination.receiver)
        key = destination.receiver, alert.id if stateful else group_of(destination, alert)
        group = groups.setdefault(key, _Group(_at_once(destination.route) if stateful else destination.route, [], []))
        reason = held(alert, destination, scene)
        if reason is not None:
            group.held.append(alert)
            notes.append(_note(alert, destination, reason.code, reason.reason))
            continue
        at = destination.due(alert.fired or 0) - (destination.route.group_wait if destination.after else 0)
        acknowledged = scene.standings.get(alert.id, NOBODY).acknowledged_at is not None
        group.entered.append(Entered(alert, at, acknowledged))


def _effective(plan: Plan, found: Sequence[Destination], alert: Alert) -> list[Destination]:
    """A receiver of states needs an alert once, whichever routes lead to it: the earliest counts."""
    kept: dict[tuple[str, str], Destination] = {}
    for one in found:
        key = (one.receiver, "" if _is_stateful(plan, one.receiver) else one.route.name)
        if key not in kept or one.due(alert.fired or 0) < kept[key].due(alert.fired or 0):
            kept[key] = one
    return list(kept.values())


def _speak(
    key: GroupKey, group: _Group, scene: Scene, said: Said, link: Linker, notes: list[Note]
) -> tuple[Message, Mapping[str, tuple[int, int]]] | None:
    gone = [_over(alert) for id_ in said.told if (alert := scene.alerts.get(id_)) and alert.status != "firing"]
    during = group.route.during
    if gone and not group.entered and during is not None and not during.is_open(scene.now):
        return None
    verdict = judge(group.route, group.entered, gone, said, scene.now)
    concerned = [one.alert for one in group.entered] + gone
    for alert in concerned:
        code = "queued" if verdict.speak else verdict.code
        notes.append(Note(alert.id, alert.revision, key[0], group.route.name, code, verdict.reason))
    if not verdict.speak:
        return None
    told = tuple(told_of(alert, link) for alert in concerned)
    number = said.number + 1
    content = msgspec.json.encode([(one.id, one.revision, one.status, one.fired) for one in told])
    message = Message(
        id=message_id(*key, number, content),
        receiver=key[0],
        group=key[1],
        number=number,
        created=scene.now,
        reason=verdict.reason,
        alerts=told,
        link=told[0].link if len(told) == 1 else "",
    )
    return message, _told_then(group, gone, said)


def _over(alert: Alert) -> Alert:
    """The life of which was told is over, even where the next one has begun and does not fire yet."""
    if alert.status == "resolved":
        return alert
    return msgspec.structs.replace(alert, status="resolved", resolved=alert.since, fired=alert.fired or alert.since)


def _told_then(group: _Group, gone: Iterable[Alert], said: Said) -> dict[str, tuple[int, int]]:
    """What the receiver knows to be firing after the message; what is held back now it was told before."""
    then = {one.alert.id: (one.alert.revision, one.alert.count) for one in group.entered}
    resolved = {alert.id for alert in gone}
    kept = {id_: told for id_, told in said.told.items() if id_ not in then and id_ not in resolved}
    return then | kept


def told_of(alert: Alert, link: Linker) -> Told:
    """An alert as messages tell it."""
    return Told(
        id=alert.id,
        revision=alert.revision,
        status="resolved" if alert.status == "resolved" else "firing",
        labels=alert.labels,
        summary=alert.detail,
        count=alert.count or alert.peak,
        amounts=dict(alert.amounts),
        link=link(alert),
        since=alert.since,
        fired=alert.fired or alert.since,
        resolved=alert.resolved,
    )


def _note(alert: Alert, destination: Destination, code: str, reason: str) -> Note:
    return Note(alert.id, alert.revision, destination.receiver, destination.route.name, code, reason)


def _is_stateful(plan: Plan, receiver: str) -> bool:
    known = plan.receivers.get(receiver)
    return known is not None and known.kind in STATEFUL


def _at_once(route: Route) -> Route:
    return msgspec.structs.replace(route, group_by=(), group_wait=0, group_interval=0, repeat_interval=NEVER)


def _route_of(group: str, routes: Mapping[str, Route], plan: Plan) -> Route:
    """The route of a group that nothing fires in any more; one that is gone speaks at once."""
    name = msgspec.json.decode(group)[0] if group.startswith("[") else ""
    return routes.get(name) or _at_once(
        Route(name=name, match={}, to=(), group_by=(), group_wait=0, group_interval=0, repeat_interval=0)
    )
