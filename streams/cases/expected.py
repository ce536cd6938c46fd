"""What a case is expected to tell, brought up to an instant, and what changed since it was last read."""

from typing import NamedTuple

from streams.cases.case_state import CaseState
from streams.cases.expectation import AWAITED, Expectation, changed_at, read_expectation, stands
from streams.correlation.messages import CaseKey


class ExpectationChange(NamedTuple):
    """An expectation's status changed (its mere beginning is no change): `at` is the event's time, or its due."""

    case: CaseKey
    expectation: str
    status: str
    at: int
    cause: str
    revision: int


def read_expectations(case: CaseState, facility: str, now: int, cause: str, *, again: bool) -> list[ExpectationChange]:
    """Bring `case.expected` up to `now`; `again`: whatever it showed, for the case was folded anew or has moved."""
    changes: list[ExpectationChange] = []
    definition = case.plan.definition
    first = len(definition.slas)
    for index, rule in enumerate(definition.expects):
        marks, old = case.fold.clocks[first + index], case.expected[index]
        if not again and stands(old, marks, now):
            continue
        new = case.expected[index] = read_expectation(rule.rule_for(facility), marks, now, old)
        status = _status(new)
        if status != _status(old):
            at = case.fold.last_time if new is None else changed_at(new, marks)
            changes.append(ExpectationChange(case.key, rule.name, status, at, cause, case.revision))
    return changes


def next_due(expected: list[Expectation | None]) -> int | None:
    """The earliest instant at which one of them falls due; None: never."""
    return min((one.next_due for one in expected if one is not None and one.next_due is not None), default=None)


def _status(one: Expectation | None) -> str:
    """What does not exist (any more) is as good as awaited: no exception stands."""
    return AWAITED if one is None else one.status
