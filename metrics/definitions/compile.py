"""From what a person wrote to what the stream folds with. Expects a process that `checks.py` found right."""

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from metrics.definitions.calendars import Calendars
from metrics.definitions.checks import MAIN
from metrics.definitions.checks_correlation import objects_of
from metrics.definitions.conformance import compile_conformance
from metrics.definitions.escalation import compile_escalation
from metrics.definitions.model import Definition, Entry, ExpectRule, LinkRule, Match, Predicate, SlaRule
from metrics.definitions.predicates import compile_where
from metrics.definitions.schema import ExpectText, ProcessText, SlaText
from metrics.guards.compiling import Steps, compile_guard
from metrics.sla.clock import ClockRule
from metrics.sla.durations import parse_duration
from metrics.vocabulary import Vocabulary


def compile_process(process: ProcessText, calendars: Calendars, vocabulary: Vocabulary) -> Definition:
    """The compiled form of one version of one process."""
    number = {name: index for index, name in enumerate(process.milestones)}
    return Definition(
        process=process.process,
        version=process.version,
        hash=content_hash(process, calendars),
        title=process.title,
        owner=process.owner,
        case_type=process.case.object,
        links=tuple(LinkRule(link.object, link.through, link.cap) for link in process.correlation),
        milestones=tuple(number),
        titles=tuple(milestone.title or name for name, milestone in process.milestones.items()),
        matches=_matches(process, number),
        enters=_enters(process, number),
        branches=(MAIN, *(branch.name for branch in process.branches)),
        states=tuple(state.name for state in process.states),
        state_titles=MappingProxyType({state.name: state.title or state.name for state in process.states}),
        ends=MappingProxyType({number[end.milestone]: end.outcome for end in process.ends}),
        reopens=frozenset(number[name] for name in process.reopens),
        slas=tuple(_sla(sla, process, number, calendars) for sla in process.slas),
        expects=tuple(_expect(one, process, number, calendars) for one in process.expects),
        conformance=compile_conformance(process.conformance, number),
        attributes=MappingProxyType(dict(process.attributes)),
        latest=frozenset(process.latest),
        source_rank=MappingProxyType({source: rank for rank, source in enumerate(process.sources)}),
        begins=_begins(process),
        ignores=_ignores(process, vocabulary),
        guards=tuple(compile_guard(process.process, one, _steps(process)) for one in process.guards),
        description=process.description.strip(),
        escalation=compile_escalation(process.escalation, calendars),
        priority=process.priority,
    )


def open_definition(case_type: str) -> Definition:
    """The definition of a log that has none: every activity is its own milestone."""
    digest = hashlib.sha256(f"open|{case_type}".encode()).hexdigest()
    return Definition(
        process=case_type,
        version=1,
        hash=digest,
        title="Log without a definition",
        owner="",
        case_type=case_type,
        open=True,
    )


def content_hash(process: ProcessText, calendars: Calendars) -> str:
    """SHA-256, in hex, of everything that decides an outcome: the process, its calendars and the facilities.

    Comments, spacing and the order of keys do not change it.
    """
    content = hashed_content(process, calendars)
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hashed_content(process: ProcessText, calendars: Calendars) -> dict[str, Any]:
    """What the hash is made of: without what changes no outcome, and as before for who does not use a newer word."""
    used = sorted({sla.calendar for sla in process.slas} | {one.calendar for one in process.expects})
    content: dict[str, Any] = {
        "process": process.model_dump(mode="json", by_alias=True),
        "calendars": {name: calendars.written[name].model_dump(mode="json") for name in used},
        "facilities": calendars.facilities.model_dump(mode="json"),
    }
    del content["process"]["priority"]
    content["process"]["milestones"] = list(content["process"]["milestones"].items())
    for part in (content["process"], *content["process"]["slas"]):
        if not part["escalation"]:
            del part["escalation"]
    return content


