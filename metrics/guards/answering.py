"""Answers to questions of guards: whether it was right at the time of the event. Pure functions of facts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from metrics.guards.model import DiffersRule, LimitRule, OwnLimitRule, Status, StatusRule
from metrics.guards.observing import Heard, heard
from metrics.quality.facts import Fact
from metrics.words import ObjectRef


class Wrong(NamedTuple):
    """A violation: since `opened`, until `healed` (None: not yet), in words; `proofs` are the facts that show it."""

    opened: int
    healed: int | None
    detail: str
    proofs: tuple[Fact, ...]


def judge_status(rule: StatusRule, question: Fact, answers: Sequence[Fact]) -> Wrong | None:
    """Whether the object had every status that it must have, and none that it must not have, at the event's time."""
    timeline = sorted(answers, key=_order)
    before = [fact for fact in timeline if fact.since <= question.time]
    if not before:
        return None
    failing = _failing(rule, before)
    if not failing:
        return None
    proofs = tuple(fact for one in failing for fact in _last_words(one, before))
    known = proofs or (before[-1],)
    return Wrong(question.time, _healed(rule, question, timeline), _status_words(failing), known)


def _failing(rule: StatusRule, before: Sequence[Fact]) -> list[Status]:
    return [one for one in rule.statuses if _holds(one, before) != one.wanted]


def _holds(status: Status, before: Sequence[Fact]) -> bool:
    words = _last_words(status, before)
    return bool(words) and all(fact.field in status.since for fact in words)


def _last_words(status: Status, before: Sequence[Fact]) -> list[Fact]:
    """The last word of each system that tells of it; of the last system alone where one is enough."""
    last: dict[str, Fact] = {}
    for fact in before:
        begins = fact.field in status.since and (not status.says or status.says in heard(fact).words)
        if begins or fact.field in status.until:
            last[fact.system if status.everywhere else ""] = fact
    return [fact for _, fact in sorted(last.items())]


def _healed(rule: StatusRule, question: Fact, timeline: Sequence[Fact]) -> int | None:
    """When the status came right after all, where that counts."""
    if not rule.heals:
        return None
    for end, fact in enumerate(timeline, start=1):
        last_of_moment = end == len(timeline) or timeline[end].since > fact.since
        if fact.since > question.time and last_of_moment and not _failing(rule, timeline[:end]):
            return fact.since
    return None


def _status_words(failing: Iterable[Status]) -> str:
    said = [f"{'not ' if one.wanted else ''}{one.name.replace('_', ' ')}" for one in failing]
    return ", ".join(said)


def judge_difference(_rule: DiffersRule, question: Fact, answers: Sequence[Fact]) -> Wrong | None:
    """Whether somebody else did what came before."""
    actor = heard(question).actor
    if not actor:
        return None
    same = [fact for fact in answers if fact.time <= question.time and heard(fact).actor == actor]
    if not same:
        return None
    acts = ", ".join(sorted({fact.field for fact in same}))
    return Wrong(question.time, None, f"{actor} did this and also {acts}", tuple(same))


def judge_limit(rule: LimitRule, question: Fact, answers: Sequence[Fact]) -> Wrong | None:
    """Whether the amount told last was at most what the level allows."""
    level = heard(question).words.get(rule.level, "")
    limit = rule.limits.get(level)
    told = [fact for fact in answers if fact.time <= question.time and heard(fact).amount]
    if limit is None or not told:
        return None
    last = max(told, key=_order)
    return _above(question, heard(last), *limit, f"what {level} may decide", (last,))


def judge_own_limit(rule: OwnLimitRule, question: Fact, answers: Sequence[Fact]) -> Wrong | None:
    """Whether the event's amount was at most the worker's limit, a number or a number and a currency."""
    told = [fact for fact in answers if fact.since <= question.time and rule.attribute in heard(fact).words]
    if not told:
        return None
    last = max(told, key=_order)
    value, _, currency = heard(last).words[rule.attribute].partition(" ")
    try:
        limit = Decimal(value)
    except ArithmeticError:
        return None
    if not limit.is_finite():
        return None
    asked = heard(question)
    return _above(question, asked, limit, currency or asked.currency, f"the limit of {last.id}", (last,))


def _above(
    question: Fact, told: Heard, limit: Decimal, currency: str, whose: str, proofs: tuple[Fact, ...]
) -> Wrong | None:
    """Amounts in another currency than the limit's are not compared."""
    if not told.amount or told.currency != currency or Decimal(told.amount) <= limit:
        return None
    detail = f"{told.amount} {told.currency} is above {whose}: {limit} {currency}"
    return Wrong(question.time, None, detail, proofs)


def _order(fact: Fact) -> tuple[int, int, str, str]:
    return (fact.since, fact.time, fact.proof, fact.field)


def document_of(question: Fact) -> ObjectRef:
    """What the question was asked about: an order, an approval."""
    type, _, id = heard(question).document.partition("/")
    return ObjectRef(type, id)
