"""An event becomes facts about the objects that `domains.yaml` speaks of and guards ask about. Pure."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from metrics.guards.model import NO_GUARDS, Guards
from metrics.guards.observing import GuardObserver
from metrics.quality.facts import (
    ALIAS,
    CHANGE,
    GONE,
    KNOWN,
    MARK,
    MEMBER,
    NAMED,
    SEEN,
    TOLD,
    Fact,
    Subject,
    group_subject,
)  # fmt: skip
from metrics.quality.marks import Fingerprint, normalised
from metrics.quality.model import Domains, DuplicateRule, ObjectRules
from metrics.quality.moments import holds_since
from metrics.words import Event, ObjectRef

ALIAS_QUALIFIER = "alias"
_MOST_PLANS = 10_000
_SHOWN = 120
"""Letters of a value that are kept: enough to tell two departments apart."""


class _Told(NamedTuple):
    """What all facts of one event about one object share."""

    event: Event
    subject: Subject
    system: str
    since: int

    def fact(self, kind: str, field: str = "", value: str = "", system: str | None = None) -> Fact:
        event = self.event
        type, id = self.subject
        by = self.system if system is None else system
        name, feed = event.id, event.feed or event.source
        return Fact(type, id, kind, field, by, name, value, event.time, self.since, name, feed, event.simulated)

    def earliest(self, kind: str, field: str = "", value: str = "", system: str | None = None) -> Fact:
        """A fact of which only the earliest is kept: no event in its key."""
        event = self.event
        type, id = self.subject
        by = self.system if system is None else system
        feed = event.feed or event.source
        return Fact(type, id, kind, field, by, "", value, event.time, event.time, event.id, feed, event.simulated)


class _Plan(NamedTuple):
    """What an event of one type from one system says about the object of one type that it tells of."""

    rules: ObjectRules
    fields: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    known: bool
    marks: tuple[DuplicateRule, ...]


class Observer:
    """Finds the facts in events. `fingerprint` hides what must not be kept."""

    def __init__(self, domains: Domains, fingerprint: Fingerprint, guards: Guards = NO_GUARDS) -> None:
        self._domains = domains
        self._fingerprint = fingerprint
        self._rules = domains.objects
        self._guards = GuardObserver(guards)
        self._interesting = frozenset(domains.objects)
        self._joined = self._interesting.union(guards.by_type)
        self._references = {name: one.references for name, one in domains.objects.items() if one.references}
        self._attributes = frozenset(name for one in self._references.values() for name in one.attributes)
        self._plans: dict[tuple[str, str, str], tuple[_Plan, ...]] = {}
        self._system_of = lru_cache(maxsize=4096)(domains.system_of)

    def system_of_source(self, source: str) -> str:
        """The system that a CloudEvents source belongs to."""
        return self._system_of(source)

    def system_of(self, event: Event) -> str:
        """The system in which the record is: the one that the event names, else the one it comes from."""
        named = event.attributes.get("system")
        if named is not None and isinstance(named, str) and (found := self._domains.words.get(named.lower())):
            return found
        return self._system_of(event.source)

    def facts(self, event: Event) -> list[Fact]:
        """Every fact that the event proves, in no order that counts."""
        found = self._of_domains(event)
        for one in event.objects:
            if one.qualifier == ALIAS_QUALIFIER:
                found += self._aliases(event, self.system_of(event))
                break
        if self._guards.concerns(event):
            found += self._guards.facts(event, self.system_of(event))
        return found

    def _of_domains(self, event: Event) -> list[Fact]:
        objects, attributes = event.objects, event.attributes
        named = not self._attributes.isdisjoint(attributes)
        if not named and self._interesting.isdisjoint([one.type for one in objects]):
            return []
        subject_type = event.subject.partition("/")[0] if event.subject else objects[0].type
        system = self.system_of(event)
        found: list[Fact] = []
        for plan in self._plans_of(event.type, subject_type, system):
            if id := _the_one(objects, plan.rules.type, event.subject):
                self._tell(_Told(event, (plan.rules.type, id), system, holds_since(event)), plan, found)
        found += [
            _Told(event, (one.type, one.id), system, event.time).earliest(NAMED, subject_type)
            for one in objects
            if one.type in self._references and one.type != subject_type and one.qualifier != ALIAS_QUALIFIER
        ]
        if named:
            found += self._named(event, subject_type, system)
        return found

    def _plans_of(self, event_type: str, subject_type: str, system: str) -> tuple[_Plan, ...]:
        key = (event_type, subject_type, system)
        plans = self._plans.get(key)
        if plans is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            tellers = [one for one in self._rules.values() if subject_type in (one.type, *one.told_by)]
            plans = self._plans[key] = tuple(_plan(one, event_type, subject_type, system) for one in tellers)
        return plans

    def _aliases(self, event: Event, system: str) -> Iterator[Fact]:
        """Other numbers of the one object of a type that the event names, as facts of both numbers."""
        for alias in event.objects:
            if alias.qualifier != ALIAS_QUALIFIER or alias.type not in self._joined:
                continue
            others = {one.id for one in event.objects if one.type == alias.type and one.qualifier != ALIAS_QUALIFIER}
            if len(others) == 1 and (other := others.pop()) != alias.id:
                yield _Told(event, (alias.type, alias.id), system, event.time).earliest(ALIAS, "", other, "")
                yield _Told(event, (alias.type, other), system, event.time).earliest(ALIAS, "", alias.id, "")

    def _tell(self, told: _Told, plan: _Plan, found: list[Fact]) -> None:
        rules, event = plan.rules, told.event
        values = [(field, _value(event, field, rules.type)) for field in plan.fields]
        kept = [(field, self._kept(rules, field, value)) for field, value in values if value]
        found += [told.fact(TOLD, field, value) for field, value in kept if value]
        found += [told.fact(kind, field) for kind, field in plan.facts]
        if plan.known:
            found.append(told.earliest(KNOWN))
        for rule in plan.marks:
            found += self._marks(told, rules, rule)

    def _kept(self, rules: ObjectRules, field: str, value: str) -> str:
        """The value as it is kept; '' where nothing of it is left to compare."""
        if field in rules.secret:
            same = normalised(value, rules.similar.get(field, "exact"))
            return self._fingerprint(f"{rules.type}.{field}", same) if same else ""
        return rules.same.get(field, {}).get(value.casefold(), value)[:_SHOWN]

    def _marks(self, told: _Told, rules: ObjectRules, rule: DuplicateRule) -> Iterator[Fact]:
        values = [normalised(_value(told.event, field, rules.type), rule.similar) for field in rule.fields]
        if all(values):
            mark = self._fingerprint(f"{rules.type}/{rule.name}", "\x1e".join(values))
            yield told.fact(MARK, rule.name, mark)
            group = told._replace(subject=group_subject(rules.type, rule.name, mark))
            yield group.earliest(MEMBER, rule.name, told.subject[1], "")

    def _named(self, event: Event, subject_type: str, system: str) -> Iterator[Fact]:
        """Objects that only an attribute names."""
        for type, rule in self._references.items():
            for name in rule.attributes if type != subject_type else ():
                if isinstance(said := event.attributes.get(name), str) and (id := said.strip()):
                    yield _Told(event, (type, id), system, event.time).earliest(NAMED, subject_type)


def _plan(rules: ObjectRules, event_type: str, subject_type: str, system: str) -> _Plan:
    facts: list[tuple[str, str]] = []
    for group in rules.groups:
        if system in group.record and event_type in group.changes:
            facts.append((CHANGE, group.name))
        facts += [
            (SEEN, f"{group.name}/{target.name}")
            for target in group.targets
            if system == target.system and (not target.seen or event_type in target.seen)
        ]
    if event_type in rules.ends:
        facts.append((GONE, ""))
    return _Plan(
        rules=rules,
        fields=tuple(field for group in rules.groups for field in group.fields),
        facts=tuple(facts),
        known=rules.references is not None and event_type in rules.references.known_by,
        marks=rules.duplicates if subject_type == rules.type else (),
    )


def _the_one(objects: Sequence[ObjectRef], type: str, subject: str) -> str:
    """The id of the one object of a type that the event speaks of; empty when there are several or none."""
    head, _, id = subject.partition("/")
    if head == type and id:
        return id
    found = ""
    for one in objects:
        if one.type == type and one.qualifier != ALIAS_QUALIFIER and one.id != found:
            if found:
                return ""
            found = one.id
    return found


def _value(event: Event, field: str, own: str) -> str:
    """What the event says of a field: the attribute of that name, else the objects of that type."""
    said = event.attributes.get(field)
    if said is not None:
        return _text(said)
    if field == own:
        return ""
    ids = [one.id for one in event.objects if one.type == field]
    return ids[0] if len(ids) == 1 else ", ".join(sorted(set(ids)))


def _text(said: object) -> str:
    if isinstance(said, str):
        return " ".join(said.split())
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, list | tuple):
        return ", ".join(sorted(filter(None, map(_text, said))))
    return str(said) if isinstance(said, int | float) else ""
