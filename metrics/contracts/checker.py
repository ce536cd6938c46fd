"""Does a canonical event keep its contract? A pure check, compiled once, that a clean event passes in a few steps.

A breach never costs the event: it could be read, so it is no dead letter. It goes on and is an exception of the domain
that owns its type. A type that no contract knows is only a notice (the world is open).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from metrics.contracts.model import THIN, Attribute, Contract, Contracts
from metrics.words import Event

UNKNOWN_TYPE: Final = "unknown_type"
WRONG_SUBJECT: Final = "wrong_subject"
MISSING_OBJECT: Final = "missing_object"
MISSING_ATTRIBUTE: Final = "missing_attribute"
MISSING_AMOUNT: Final = "missing_amount"
WRONG_VALUE: Final = "wrong_value"

ADVICE: Final[dict[str, str]] = {
    UNKNOWN_TYPE: "No contract knows it. Correct it in the mapping if it is misspelt, or add it to the vocabulary.",
    WRONG_SUBJECT: "The subject is of another object type than the contract says. Correct the key in the mapping.",
    MISSING_OBJECT: "The event must name an object of this type. Add it under `objects` in the mapping.",
    MISSING_ATTRIBUTE: "The event must carry this attribute. Add it under `attributes` in the mapping.",
    MISSING_AMOUNT: "The event must carry an amount with its currency. Add `amount` in the mapping.",
    WRONG_VALUE: "The value is of another kind than the contract says. Correct its selector in the mapping.",
}
"""Code -> what to do. Codes are stored and filtered by; the sentences may be reworded."""

NOTICES: Final = frozenset({UNKNOWN_TYPE})
"""Codes that tell of something new and not of a fault."""

_CALLED: Final[dict[type, str]] = {
    str: "another text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list of something else",
    dict: "an object",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One way in which one event breaks its contract. `member`: the object type or attribute, where it is one."""

    code: str
    type: str
    source: str
    member: str
    detail: str
    domain: str
    event: Event


class _Rule(NamedTuple):
    """A contract as the quick check needs it. `objects` and `attributes`: beside the subject."""

    subject: str
    prefix: str
    more: bool
    objects: frozenset[str]
    attributes: frozenset[str]
    amount: bool


class ContractChecker:
    """Checks events against a set of contracts; holds no state, so one serves all."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._rules = {name: _rule(contract) for name, contract in contracts.events.items()}
        self._technical = contracts.technical
        self._attributes = _attributes(contracts)
        self._tests = {name: one.test for name, one in self._attributes.items()}
        self._exact = frozenset(name for name, one in self._attributes.items() if one.values or not one.kind.any_text)

    def check(self, events: Iterable[Event]) -> list[Breach]:
        """Every breach of many events, in their order."""
        return [breach for event in self._doubtful(events) for breach in self.breaches(event)]

    def _doubtful(self, events: Iterable[Event]) -> list[Event]:
        """The events that are not surely clean; what is spelt out here in one loop costs a third of a call for each."""
        rules, technical, exact, text, fit = self._rules, self._technical, self._exact, str, self._fit
        doubtful = []
        for event in events:
            rule = rules.get(event.type)
            if rule is None:
                if event.type not in technical:
                    doubtful.append(event)
                continue
            subject, prefix, more, _, _, _ = rule
            attributes = event.attributes
            if (
                event.objects[0].type != subject
                or not event.subject.startswith(prefix)
                or (more and not _has_more(event, rule))
                or not (exact.isdisjoint(attributes) or fit(attributes))
            ):
                doubtful.append(event)
                continue
            for value in attributes.values():
                if value.__class__ is not text:
                    if not fit(attributes):
                        doubtful.append(event)
                    break
        return doubtful

    def _fit(self, attributes: Mapping[str, Any]) -> bool:
        """Whether every value is what its attribute may be."""
        tests, exact = self._tests, self._exact
        for name, value in attributes.items():
            looked_at = name in exact or (value.__class__ is not str and name in tests)
            if looked_at and not tests[name](value):
                return False
        return True

    def breaches(self, event: Event) -> list[Breach]:
        """Every breach of one event; none when it is clean."""
        rule = self._rules.get(event.type)
        if rule is None:
            if event.type in self._technical:
                return []
            return [self._breach(event, UNKNOWN_TYPE, "", "no contract knows the type")]
        found = self._subject(event, rule)
        if rule.more and not _thin(event):
            found += self._missing(event, rule)
        for name, value in event.attributes.items():
            if name in self._tests and not self._tests[name](value):
                found.append(self._breach(event, WRONG_VALUE, name, _unlike(self._attributes[name], value)))
        return found

    def _subject(self, event: Event, rule: _Rule) -> list[Breach]:
        found = []
        if event.subject and not event.subject.startswith(rule.prefix):
            told = event.subject.partition("/")[0]
            shown = f"a {told}" if told in self._contracts.domain_of_object else "of no known type"
            found.append(self._breach(event, WRONG_SUBJECT, "", f"the subject is {shown}, not a {rule.subject}"))
        if all(reference.type != rule.subject for reference in event.objects):
            found.append(self._breach(event, MISSING_OBJECT, rule.subject, f"the event names no {rule.subject}"))
        return found

    def _missing(self, event: Event, rule: _Rule) -> list[Breach]:
        objects = rule.objects - {reference.type for reference in event.objects}
        attributes = rule.attributes - event.attributes.keys()
        found = [self._breach(event, MISSING_OBJECT, name, f"the event names no {name}") for name in sorted(objects)]
        found += [
            self._breach(event, MISSING_ATTRIBUTE, name, f"the attribute {name} is missing")
            for name in sorted(attributes)
        ]
        if rule.amount and event.amount is None:
            found.append(self._breach(event, MISSING_AMOUNT, "", "the amount is missing"))
        return found

    def _breach(self, event: Event, code: str, member: str, detail: str) -> Breach:
        return Breach(code, event.type, event.source, member, detail, self._contracts.owner(event.type), event)


def _rule(contract: Contract) -> _Rule:
    subject = contract.event.object
    objects = frozenset(contract.required_objects) - {subject}
    attributes = frozenset(contract.required_attributes)
    more = bool(objects or attributes or contract.amount_required)
    return _Rule(subject, f"{subject}/", more, objects, attributes, contract.amount_required)


def _thin(event: Event) -> bool:
    return bool(event.attributes.get(THIN[0]) == THIN[1])


def _has_more(event: Event, rule: _Rule) -> bool:
    return (
        (not rule.objects or rule.objects.issubset([reference.type for reference in event.objects]))
        and (not rule.attributes or rule.attributes <= event.attributes.keys())
        and (not rule.amount or event.amount is not None)
    ) or _thin(event)


def _attributes(contracts: Contracts) -> dict[str, Attribute]:
    return {**{one.name: one for each in contracts.events.values() for one in each.attributes}, **contracts.attributes}


def _unlike(attribute: Attribute, value: object) -> str:
    """What was expected and what kind of value came; never the value itself, which may tell of a person."""
    return f"{attribute.name} must be {attribute.expected}; it is {_CALLED.get(type(value), 'something else')}"
