"""One rule, compiled: whether it applies to an item, and the event it makes of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from metrics.texts.times import written
from metrics.words import Amount, Event, ObjectRef
from streams.codecs.reasons import BAD_SEQUENCE, Unreadable
from streams.sources.conditions import Test
from streams.sources.facts import ObjectFact, attribute_of, checked_key, references
from streams.sources.message import Cause, Enrichment, Scope
from streams.sources.readers import Reader
from streams.sources.reasons import NO_IDENTITY, NO_KEY, NO_TIME
from streams.sources.scalars import text_of
from streams.sources.tracing import Trace

RANKS: Final = 100  # events of one item at the same time keep the order of their rules
_LARGEST: Final = 2**64
_ATTRIBUTES: Final = "$attributes"  # no named value is called so
_EVENTS_A_MESSAGE: Final = 20  # bits of a position for the events of one message


class Begun(Protocol):
    """A hash that has taken in what is the same for all events of a rule."""

    def copy(self) -> "Begun": ...
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def begun(source: str, rule: str) -> Begun:
    """The beginning of the ids of a rule's events."""
    return hashlib.sha256(_bytes(f"{source}\x1f{rule}\x1f"))


@dataclass(frozen=True, slots=True)
class EnrichFact:
    """A question that completes the event."""

    name: str
    request: Reader
    test: Test | None
    timeout_us: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule with the facts of its kind of message filled in."""

    name: str
    kind: str
    begun: Begun
    rank: int
    type: str
    evidence: str
    key_type: str
    key: Reader
    identity: Reader | None
    time: Reader
    recorded: Reader | None
    effective: Reader | None
    sequence: Reader | None
    amount: Reader | None
    actor: Reader | None
    objects: tuple[ObjectFact, ...]
    attributes: tuple[tuple[str, Reader], ...]
    enrich: tuple[EnrichFact, ...]
    ask_only: bool


@dataclass(slots=True)
class Making:
    """The events being made of one message, and what they share."""

    source: str
    trace: Callable[[Scope], Trace]
    repaired: bool
    index: int = 0


def make(rule: Rule, scope: Scope, making: Making, revision: str) -> tuple[Event, list[Enrichment]]:
    """The event of a rule that applies. `revision`: what tells apart the snapshots of one object ('' for none).

    Raises `Unreadable`; its detail names the part of the rule.
    """
    part = "key"
    try:
        key = subject_id(rule.key, scope)
        subject = f"{rule.key_type}/{key}"
        part = "identity"
        id_ = _identity(rule, scope, subject, revision)
        part = "time"
        time, precision = _time(rule, scope)
        part = "recorded"
        recorded = None if rule.recorded is None or (found := rule.recorded(scope, scope.item)) is None else found[0]
        part = "effective"
        effective = "" if rule.effective is None else rule.effective(scope, scope.item) or ""
        part = "objects"
        objects = references(ObjectRef(rule.key_type, key, "subject"), rule.objects, scope)
        part = "attributes"
        attributes = _attributes(rule.attributes, scope)
        part = "amount"
        money = None if rule.amount is None else rule.amount(scope, scope.item)
        part = "actor"
        actor = "" if rule.actor is None else text_of(rule.actor(scope, scope.item)) or ""
        part = "sequence"
        sequence = _sequence(rule, scope, revision)
        part = "enrich"
        asked = _questions(rule, scope, id_, subject, time) if rule.enrich else []
    except Unreadable as error:
        raise Unreadable(error.reason, f"{rule.kind}.{rule.name}, {part}: {error.detail}") from None
    if making.repaired:
        attributes["repaired"] = True
    if asked:
        attributes["enrichment"] = "pending"
    if scope.cause is not None:
        attributes["enrichment"] = "done"
        if scope.cause.told:
            attributes["completes"] = scope.cause.event_id
    return _event(rule, scope, making, id_, time, precision, recorded, effective, objects, attributes, money, actor,
                  sequence, subject), asked  # fmt: skip


def _attributes(facts: tuple[tuple[str, Reader], ...], scope: Scope) -> dict[str, Any]:
    """What is found of the listed attributes. Rules of one item that share `facts` look only once."""
    known = scope.known.get(_ATTRIBUTES)
    if known is not None and known[0] is facts:
        return dict(known[1])
    item = scope.item
    found: dict[str, Any] = {}
    for name, read in facts:
        try:
            value = read(scope, item)
            if value is not None and (value := attribute_of(value)) is not None:
                found[name] = value
        except Unreadable as error:
            raise Unreadable(error.reason, f"{name}: {error.detail}") from None
    scope.known[_ATTRIBUTES] = (facts, found)
    return dict(found)


def _event(
    rule: Rule, scope: Scope, making: Making, id_: str, time: int, precision: str, recorded: int | None, effective: str,
    objects: tuple[ObjectRef, ...], attributes: dict[str, Any], money: Amount | None, actor: str, sequence: int,
    subject: str,
) -> Event:  # fmt: skip
    message = scope.message
    position = (message.position << _EVENTS_A_MESSAGE) + making.index
    making.index += 1
    if message.origin and "@" not in message.origin:
        sequence = position  # a file's own place travels as the sequence
    return Event(
        id_, rule.type, rule.type, time, making.source, objects, message.origin, position, subject, making.source,
        sequence, None, recorded, message.received, effective, precision, attributes, money, actor,
        *making.trace(scope), message.simulated,
    )  # fmt: skip


def subject_id(read: Reader, scope: Scope) -> str:
    """The business key; raises `Unreadable` when it is missing."""
    key = text_of(read(scope, scope.item))
    if key is None:
        raise Unreadable(NO_KEY, "the key is missing or empty")
    return checked_key(key)


def _identity(rule: Rule, scope: Scope, subject: str, revision: str) -> str:
    """The id: the same for the same fact, however often and in whatever shape the message comes."""
    native: str | None = revision
    if scope.cause is not None:
        native = scope.cause.event_id
    elif rule.identity is not None:
        native = text_of(rule.identity(scope, scope.item))
    if native is None:
        raise Unreadable(NO_IDENTITY, "the native id is missing")
    whole = rule.begun.copy()
    whole.update(_bytes(f"{subject}\x1f{native}"))
    return whole.hexdigest()[:32]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _time(rule: Rule, scope: Scope) -> tuple[int, str]:
    found: tuple[int, str] | None = rule.time(scope, scope.item)
    if found is None:
        raise Unreadable(NO_TIME, "the time is missing")
    return found


def _sequence(rule: Rule, scope: Scope, revision: str) -> int:
    if rule.sequence is not None:
        text = text_of(rule.sequence(scope, scope.item)) or "0"
    elif revision.isdecimal():
        text = revision
    else:
        return rule.rank
    if text.isdecimal() and text.isascii() and len(text) <= 20 and (number := int(text)) < _LARGEST // RANKS:
        return number * RANKS + rule.rank
    raise Unreadable(BAD_SEQUENCE, f"{text[:40]!r} is no whole number from 0 with up to 17 digits")


def _questions(rule: Rule, scope: Scope, id_: str, subject: str, time: int) -> list[Enrichment]:
    asked = []
    for fact in rule.enrich:
        if fact.test is not None and not fact.test(scope):
            continue
        request = text_of(fact.request(scope, scope.item))
        if request is not None:
            cause = Cause(enrichment=fact.name, event_id=id_, type=rule.type, subject=subject, time=written(time),
                          told=not rule.ask_only)  # fmt: skip
            asked.append(Enrichment(request=request, timeout_us=fact.timeout_us, cause=cause))
    return asked
