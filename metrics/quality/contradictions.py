"""Contradictions: systems that say different things of one field, beyond what is still on its way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from metrics.quality.facts import GONE, TOLD, Fact
from metrics.quality.finding import (
    CONTRADICTION,
    Episode,
    Finding,
    Judgement,
    Present,
    Said,
    Told,
    Wake,
    merged,
    quoted,
)
from metrics.quality.model import Group, ObjectRules


class _Stretch(NamedTuple):
    """From `start` to `end` (None: for good) each system says what `current` holds."""

    start: int
    end: int | None
    current: Mapping[str, Fact]


def judge_contradictions(told: Told, rules: ObjectRules, present: Present) -> Judgement:
    """The contradictions of one object, one finding a field."""
    by_field: dict[str, list[Fact]] = {}
    for fact in told.of(TOLD):
        by_field.setdefault(fact.field, []).append(fact)
    gone = min((fact.time for fact in told.of(GONE)), default=None)
    findings: list[Finding] = []
    wakes: list[Wake] = []
    for field, facts in sorted(by_field.items()):
        group = rules.group_of_field.get(field)
        if group is None or len({fact.system for fact in facts}) < 2:
            continue
        judged = _Field(rules, group, field, facts, present)
        episodes = merged(_until(judged.episodes(), gone))
        wakes += judged.wakes
        if episodes:
            findings.append(judged.finding(told, episodes))
    return Judgement(findings, (), wakes)


class _Field:
    """One field of one object."""

    def __init__(self, rules: ObjectRules, group: Group, field: str, facts: Sequence[Fact], present: Present) -> None:
        self._rules = rules
        self._group = group
        self._field = field
        self._facts = sorted(facts, key=lambda fact: (fact.since, fact.time, fact.proof, fact.system, fact.value))
        self._present = present
        self._known = max(fact.time for fact in facts)
        self.wakes: list[Wake] = []

    def episodes(self) -> Iterator[Episode]:
        """When they differed and should not have."""
        for stretch in self._stretches():
            record = self._record(stretch.current)
            if record is None:
                yield from self._without_record(stretch)
                continue
            for system, fact in stretch.current.items():
                if system not in self._group.record and not _same(fact, record):
                    yield from self._against(record, fact, stretch)

    def _stretches(self) -> Iterator[_Stretch]:
        current: dict[str, Fact] = {}
        for index, fact in enumerate(self._facts):
            current[fact.system] = fact
            end = self._facts[index + 1].since if index + 1 < len(self._facts) else None
            if end is None or end > fact.since:
                yield _Stretch(fact.since, end, dict(current))

    def _record(self, current: Mapping[str, Fact]) -> Fact | None:
        return max((fact for system, fact in current.items() if system in self._group.record),
                   key=lambda fact: (fact.since, fact.time, fact.proof), default=None)  # fmt: skip

    def _against(self, record: Fact, fact: Fact, stretch: _Stretch) -> Iterator[Episode]:
        if self._is_stale(record, fact):
            if (self._group.name, fact.system) in self._rules.target_of:
                return  # on its way, or overdue: the hop says so
            due = self._began(record) + self._rules.within
            start = max(stretch.start, due)
            if stretch.end is not None and start >= stretch.end:
                return
            if stretch.end is None and self._present(record.feed, fact.system) < start:
                self.wakes.append(Wake(start, record.feed, fact.system))
                return
        else:
            start = stretch.start
            if start > max(self._known, self._present(fact.feed, fact.system)):
                self.wakes.append(Wake(start, fact.feed, fact.system))
                return
        later = record if (record.since, record.time) >= (fact.since, fact.time) else fact
        yield Episode(start, stretch.end, later.proof)

    def _is_stale(self, record: Fact, fact: Fact) -> bool:
        """Whether the system may simply not have heard of the record's last word."""
        began = self._began(record)
        if fact.since < began:
            return True
        earlier = [one for one in self._facts if one.system in self._group.record and one.since < began]
        if not any(_same(one, fact) for one in earlier):
            return False
        return not any(
            one.system == fact.system and _same(one, record) and began <= one.since <= fact.since for one in self._facts
        )

    def _began(self, record: Fact) -> int:
        """Since when the system of record says so: saying it again is no new word."""
        said = [one for one in self._facts if one.system in self._group.record]
        words = said[: said.index(record) + 1]
        *_, first = takewhile(lambda one: _same(one, record), reversed(words))
        return first.since

    def _without_record(self, stretch: _Stretch) -> Iterator[Episode]:
        facts = list(stretch.current.values())
        if any(not _same(one, facts[0]) for one in facts) and stretch.start <= self._known:
            yield Episode(
                stretch.start, stretch.end, max(facts, key=lambda one: (one.since, one.time, one.proof)).proof
            )

    def finding(self, told: Told, episodes: Sequence[Episode]) -> Finding:
        last = episodes[-1]
        said = self._at(last)
        secret = self._field in self._rules.secret
        words = ", ".join(f"{one.system} says {one.value}" for one in said) if not secret else (
            f"{' and '.join(sorted({one.system for one in said}))} differ"
        )  # fmt: skip
        type, id = told.root
        return Finding(
            CONTRADICTION, self._rules.domain, self._rules.owner, type, id, id, self._field, "",
            quoted(one._replace(value="") if secret else one for one in said),
            f"{self._field.replace('_', ' ')}: {words}", last.opened, last.healed, len(episodes), last.proof,
            any(fact.simulated for fact in self._facts),
        )  # fmt: skip

    def _at(self, episode: Episode) -> list[Said]:
        """What each system said last before the episode ended (if it has ended)."""
        current: dict[str, Fact] = {}
        for fact in self._facts:
            if (episode.healed is None and fact.since <= max(self._known, episode.opened)) or (
                episode.healed is not None and fact.since < episode.healed
            ):
                current[fact.system] = fact
        return [Said(system, fact.id, fact.value, fact.time) for system, fact in sorted(current.items())]


def _same(one: Fact, other: Fact) -> bool:
    return one.value.casefold() == other.value.casefold()


def _until(episodes: Iterable[Episode], gone: int | None) -> Iterator[Episode]:
    """What is left of episodes once nothing is expected of the object any longer."""
    for episode in episodes:
        if gone is None:
            yield episode
        elif episode.opened < gone:
            yield episode._replace(healed=gone if episode.healed is None else min(gone, episode.healed))