class RuleOfFacility:
    """`rule_for` of an SLA or an expectation: the clock's arithmetic at a facility, made once each."""

    __slots__ = ("_at_risk", "_calendar", "_calendars", "_known", "_target", "_whole_days")

    def __init__(
        self, calendar: str, target: str, calendars: Calendars, *, at_risk: float = 1.0, whole_days: bool = False
    ) -> None:
        self._calendar = calendar
        self._calendars = calendars
        self._at_risk = at_risk
        self._whole_days = whole_days
        self._target = parse_duration(target, working_day=calendars.of(calendar, "").working_day)
        self._known: dict[str, ClockRule] = {}

    def __call__(self, facility: str) -> ClockRule:
        rule = self._known.get(facility)
        if rule is None:
            known = facility if facility in self._calendars.facilities.facilities else ""
            rule = self._known.get(known) or self._make(known)
        return rule

    def _make(self, facility: str) -> ClockRule:
        calendar = self._calendars.of(self._calendar, facility)
        rule = self._known[facility] = ClockRule(calendar, self._target, self._at_risk, self._whole_days)
        return rule


def _matches(process: ProcessText, number: Mapping[str, int]) -> Mapping[str, tuple[Match, ...]]:
    found: dict[str, tuple[Match, ...]] = {}
    for name, milestone in process.milestones.items():
        match = Match(number[name], compile_where(milestone.where))
        for activity in dict.fromkeys(milestone.on):
            found[activity] = (*found.get(activity, ()), match)
    return MappingProxyType(found)


def _steps(process: ProcessText) -> Steps:
    return {name: (one.on, one.where) for name, one in process.milestones.items()}


def _begins(process: ProcessText) -> Mapping[str, tuple[Predicate | None, ...]]:
    found: dict[str, tuple[Predicate | None, ...]] = {}
    for name in process.begins:
        milestone = process.milestones.get(name)
        where = compile_where(milestone.where) if milestone else None
        for activity in milestone.on if milestone else (name,):
            found[activity] = (*found.get(activity, ()), where)
    return MappingProxyType(found)


def _enters(process: ProcessText, number: Mapping[str, int]) -> Mapping[int, tuple[Entry, ...]]:
    line = {name: index for index, name in enumerate((MAIN, *(branch.name for branch in process.branches)))}
    found: dict[int, tuple[Entry, ...]] = {}
    moves = [(name, Entry(line[state.branch], state.name)) for state in process.states for name in state.enter]
    moves += [(name, Entry(line[branch.name], "")) for branch in process.branches for name in branch.leave]
    for name, entry in moves:
        found[number[name]] = (*found.get(number[name], ()), entry)
    return MappingProxyType(found)


def _sla(sla: SlaText, process: ProcessText, number: Mapping[str, int], calendars: Calendars) -> SlaRule:
    return SlaRule(
        name=sla.name,
        start=number[sla.from_],
        stop=number[sla.to],
        start_last=sla.start == "last",
        cancel=frozenset(number[name] for name in sla.cancel_on),
        pauses=tuple((number[pause.from_], number[pause.to], pause.reason) for pause in sla.pauses),
        rule_for=RuleOfFacility(sla.calendar, sla.target, calendars, at_risk=sla.at_risk, whole_days=sla.whole_days),
        objective=sla.objective.share,
        window_days=sla.objective.window_days,
        title=sla.title or sla.name,
        owner=sla.owner,
        calendar=sla.calendar,
        source=sla.source.strip(),
        escalation=compile_escalation(sla.escalation or process.escalation, calendars),
    )


def _expect(one: ExpectText, process: ProcessText, number: Mapping[str, int], calendars: Calendars) -> ExpectRule:
    return ExpectRule(
        name=one.name,
        start=number[one.after],
        stop=number[one.milestone],
        start_last=one.start == "last",
        cancel=frozenset(number[name] for name in one.cancel_on),
        pauses=tuple((number[pause.from_], number[pause.to], pause.reason) for pause in one.pauses),
        rule_for=RuleOfFacility(one.calendar, one.within, calendars),
        title=one.title or process.milestones[one.milestone].title or one.milestone,
        told_by=one.told_by,
        owner=one.owner,
    )


def _ignores(process: ProcessText, vocabulary: Vocabulary) -> frozenset[str]:
    """Event types that are none of this process's business although they may name one of its objects.

    A purchase order names its supplier, yet it is no step of the supplier's onboarding: without this every
    order ever placed would be folded into that case. Steps are the events on an object of the process, those
    that reach a milestone, and those that open a case.
    """
    own = objects_of(process)
    matched = {activity for milestone in process.milestones.values() for activity in milestone.on} | set(process.begins)
    return frozenset(
        name for name, event in vocabulary.events.items() if event.object not in own and name not in matched
    )
