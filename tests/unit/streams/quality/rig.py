"""Readers, the topic of facts, a judge and a store in one process: what the worker wires, without broker and engine.

Each step may be broken off where the worker's flush may be; what was not committed is read again.
"""

from collections.abc import Iterable, Mapping, Sequence

from metrics.guards.model import NO_GUARDS, Guards
from metrics.quality.facts import KNOWN, NAMED, Fact, Subject, asked_about
from metrics.quality.finding import Finding, Hop, Wake
from metrics.quality.model import Domains
from metrics.words import Event, Marker
from streams.quality.judge import Judge, Transition, Verdict
from streams.quality.messages import Tide, pack, unpack
from streams.quality.reading import Reading
from streams.quality.subjects import Stored, Subjects
from streams.quality.tides import Tides
from tests.unit.metrics.quality.telling import DOMAINS, observer

STAGES = ("transitions", "hops", "findings", "wakes", "facts", "committed")


class MemoryStore:
    """Keeps rows as the store does: the last one of a key stands."""

    def __init__(self) -> None:
        self.facts: dict[tuple[object, ...], Fact] = {}
        self.findings: dict[str, tuple[Finding, bool]] = {}
        self.hops: dict[tuple[str, ...], tuple[Hop, bool]] = {}
        self.wakes: dict[Subject, tuple[Wake, ...]] = {}
        self.transitions: set[Transition] = set()
        self.tides: dict[tuple[int, str], Tide] = {}
        self.fetched = 0

    def write(self, verdict: Verdict, stage: str) -> None:
        """One table of a flush."""
        if stage == "facts":
            self.facts.update({(fact.subject, fact.key): fact for fact in verdict.facts})
        elif stage == "transitions":
            self.transitions.update(verdict.transitions)
        elif stage == "wakes":
            self.wakes.update(verdict.wakes)
        elif stage == "hops":
            self.hops.update({(h.type, h.id, h.group, h.target, h.event_id): (h, gone) for h, gone in verdict.hops})
        elif stage == "findings":
            self.findings.update({one.id: (one, withdrawn) for one, withdrawn in verdict.findings})

    def is_empty(self) -> bool:
        return not (self.facts or self.findings or self.hops or self.wakes)

    def fetch(self, subjects: Sequence[Subject]) -> Mapping[Subject, Stored]:
        self.fetched += len(subjects)
        found = {subject: Stored([], [], [], self.wakes.get(subject, ())) for subject in subjects}
        for fact in self.facts.values():
            if fact.subject in found:
                found[fact.subject].facts.append(fact)
        for finding, withdrawn in self.findings.values():
            if not withdrawn and (finding.type, finding.anchor) in found:
                found[finding.type, finding.anchor].findings.append(finding)
        for hop, withdrawn in self.hops.values():
            if not withdrawn and (hop.type, hop.id) in found:
                found[hop.type, hop.id].hops.append(hop)
        return found

    def named(self, type: str) -> Iterable[Subject]:
        return {fact.subject for fact in self.facts.values() if fact.type == type and fact.kind == NAMED}

    def questions(self, about: Sequence[Subject]) -> Iterable[Subject]:
        return {fact.subject for fact in self.facts.values() if asked_about(fact.subject) in about}

    def outcome(self) -> tuple[dict[str, Finding], dict[tuple[str, ...], Hop]]:
        """What must be the same however events came."""
        findings = {id: finding for id, (finding, withdrawn) in self.findings.items() if not withdrawn}
        return findings, {key: hop for key, (hop, withdrawn) in self.hops.items() if not withdrawn}


class Rig:
    """One reader for each partition of events, one judge."""

    def __init__(
        self, partitions: int = 2, clock: int = 0, domains: Domains = DOMAINS, guards: Guards = NO_GUARDS
    ) -> None:
        self.domains = domains
        self.guards = guards
        self.clock = clock
        self.partitions = partitions
        self.store = MemoryStore()
        self.topic: list[bytes] = []
        self.committed = 0
        self.readings = [Reading(observer(guards)) for _ in range(partitions)]
        self.start_judge()

    def start_judge(self) -> None:
        """A judge that knows what the store knows, and reads on from what was committed."""
        known = {fact.type for fact in self.store.facts.values() if fact.kind == KNOWN}
        self.tides = Tides(lambda: self.clock, self.partitions, since=lambda: 0.0)
        self.tides.restore(self.store.tides.values())
        self.subjects = Subjects(self.store, complete=self.store.is_empty())
        self.judge = Judge(self.domains, self.subjects, self.tides, known, self.guards)
        self.judge.reconsider(
            {(one.type, one.anchor) for one in self.store.outcome()[0].values() if one.healed is None}
        )
        for subject, wakes in self.store.wakes.items():
            self.judge.wake(subject, wakes)
        self.position = self.committed

    def restart_reader(self, partition: int) -> None:
        """It forgets what it gathered; what it read since its last flush must be read again."""
        self.readings[partition] = Reading(observer(self.guards))

    def read(
        self, partition: int, events: Iterable[Event], markers: Sequence[Marker] = (), *, at_end: bool = True
    ) -> None:
        self.readings[partition].read(partition, list(events), markers, at_end=at_end)

    def tell(self, partition: int) -> None:
        """The reader's flush."""
        facts, tides = self.readings[partition].take(self.clock)
        self.topic += pack(facts, tides)

    def judge_some(self, records: int = 1 << 30, die_at: str = "") -> None:
        """The judge's flush of so many records of the topic; it may die right before a stage."""
        for value in self.topic[self.position : self.position + records]:
            observations = unpack(value)
            self.judge.take(observations.facts)
            for tide in observations.tides:
                self.tides.take(tide)
        self.position = min(self.position + records, len(self.topic))
        self.judge.prepare()
        verdict = self.judge.verdict()
        tides = list(self.tides.take_changed(judged=any(verdict)))
        for stage in STAGES:
            if stage == die_at:
                self.start_judge()
                return
            if stage == "committed":
                self.store.tides.update({(tide.partition, tide.feed): tide for tide in tides})
                self.committed = self.position
            else:
                self.store.write(verdict, stage)

    def settle(self, clock: int) -> None:
        """Let time pass until everything is read and judged."""
        self.clock = clock
        for partition in range(self.partitions):
            self.readings[partition].stands(partition, at_end=True)
            self.tell(partition)
        self.judge_some()
