"""Whether what must follow has followed in time. Pure functions of one subject's facts and the present."""

from collections.abc import Sequence
from typing import NamedTuple

from metrics.guards.answering import Wrong
from metrics.guards.model import FollowsRule
from metrics.guards.observing import heard
from metrics.quality.facts import Fact
from metrics.quality.finding import Present, Wake
from metrics.sla.durations import format_duration


class Due(NamedTuple):
    """What became of it: wrong, still to be looked at, or neither."""

    wrong: Wrong | None = None
    wake: Wake | None = None


class _Part(NamedTuple):
    """One thing that must be done, and the fact that did it (None: nothing has)."""

    name: str
    done: Fact | None


def judge_following(rule: FollowsRule, question: Fact, answers: Sequence[Fact], present: Present) -> Due:
    """Whether all was done by the time it was due, as far as the present knows."""
    begin = question.since if rule.from_effective else question.time
    due = begin + rule.within
    facts = sorted(answers, key=lambda fact: (fact.time, fact.proof, fact.field))
    if rule.same_system:
        facts = [fact for fact in facts if fact.system == question.system]
    ended = next((fact for fact in facts if fact.field in rule.cancel and fact.time >= question.time), None)
    parts = _parts(rule, question.time, due, facts)
    open_ones = [part.name for part in parts if part.done is None]
    last = max((part.done.time for part in parts if part.done is not None), default=None)
    through = last if parts and not open_ones else None
    closed = min((time for time in (through, ended.time if ended else None) if time is not None), default=None)
    if closed is not None and closed <= due:
        return Due()
    if closed is None and present(question.feed, "") < due:
        return Due(None, Wake(due, question.feed, ""))
    return Due(Wrong(due, closed, _words(rule, open_ones, closed, due), _proofs(parts, ended)))


def _parts(rule: FollowsRule, asked: int, due: int, facts: Sequence[Fact]) -> list[_Part]:
    """Each thing to be done; without known objects the thing itself."""
    if not rule.each:
        return [_Part("", _first(facts, rule.done, asked))]
    opened: dict[str, int] = {}
    for fact in facts:
        if fact.field in rule.opened and fact.time <= due:
            opened.update((name, fact.time) for name in heard(fact).objects)
    done: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.field in rule.done:
            for name in heard(fact).objects:
                done.setdefault(name, []).append(fact)
    names = sorted({*opened, *(name for name, ends in done.items() if ends[-1].time >= asked)})
    parts = [
        _Part(name, next((fact for fact in done.get(name, ()) if fact.time >= opened.get(name, asked)), None))
        for name in names
    ]
    return parts or [_Part("", _first(facts, rule.all_done, asked))]


def _first(facts: Sequence[Fact], activities: frozenset[str], since: int) -> Fact | None:
    return next((fact for fact in facts if fact.field in activities and fact.time >= since), None)


def _words(rule: FollowsRule, open_ones: Sequence[str], closed: int | None, due: int) -> str:
    within = format_duration(rule.within)
    if closed is not None:
        return f"it took {format_duration(closed - due)} longer than {within}"
    named = ", ".join(name for name in open_ones if name)
    return f"not done within {within}" + (f": {named}" if named else "")


def _proofs(parts: Sequence[_Part], ended: Fact | None) -> tuple[Fact, ...]:
    found = [part.done for part in parts if part.done is not None]
    return (*found, ended) if ended is not None else tuple(found)
