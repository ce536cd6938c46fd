"""Builders of alerting's words, and a notifier that answers as told."""

from collections.abc import Sequence
from typing import Any

from metrics.alerts.actions import Silence
from metrics.alerts.decide import Decision, GroupKey, decide
from metrics.alerts.dedup import Said
from metrics.alerts.notifiers.port import Answer, Delivered
from metrics.alerts.plan import Plan, Receiver, Route
from metrics.alerts.round import said_by
from metrics.alerts.stages import Scene
from metrics.alerts.words import Alert, Finding, Identity, Message, Told
from metrics.words import MINUTE

NOON = 1_767_268_800_000_000
"""2026-01-01 12:00 UTC."""
WAIT, INTERVAL, REPEAT = MINUTE, 5 * MINUTE, 240 * MINUTE


def identity(cause: str = "coupa to erp", kind: str = "breach", **changes: Any) -> Identity:
    known: dict[str, Any] = {
        "process": "hiring",
        "cause_kind": "interface",
        "owner": "integration_team",
        "simulated": False,
    } | changes
    return Identity(kind=kind, cause=cause, **known)


def finding(cause: str = "coupa to erp", kind: str = "breach", count: int = 3, **changes: Any) -> Finding:
    named = {name: changes.pop(name) for name in ("process", "owner", "simulated") if name in changes}
    known: dict[str, Any] = {"severity": "critical", "detail": f"{count} cases", "count": count} | changes
    return Finding(identity=identity(cause, kind, **named), **known)


def firing(
    cause: str = "coupa to erp", kind: str = "breach", at: int = NOON, revision: int = 1, **changes: Any
) -> Alert:
    named = {name: changes.pop(name) for name in ("process", "owner", "simulated") if name in changes}
    known: dict[str, Any] = {"severity": "critical", "detail": "cases", "count": 3, "peak": 3, "since": at, "fired": at}
    known |= {"status": "firing"} | changes
    return Alert(identity=identity(cause, kind, **named), revision=revision, **known)


def route(name: str = "all", to: Sequence[str] = ("hook",), **changes: Any) -> Route:
    known: dict[str, Any] = {"match": {}, "group_by": ("process", "cause"), "group_wait": WAIT}
    known |= {"group_interval": INTERVAL, "repeat_interval": REPEAT} | changes
    return Route(name=name, to=tuple(to), **known)


def plan(*routes: Route, receivers: dict[str, str] | None = None, **changes: Any) -> Plan:
    kinds = receivers or {"hook": "webhook", "pager": "pagerduty", "manager": "alertmanager"}
    known: dict[str, Any] = {"link": "", "every": MINUTE, "conditions": {}, "interfaces": (), "hosts": ()}
    known |= {"inhibitions": (), "slow_call": MINUTE, "cause_window": MINUTE} | changes
    named = {name: Receiver(name, kind, None) for name, kind in kinds.items()}
    return Plan(receivers=named, routes=routes or (route(),), **known)


class Talk:
    """A plan with what has been said so far: each `at` is a round."""

    def __init__(self, chosen: Plan) -> None:
        self.plan = chosen
        self.said: dict[GroupKey, Said] = {}
        self.last: Decision = Decision([], [])

    def at(self, now: int, *alerts: Alert, silences: Sequence[Silence] = (), standings: Any = None) -> list[Message]:
        """The messages of a round with these alerts."""
        by_id = {one.id: one for one in alerts}
        scene = Scene(now, by_id, standings or {}, silences, self.plan.inhibitions)
        self.last = decide(self.plan, scene, self.said, lambda alert: "")
        for message, told in self.last.messages:
            self.said[message.receiver, message.group] = said_by(message, told)
        return [message for message, _ in self.last.messages]

    def codes(self) -> set[str]:
        """The answers of the last round."""
        return {note.code for note in self.last.notes}


def told(message: Message) -> list[tuple[str, str]]:
    """(cause, status) of the alerts of a message."""
    return sorted((one.labels["cause"], one.status) for one in message.alerts)


def message(number: int = 1, receiver: str = "hook", **changes: Any) -> Message:
    """A message about one alert."""
    known: dict[str, Any] = {
        "id": f"{number:032x}", "receiver": receiver, "group": "g", "number": number, "created": NOON,
        "reason": "one alert fired", "alerts": (as_told(),),
    }  # fmt: skip
    return Message(**(known | changes))


def as_told(status: str = "firing", **changes: Any) -> Told:
    labels = firing().labels
    known: dict[str, Any] = {
        "id": "00112233445566ff", "revision": 1, "status": status, "labels": labels,
        "summary": "hiring: 400 cases are past their deadline; the interface coupa to erp fails them", "count": 400,
        "amounts": {"USD": "1200.50"}, "link": "https://flowglass.example/cases?process=hiring", "since": NOON,
        "fired": NOON, "resolved": NOON + MINUTE if status == "resolved" else None,
    }  # fmt: skip
    return Told(**(known | changes))


class FakeNotifier:
    """Answers in the order given, then takes everything; keeps what it was sent."""

    resend = 20_000_000

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[Message] = []
        self.posted: list[list[Told]] = []

    def send(self, message: Message) -> Answer:
        self.sent.append(message)
        return self.answers.pop(0) if self.answers else Delivered()

    def post(self, states: Sequence[Told], now: int) -> Answer:
        self.posted.append(list(states))
        return self.answers.pop(0) if self.answers else Delivered()
