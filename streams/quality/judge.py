"""The judge: takes facts in, judges the subjects they touch, and says which rows change.

One judge has all objects of a type (they are one key on the topic of facts), so what joins objects, an alias or a
fingerprint, never lies across two workers.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from metrics.guards.judging import NOTHING, judge_guards
from metrics.guards.model import NO_GUARDS, Guards
from metrics.quality.duplicates import judge_duplicates
from metrics.quality.facts import ALIAS, DID, KNOWN, Fact, Subject, asked_about, is_group
from metrics.quality.finding import HEALED, OPEN, WITHDRAWN, Finding, Hop, Judgement, Told, Wake
from metrics.quality.judging import judge
from metrics.quality.model import Domains
from streams.quality.subjects import State, Subjects
from streams.quality.tides import Tides

_ANSWERS: Final = frozenset({DID, ALIAS})


class Transition(NamedTuple):
    """A change of a finding, at an event time in microseconds UTC."""

    finding_id: str
    state: str
    at: int
    detail: str


class Verdict(NamedTuple):
    """What one flush changes. The second member of a pair: whether the row is withdrawn."""

    facts: list[Fact]
    findings: list[tuple[Finding, bool]]
    hops: list[tuple[Hop, bool]]
    transitions: list[Transition]
    wakes: list[tuple[Subject, tuple[Wake, ...]]]


class Judge:
    """Judges the subjects of the partitions of one worker."""

    def __init__(
        self,
        domains: Domains,
        subjects: Subjects,
        tides: Tides,
        known_types: Iterable[str],
        guards: Guards = NO_GUARDS,
    ) -> None:
        self._rules = domains.objects
        self._guards = guards.by_type
        self._apart = {guard.of for guard in guards.all if guard.apart}
        self._subjects = subjects
        self._tides = tides
        self._known_types = set(known_types)
        self._incoming: list[Fact] = []
        self._new: list[Fact] = []
        self._dirty: set[Subject] = set()
        self._answered: set[Subject] = set()
        """Objects of which something is new that may change the answers about them."""
        self._due: dict[tuple[str, str], list[tuple[int, Subject]]] = {}
        self.open: Counter[tuple[str, str]] = Counter()

    def reconsider(self, subjects: Iterable[Subject]) -> None:
        """Judge these again: `domains.yaml` may have changed since they were."""
        self._dirty.update(subjects)

    def take(self, facts: Iterable[Fact]) -> None:
        """Facts that were read, judged at the next `verdict`; types that nobody asks about any longer are left out."""
        self._incoming += [fact for fact in facts if fact.type in self._rules or fact.type in self._guards]

    def wake(self, subject: Subject, wakes: Iterable[Wake]) -> None:
        """Look at the subject again when one of these falls due."""
        for wake in wakes:
            heapq.heappush(self._due.setdefault((wake.feed, wake.system), []), (wake.due, subject))

    def is_due(self) -> bool:
        """Whether time alone has made something worth judging."""
        return any(heap and heap[0][0] <= self._tides.now(*clock) for clock, heap in self._due.items())

    def prepare(self) -> None:
        """Take what is new over into the subjects, and have everything in memory that is judged with it.

        Reads the store, so it may raise StoreUnavailable; made again, it goes on where it was.
        """
        self._fall_due()
        self._subjects.load({fact.subject for fact in self._incoming})
        for type in {fact.type for fact in self._incoming if fact.kind == KNOWN} - self._known_types:
            self._dirty.update(self._subjects.named(type))
            self._known_types.add(type)
        for fact in self._incoming:
            new, parted = self._subjects.take(fact)
            if new:
                self._new.append(fact)
                if fact.kind in _ANSWERS:
                    self._answered.update((fact.subject, *parted))
            self._dirty.add(fact.subject)
            self._dirty |= parted
        self._incoming = []
        self._ask()
        objects = self._subjects.load_numbers(one for one in self._dirty if not is_group(one) and not asked_about(one))
        groups = {one for one in self._dirty if is_group(one)}.union(*map(self._subjects.groups, objects))
        self._subjects.load(groups)
        self._subjects.load_numbers({member for group in groups for member in self._subjects.members(group)})

    def _ask(self) -> None:
        """Have questions in memory whose answer may have changed, and what all questions are about."""
        answered = self._subjects.load_numbers(one for one in self._answered if one[0] in self._apart)
        self._dirty |= self._subjects.load_questions(answered)
        questions = {one: about for one in self._dirty if (about := asked_about(one))}
        self._subjects.load(questions)
        self._subjects.load_numbers(questions.values())

    def verdict(self) -> Verdict:
        """Judge what is new or due, once it has been prepared."""
        verdict = Verdict(self._new, [], [], [], [])
        dirty, self._new, self._dirty, self._answered = self._dirty, [], set(), set()
        groups = {subject for subject in dirty if is_group(subject)}
        questions = {subject for subject in dirty if asked_about(subject)}
        abouts: dict[Subject, Told] = {}
        for subject in sorted(questions):
            self._judge_question(subject, abouts, verdict)
        judged: set[Subject] = set()
        for subject in sorted(dirty - groups - questions):
            if subject not in judged:
                numbers = self._subjects.numbers(subject)
                judged.update(numbers)
                groups.update(group for number in numbers for group in self._subjects.groups(number))
                self._judge_object(numbers, verdict)
        for group in sorted(groups):
            self._judge_group(group, verdict)
        return verdict

    def _judge_object(self, numbers: list[Subject], verdict: Verdict) -> None:
        root, *others = numbers
        judgement, told = Judgement(), self._subjects.told(numbers)
        if rules := self._rules.get(root[0]):
            judgement = judge(told, rules, self._tides.now, judge_names=root[0] in self._known_types)
        if guards := self._guards.get(root[0]):
            of_guards = judge_guards(told, guards, self._tides.now)
            judgement = judgement.and_(of_guards) if of_guards is not NOTHING else judgement
        self._note(root, judgement, verdict)
        for other in others:
            self._note(other, Judgement(), verdict)

    def _judge_question(self, subject: Subject, abouts: dict[Subject, Told], verdict: Verdict) -> None:
        """What one document asks about an object: answered by what is known of the object under all its numbers.

        `abouts` keeps that, for the next document that asks about the same object.
        """
        object = asked_about(subject) or subject
        about = abouts.get(object)
        if about is None:
            known = self._subjects.told(self._subjects.numbers(object))
            about = abouts[object] = Told(known.root, [fact for fact in known.facts if fact.kind == DID])
        told = Told(about.root, [*about.facts, *self._subjects.state(subject).facts.values()])
        guards = self._guards.get(subject[0], {})
        self._note(subject, judge_guards(told, guards, self._tides.now, anchor=subject[1]), verdict)

    def _judge_group(self, group: Subject, verdict: Verdict) -> None:
        objects: dict[Subject, list[Subject]] = {}
        for member in self._subjects.members(group):
            numbers = self._subjects.numbers(member)
            objects[numbers[0]] = numbers
        told = [self._subjects.told(numbers) for _, numbers in sorted(objects.items())]
        rules = self._rules.get(group[0])
        self._note(group, judge_duplicates(group, told, rules) if rules else Judgement(), verdict)

    def _note(self, subject: Subject, judgement: Judgement, verdict: Verdict) -> None:
        """Say what differs from what was said of the subject before."""
        state = self._subjects.state(subject)
        findings = {finding.id: finding for finding in judgement.findings}
        for id, old in state.findings.items():
            if id not in findings:
                verdict.findings.append((old, True))
                verdict.transitions.append(Transition(id, WITHDRAWN, old.opened, old.detail))
        for id, finding in findings.items():
            before = state.findings.get(id)
            if before != finding:
                verdict.findings.append((finding, False))
                verdict.transitions.extend(_transitions(before, finding))
        self._count(state, findings.values())
        state.findings = findings
        hops = {(hop.group, hop.target, hop.event_id): hop for hop in judgement.hops}
        verdict.hops.extend((old, True) for key, old in state.hops.items() if key not in hops)
        verdict.hops.extend((hop, False) for key, hop in hops.items() if state.hops.get(key) != hop)
        state.hops = hops
        wakes = tuple(sorted(set(judgement.wakes)))
        if wakes != state.wakes:
            state.wakes = wakes
            verdict.wakes.append((subject, wakes))
            self.wake(subject, wakes)

    def _count(self, state: State, findings: Iterable[Finding]) -> None:
        self.open.subtract((old.domain, old.kind) for old in state.findings.values() if old.healed is None)
        self.open.update((new.domain, new.kind) for new in findings if new.healed is None)

    def _fall_due(self) -> None:
        for clock, heap in self._due.items():
            now = self._tides.now(*clock)
            while heap and heap[0][0] <= now:
                self._dirty.add(heapq.heappop(heap)[1])


def _transitions(before: Finding | None, finding: Finding) -> Iterator[Transition]:
    if before is None or before.opened != finding.opened:
        yield Transition(finding.id, OPEN, finding.opened, finding.detail)
    if finding.healed is not None and (before is None or before.healed != finding.healed):
        yield Transition(finding.id, HEALED, finding.healed, finding.detail)
