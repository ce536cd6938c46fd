"""The facts of each subject, in memory as far as they are needed, otherwise in the store.

A subject is an object under one number, or a fingerprint. What is asked for together is loaded together: an object with
its other numbers, and for a fingerprint all objects that have it, again with their other numbers.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from metrics.quality.duplicates import number_order
from metrics.quality.facts import ALIAS, MARK, MEMBER, NAMED, Fact, FactKey, Subject, asked_about, group_subject
from metrics.quality.finding import Finding, Hop, Told, Wake

MOST_SUBJECTS: Final = 50_000
"""Kept in memory at most; about 2 kB each."""
MOST_ALIASES: Final = 20
"""Other numbers of a number that count: the smallest by (time, number). More of them is one that everybody uses."""
MOST_MEMBERS: Final = 200
"""Objects of one fingerprint that are looked at: the smallest by (time, id). More of them is a placeholder value."""

HopKey = tuple[str, str, str]


class Stored(NamedTuple):
    """What the store knows of a subject."""

    facts: list[Fact]
    findings: list[Finding]
    hops: list[Hop]
    wakes: tuple[Wake, ...]


class Store(Protocol):
    """Reads back what was flushed. Raises StoreUnavailable."""

    def fetch(self, subjects: Sequence[Subject]) -> Mapping[Subject, Stored]:
        """What is known of these subjects; those without facts may be left out."""

    def named(self, type: str) -> Iterable[Subject]:
        """The subjects of a type that other objects named."""

    def questions(self, about: Sequence[Subject]) -> Iterable[Subject]:
        """The subjects of the questions that stand apart from these objects."""


class State:
    """One subject: its facts, and what was written about it."""

    __slots__ = ("facts", "findings", "hops", "wakes")

    def __init__(self) -> None:
        self.facts: dict[FactKey, Fact] = {}
        self.findings: dict[str, Finding] = {}
        self.hops: dict[HopKey, Hop] = {}
        self.wakes: tuple[Wake, ...] = ()

    def restore(self, known: Stored) -> None:
        """Take over what was stored."""
        for fact in known.facts:
            self.take(fact)
        self.findings = {finding.id: finding for finding in known.findings}
        self.hops = {(hop.group, hop.target, hop.event_id): hop for hop in known.hops}
        self.wakes = known.wakes

    def take(self, fact: Fact) -> bool:
        """Whether the fact says something new."""
        known = self.facts.get(fact.key)
        if known is not None and known.weight <= fact.weight:
            return False
        self.facts[fact.key] = fact
        return True

    def of(self, kind: str) -> Iterator[Fact]:
        return (fact for fact in self.facts.values() if fact.kind == kind)


class Subjects:
    """All subjects. `complete`: memory holds every subject there is, so that one it lacks has no facts."""

    def __init__(self, store: Store, *, complete: bool) -> None:
        self._store = store
        self._complete = complete
        self._states: OrderedDict[Subject, State] = OrderedDict()
        self._questions: dict[Subject, set[Subject]] = {}

    def state(self, subject: Subject) -> State:
        """A subject that has been loaded, or has no facts."""
        state = self._states.get(subject)
        if state is None:
            state = self._states[subject] = State()
            if (about := asked_about(subject)) is not None:
                self._questions.setdefault(about, set()).add(subject)
        else:
            self._states.move_to_end(subject)
        return state

    def load(self, subjects: Iterable[Subject]) -> None:
        """Have these subjects in memory."""
        if self._complete:
            return
        missing = sorted({subject for subject in subjects if subject not in self._states})
        if not missing:
            return
        stored = self._store.fetch(missing)
        for subject in missing:
            state = self.state(subject)
            if (known := stored.get(subject)) is not None:
                state.restore(known)

    def load_numbers(self, subjects: Iterable[Subject]) -> set[Subject]:
        """Have these objects in memory with all their other numbers; all of these."""
        found: set[Subject] = set()
        ahead = set(subjects)
        while ahead:
            self.load(ahead)
            found |= ahead
            ahead = {other for one in ahead for other in self._others(one)} - found
        return found

    def load_questions(self, about: Iterable[Subject]) -> set[Subject]:
        """Have the questions in memory that stand apart from these objects; all of these."""
        objects = sorted(set(about))
        found = {one for subject in objects for one in self._questions.get(subject, ())}
        if objects and not self._complete:
            found.update(self._store.questions(objects))
        self.load(found)
        return found

    def named(self, type: str) -> set[Subject]:
        """Every subject of a type that others named, in memory and in the store."""
        found = {one for one, state in self._states.items() if one[0] == type and any(state.of(NAMED))}
        return found if self._complete else found | set(self._store.named(type))

    def numbers(self, subject: Subject) -> list[Subject]:
        """All numbers of the object, the one that names it first."""
        found, ahead = {subject}, [subject]
        while ahead:
            now = ahead.pop()
            for other in self._others(now):
                if other not in found and now in self._others(other):
                    found.add(other)
                    ahead.append(other)
        return sorted(found, key=lambda one: number_order(one[1]))

    def take(self, fact: Fact) -> tuple[bool, set[Subject]]:
        """Whether the fact says something new of its subject, and which numbers it parts from it."""
        if fact.kind != ALIAS:
            return self.state(fact.subject).take(fact), set()
        before = self._others(fact.subject)
        new = self.state(fact.subject).take(fact)
        return new, set(before) - set(self._others(fact.subject))

    def _others(self, number: Subject) -> list[Subject]:
        """The other numbers that this one says it has."""
        facts = sorted(self.state(number).of(ALIAS), key=lambda fact: (fact.time, fact.value))
        return [(number[0], fact.value) for fact in facts[:MOST_ALIASES]]

    def told(self, numbers: list[Subject]) -> Told:
        """The facts of an object under all its numbers."""
        return Told(numbers[0], [fact for number in numbers for fact in self.state(number).facts.values()])

    def groups(self, subject: Subject) -> set[Subject]:
        """The fingerprints that a number ever had."""
        return {group_subject(subject[0], fact.field, fact.value) for fact in self.state(subject).of(MARK)}

    def members(self, group: Subject) -> list[Subject]:
        """The numbers that ever had a fingerprint."""
        facts = sorted(self.state(group).of(MEMBER), key=lambda fact: (fact.time, fact.value))
        return [(group[0], fact.value) for fact in facts[:MOST_MEMBERS]]

    def evict(self) -> None:
        """Forget what was not asked for longest; only between flushes, when all is stored."""
        while len(self._states) > MOST_SUBJECTS:
            subject, _ = self._states.popitem(last=False)
            if (about := asked_about(subject)) is not None:
                questions = self._questions[about]
                questions.discard(subject)
                if not questions:
                    del self._questions[about]
            self._complete = False

    @property
    def complete(self) -> bool:
        return self._complete
