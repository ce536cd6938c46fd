"""An event becomes facts of the objects that guards ask about: questions, and what answers them. Pure.

A question goes to the object it is about, so that both meet at one subject, in whatever order they come.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from metrics.definitions.predicates import text_of
from metrics.guards.model import DiffersRule, FollowsRule, Guard, Guards, LimitRule, OwnLimitRule, StatusRule
from metrics.quality.facts import ASKED, DID, Fact, question_subject
from metrics.quality.moments import holds_since
from metrics.words import Event

_ALIAS = "alias"


class Heard(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What is kept of an event in the value of a fact: as much as some guard needs, and no more."""

    document: str = ""
    actor: str = ""
    amount: str = ""
    currency: str = ""
    objects: tuple[str, ...] = ()
    words: dict[str, str] = {}


class _Need(NamedTuple):
    """What guards need of an event."""

    actor: bool = False
    amount: bool = False
    objects: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def and_(self, other: "_Need") -> "_Need":
        """What either needs."""
        return _Need(
            self.actor or other.actor,
            self.amount or other.amount,
            self.objects | other.objects,
            self.words | other.words,
        )


_NOTHING: Final = _Need()


class _Plan(NamedTuple):
    """What an activity asks, and for which object types it is an answer."""

    asks: tuple[tuple[Guard, _Need], ...]
    answers: tuple[tuple[str, _Need], ...]


_encode = msgspec.json.Encoder(order="sorted").encode
_decoder = msgspec.json.Decoder(Heard)


def heard(fact: Fact) -> Heard:
    """What the event said."""
    return _decoder.decode(fact.value) if fact.value else Heard()


class GuardObserver:
    """Finds questions and answers in events."""

    def __init__(self, guards: Guards) -> None:
        self._plans = _plans(guards.all)

    def concerns(self, event: Event) -> bool:
        """Whether any guard cares for such an event."""
        return event.activity in self._plans

    def facts(self, event: Event, system: str) -> Iterator[Fact]:
        """What an event that concerns guards asks and answers, of the system that it tells of."""
        plan = self._plans[event.activity]
        for type, need in plan.answers:
            said = "" if need is _NOTHING else _said(event, need)
            for id in _ids(event, type):
                yield _fact(event, (type, id), DID, event.activity, system, said)
        for guard, need in plan.asks:
            if any(where is None or where(event) for where in guard.asks[event.activity]):
                said = _said(event, need, document=True)
                for id in ((event.actor,) if event.actor else ()) if guard.by_actor else _ids(event, guard.of):
                    subject = question_subject(guard.of, id, _document(event)) if guard.apart else (guard.of, id)
                    yield _fact(event, subject, ASKED, guard.key, system, said)


def _plans(guards: Iterable[Guard]) -> dict[str, _Plan]:
    asks: dict[str, list[Guard]] = {}
    answers: dict[str, dict[str, _Need]] = {}
    for guard in guards:
        for activity in guard.asks:
            asks.setdefault(activity, []).append(guard)
        for activity in guard.answers:
            needs = answers.setdefault(activity, {})
            needs[guard.of] = needs.get(guard.of, _Need()).and_(_answer_needs(guard))
    return {
        activity: _Plan(
            tuple((guard, _question_needs(guard)) for guard in asks.get(activity, ())),
            tuple((type, _NOTHING if need == _NOTHING else need) for type, need in answers.get(activity, {}).items()),
        )
        for activity in {*asks, *answers}
    }


def _question_needs(guard: Guard) -> _Need:
    rule = guard.rule
    match rule:
        case DiffersRule():
            return _Need(actor=True)
        case LimitRule():
            return _Need(actor=True, words=frozenset([rule.level]))
        case OwnLimitRule():
            return _Need(amount=True)
        case _:
            return _Need()


def _answer_needs(guard: Guard) -> _Need:
    rule = guard.rule
    match rule:
        case StatusRule():
            return _Need(words=frozenset(one.says for one in rule.statuses if one.says))
        case DiffersRule():
            return _Need(actor=True)
        case LimitRule():
            return _Need(amount=True)
        case OwnLimitRule():
            return _Need(words=frozenset([rule.attribute]))
        case FollowsRule():
            return _Need(objects=frozenset(rule.each))


def _ids(event: Event, type: str) -> list[str]:
    """The objects of a type that the event names, each once."""
    found: dict[str, None] = {}
    for one in event.objects:
        if one.type == type and one.qualifier != _ALIAS:
            found[one.id] = None
    return list(found)


def _said(event: Event, need: _Need, *, document: bool = False) -> str:
    amount = event.amount if need.amount else None
    attributes = event.attributes
    words = {name: text_of(attributes[name]) for name in need.words if attributes.get(name) not in (None, "")}
    one = Heard(
        document=_document(event) if document else "",
        actor=event.actor if need.actor else "",
        amount=amount.value if amount else "",
        currency=amount.currency if amount else "",
        objects=_objects(event, need.objects) if need.objects else (),
        words=words,
    )
    text = _encode(one).decode()
    return "" if text == "{}" else text


def _objects(event: Event, types: frozenset[str]) -> tuple[str, ...]:
    """The object that the event is about, where it has one of the types; else those of the types that it names.

    A permission that is withdrawn names its account too, which stays open.
    """
    if event.subject.partition("/")[0] in types:
        return (event.subject,)
    found = {f"{one.type}/{one.id}" for one in event.objects if one.type in types and one.qualifier != _ALIAS}
    return tuple(sorted(found))


def _document(event: Event) -> str:
    if event.subject:
        return event.subject
    return f"{event.objects[0].type}/{event.objects[0].id}" if event.objects else ""


def _fact(event: Event, subject: tuple[str, str], kind: str, field: str, system: str, said: str) -> Fact:
    feed = event.feed or event.source
    return Fact(
        *subject, kind, field, system, event.id, said, event.time, holds_since(event), event.id, feed, event.simulated
    )
