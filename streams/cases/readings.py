"""Reads a case's clocks at an instant and tells what changed since they were last read."""

from typing import NamedTuple

from metrics.sla.clock import ClockReading, read_clock
from streams.cases.case_state import CaseState
from streams.cases.fold import ClockMarks
from streams.correlation.messages import CaseKey

FINAL = frozenset({"met", "breached", "cancelled"})


class Transition(NamedTuple):
    """A clock's status changed: `at` is the event's time or, for a breach, the deadline."""

    case: CaseKey
    clock: str
    status: str
    at: int
    cause: str
    revision: int


class Restatement(NamedTuple):
    """A clock that had come to rest now shows something else."""

    case: CaseKey
    clock: str
    revision: int
    event_id: str
    old: ClockReading
    new: ClockReading


class Changes(NamedTuple):
    transitions: list[Transition]
    restatements: list[Restatement]


def read_clocks(case: CaseState, now: int, *, by_timer: bool = False) -> Changes:
    """Bring `case.readings` and `case.due` up to `now`."""
    changes = Changes([], [])
    facility = case.fold.attributes.get("facility", "")
    again = case.recount or facility != case.facility
    cause = "timer" if by_timer else "event"
    for index, (rule, marks) in enumerate(zip(case.plan.definition.slas, case.fold.clocks, strict=True)):
        old = case.readings[index]
        if old is not None and not again and _settled(old, marks):
            continue
        new = _read(case, index, marks, facility, now)
        case.readings[index] = new
        if new is not None and (old is None or old.status != new.status):
            changes.transitions.append(Transition(case.key, rule.name, new.status, _instant(new), cause, case.revision))
        if old is not None and new is not None and _restates(old, new):
            event_id = case.late[-1][0].id if case.late else ""
            changes.restatements.append(Restatement(case.key, rule.name, case.revision, event_id, old, new))
    case.facility, case.recount = facility, False
    case.due = min((r.next_due for r in case.readings if r is not None and r.next_due is not None), default=None)
    return changes


def _read(case: CaseState, index: int, marks: ClockMarks, facility: str, now: int) -> ClockReading | None:
    if marks.started is None:
        return None
    rule = case.plan.definition.slas[index].rule_for(facility)
    pauses = [(start, end) for start, end, _ in marks.pauses]
    now = max(now, case.fold.last_time)
    return read_clock(
        rule, started=marks.started, stopped=marks.stopped, cancelled=marks.cancelled, pauses=pauses, now=now
    )


def _settled(old: ClockReading, marks: ClockMarks) -> bool:
    """A clock at rest need not be read again while its marks stand."""
    if old.started != marks.started:
        return False
    return (old.stopped is not None and old.stopped == marks.stopped) or (
        old.status == "cancelled" and marks.cancelled is not None and marks.stopped is None
    )


def _restates(old: ClockReading, new: ClockReading) -> bool:
    if old.status in FINAL and old.status != new.status:
        return True
    return old.stopped is not None and old.net != new.net


def _instant(reading: ClockReading) -> int:
    """When the status came to be."""
    if reading.status == "breached" and reading.deadline is not None:
        return reading.deadline
    if reading.status == "at_risk" and reading.at_risk_at is not None:
        return reading.at_risk_at
    return reading.started if reading.stopped is None else reading.stopped
