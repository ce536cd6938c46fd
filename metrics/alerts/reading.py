"""Reads alerts.yaml, says everything that is wrong with it at once, and compiles it to a plan."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from pydantic import ValidationError

from metrics.alerts.condition import conditions
from metrics.alerts.plan import EXPLICIT, ConditionRule, Escalation, HostRule, Inhibition, Owner, Plan, Receiver, Route
from metrics.alerts.schema import AlertsText, ConditionText, Match, ReceiverText, RouteText
from metrics.alerts.words import LABELS, STORE_AWAY
from metrics.definitions.calendars import Calendars
from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake, Place, unknown
from metrics.definitions.yaml_text import parse

SHIPPED = Path(__file__).with_name("alerts.yaml")


def read_plan(path: Path, calendars: Calendars | None = None) -> Plan:
    """The plan of a file. Raises DefinitionsError with every mistake, OSError when it can't be read.

    Secrets are not looked at: only a program that sends needs them.
    """
    parsed = parse(path.read_text(encoding="utf-8-sig", errors="replace"))
    findings = [one for _, one in parsed.findings]
    if parsed.data is not None and not findings:
        try:
            reading = _Reading(AlertsText.model_validate(parsed.data), calendars)
            plan = reading.plan()
            findings = reading.findings
        except ValidationError as error:
            findings = explain(error, AlertsText)
    if findings:
        lines = parsed.line_of
        raise DefinitionsError(Mistake(path.name, lines(one.place), one.place, one.message) for one in findings)
    return plan


class _Reading:
    """One reading: what it found wrong so far."""

    def __init__(self, text: AlertsText, calendars: Calendars | None) -> None:
        self._text = text
        self._calendars = calendars
        self.findings: list[Finding] = []

    def plan(self) -> Plan:
        text = self._text
        self._known("condition", text.conditions, conditions(), ("conditions",))
        rules = {kind: _rule(one.defaults, text.conditions.get(kind)) for kind, one in conditions().items()}
        return Plan(
            link=text.link.rstrip("/"),
            every=text.every,
            conditions=rules | {kind: self._only_if_asked(kind, rules[kind]) for kind in EXPLICIT},
            interfaces=tuple(Owner(one.interface, one.owner) for one in text.interfaces),
            hosts=tuple(HostRule(one.name.lower(), one.port, one.private) for one in text.hosts),
            receivers={name: self._receiver(name, one) for name, one in text.receivers.items()},
            routes=tuple(self._route(index, one) for index, one in enumerate(text.routes)),
            inhibitions=tuple(self._inhibitions()),
            slow_call=text.slow_call,
            cause_window=text.cause_window,
        )

    def _only_if_asked(self, kind: str, rule: ConditionRule) -> ConditionRule:
        """A sign of life is looked for only where a route wants it."""
        asked = any(kind in route.match.get("kind", ()) for route in self._text.routes)
        return rule if asked else msgspec.structs.replace(rule, enabled=False)

    def _receiver(self, name: str, text: ReceiverText) -> Receiver:
        place: Place = ("receivers", name)
        chosen = text.chosen()
        if len(chosen) != 1:
            kinds = ", ".join(ReceiverText.model_fields)
            self._note(place, f"is exactly one of {kinds}, not {len(chosen)}")
            return Receiver(name, "", None)
        kind, options = chosen[0]
        url = getattr(options, "url", None)
        if isinstance(url, str):
            self._allowed((*place, kind, "url"), url)
        if kind == "email":
            self._host_allowed((*place, kind, "host"), options.host, options.port)
        return Receiver(name, kind, options)

    def _allowed(self, place: Place, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            self._note(place, f"{url!r} is no address like https://host/path; secrets go elsewhere")
            return
        self._host_allowed(place, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))

    def _host_allowed(self, place: Place, host: str, port: int) -> None:
        hosts = self._text.hosts
        if not any(one.name.lower() == host.lower() and one.port in (None, port) for one in hosts):
            self._note(place, f"{host}:{port} is not among `hosts`, the only places that are talked to")

    def _route(self, index: int, text: RouteText) -> Route:
        place: Place = ("routes", index)
        if any(other.name == text.name for other in self._text.routes[:index]):
            self._note((*place, "name"), f"the route '{text.name}' is written twice")
        self._match((*place, "match"), text.match)
        self._known("receiver", text.to, self._text.receivers, (*place, "to"))
        for step, one in enumerate(text.escalate):
            self._known("receiver", one.to, self._text.receivers, (*place, "escalate", step, "to"))
        return Route(
            name=text.name,
            match=text.match,
            to=text.to,
            group_by=text.group_by,
            group_wait=text.group_wait,
            group_interval=text.group_interval,
            repeat_interval=text.repeat_interval,
            during=self._calendar(text, (*place, "during")),
            escalate=tuple(Escalation(one.after, one.to) for one in text.escalate),
            go_on=text.continue_,
        )

    def _calendar(self, text: RouteText, place: Place):  # type: ignore[no-untyped-def]
        if text.during is None or self._calendars is None:
            return None
        if text.during.calendar not in self._calendars.written:
            self._note((*place, "calendar"), unknown("calendar", text.during.calendar, self._calendars.written))
            return None
        return self._calendars.of(text.during.calendar, text.during.facility)

    def _inhibitions(self) -> Iterable[Inhibition]:
        for index, one in enumerate(self._text.inhibit):
            self._match(("inhibit", index, "while"), one.while_)
            self._match(("inhibit", index, "hold"), one.hold)
            yield Inhibition(name=one.name, while_=one.while_, hold=one.hold, equal=one.equal, fed=one.fed)

    def _match(self, place: Place, match: Match) -> None:
        self._known("label", match, LABELS, place)
        kinds = (*conditions(), STORE_AWAY)
        for index, kind in enumerate(match.get("kind", ())):
            if not any(sign in kind for sign in "*?[") and kind not in kinds:
                self._note((*place, "kind", index), unknown("kind", kind, kinds))

    def _known(self, what: str, words: Iterable[str], known: Iterable[str], place: Place) -> None:
        words_known = list(known)
        for word in words:
            if word not in words_known:
                self._note((*place, word), unknown(what, word, words_known))

    def _note(self, place: Place, message: str) -> None:
        self.findings.append(Finding(place, message))


def _rule(defaults: ConditionRule, text: ConditionText | None) -> ConditionRule:
    """The defaults, with what the file says instead."""
    said = (
        {}
        if text is None
        else {name: value for name in text.model_fields_set if (value := getattr(text, name)) is not None}
    )
    return msgspec.structs.replace(defaults, **said)
