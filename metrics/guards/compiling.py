"""What a person wrote of guards becomes what the stream asks. Expects what `definitions.checks_guards` found right."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from metrics.definitions.model import Predicate
from metrics.definitions.predicates import compile_where
from metrics.definitions.schema_guards import (
    ACTOR,
    ConditionText,
    FollowsText,
    GuardText,
    LimitText,
    OwnLimitText,
    StatusText,
)
from metrics.definitions.schema_words import Scalar
from metrics.guards.model import (
    Asks,
    DiffersRule,
    FollowsRule,
    Guard,
    LimitRule,
    OwnLimitRule,
    Rule,
    Status,
    StatusRule,
)
from metrics.sla.durations import parse_duration
from metrics.words import Event

WORKER = "worker"
Steps = Mapping[str, tuple[Sequence[str], Mapping[str, Sequence[Scalar]]]]
"""Milestone → its activities, and the attributes that their events must have."""


def compile_guard(process: str, text: GuardText, milestones: Steps) -> Guard:
    """One guard of a process."""
    of, rule = _question(text)
    by_actor = of == ACTOR
    return Guard(
        process=process,
        name=text.name,
        title=text.title,
        owner=text.owner,
        severity=text.severity,
        asks=_asks(text, milestones),
        of=WORKER if by_actor else of,
        by_actor=by_actor,
        rule=rule,
    )


def _asks(text: GuardText, milestones: Steps) -> Asks:
    found: dict[str, tuple[_Both | None, ...]] = {}
    for name in text.when:
        activities, where = milestones.get(name, ((name,), {}))
        one = _Both(compile_where(where), compile_where(text.where)) if where or text.where else None
        for activity in activities:
            found[activity] = (*found.get(activity, ()), one)
    return found


class _Both:
    """Holds where both do."""

    __slots__ = ("_parts",)

    def __init__(self, *parts: Predicate | None) -> None:
        self._parts = tuple(part for part in parts if part is not None)

    def __call__(self, event: Event) -> bool:
        return all(part(event) for part in self._parts)


def _question(text: GuardText) -> tuple[str, Rule]:
    if text.status is not None:
        return text.status.of, _status(text.status)
    if text.differs is not None:
        return text.differs.of, DiffersRule(frozenset(text.differs.from_))
    if text.limit is not None:
        return text.limit.of, _limit(text.limit)
    if text.own_limit is not None:
        return ACTOR, _own_limit(text.own_limit)
    if text.follows is not None:
        return text.follows.of, _follows(text.follows)
    raise ValueError(f"the guard '{text.name}' asks nothing")


def _status(text: StatusText) -> StatusRule:
    must = [_condition(name, one, wanted=True) for name, one in text.must.items()]
    must += [_condition(name, one, wanted=False) for name, one in text.must_not.items()]
    return StatusRule(tuple(must), frozenset(text.known_by), text.heals)


def _condition(name: str, text: ConditionText, *, wanted: bool) -> Status:
    return Status(name, frozenset(text.from_), frozenset(text.until), text.says or "", text.everywhere, wanted)


def _limit(text: LimitText) -> LimitRule:
    limits = {level: (Decimal(value), currency) for level, (value, currency) in _money(text.limits)}
    return LimitRule(frozenset(text.amount), text.level, limits)


def _money(limits: Mapping[str, str]) -> Sequence[tuple[str, tuple[str, str]]]:
    return [(level, (said.split()[0], said.split()[1])) for level, said in limits.items()]


def _own_limit(text: OwnLimitText) -> OwnLimitRule:
    return OwnLimitRule(frozenset(text.told.on), text.told.attribute)


def _follows(text: FollowsText) -> FollowsRule:
    return FollowsRule(
        within=parse_duration(text.within),
        done=frozenset(text.done),
        each=text.each,
        opened=frozenset(text.opened),
        all_done=frozenset(text.all_done),
        cancel=frozenset(text.cancel_on),
        from_effective=text.counts_from == "effective",
        same_system=text.same_system,
    )
