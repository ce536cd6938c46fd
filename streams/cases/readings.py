"""Reads a case's clocks at an instant and tells what changed since they were last read."""

from typing import NamedTuple

from metrics.sla.clock import RUNNING, ClockReading, ClockRule, read_clock, read_steady_clock
from streams.cases.case_state import CaseState
from streams.cases.expected import ExpectationChange, next_due, read_expectations
from streams.cases.fold import ClockMarks
from streams.correlation.messages import CaseKey

FINAL = frozenset({"met", "breached", "cancelled"})


class Transition(NamedTuple):
    """A clock's status changed (a mere start is no change): `at` is the event's time; for a breach, the deadline."""

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
    expectations: list[ExpectationChange]


def read_clocks(case: CaseState, now: int, *, by_timer: bool = False) -> Changes:
    """Bring `case.readings`, `case.expected` and `case.due` up to `now`.

    A clock that runs on is shown as of the case's last event, or as of its own last change of status since then:
    what is stored follows from the events and from what fell due, never from when somebody happened to look.
    """
    changes = Changes([], [], [])
    facility = case.fold.attributes.get("facility", "")
    again = case.recount or facility != case.facility
    cause = "timer" if by_timer else "event"
    for index, (rule, marks) in enumerate(zip(case.plan.definition.slas, case.fold.clocks, strict=False)):
        old = case.readings[index]
        if old is not None and not again and _settled(old, marks):
            continue
        until = now if old is None else max(now, _reached(old))
        new = _read(case, index, marks, facility, until, None if again else old)
        case.readings[index] = new
        if new is not None and new.status != (RUNNING if old is None else old.status):
            at = _instant(new, marks)
            changes.transitions.append(Transition(case.key, rule.name, new.status, at, cause, case.revision))
        if old is not None and new is not None and _restates(old, new):
            event_id = case.late[-1][0].id if case.late else ""
            changes.restatements.append(Restatement(case.key, rule.name, case.revision, event_id, old, new))
    if case.expected:
        changes.expectations.extend(read_expectations(case, facility, now, cause, again=again))
    case.facility, case.recount = facility, False
    case.due = due_of(case)
    return changes


def due_of(case: CaseState) -> int | None:
    """When, as last read, something of the case changes by the passing of time alone; None: never."""
    dues = [reading.next_due for reading in case.readings if reading is not None and reading.next_due is not None]
    if case.expected and (due := next_due(case.expected)) is not None:
        dues.append(due)
    return min(dues, default=None)


def _read(
    case: CaseState, index: int, marks: ClockMarks, facility: str, now: int, old: ClockReading | None
) -> ClockReading | None:
    if marks.started is None:
        return None
    rule = case.plan.definition.slas[index].rule_for(facility)
    at = case.fold.last_time
    reading = _read_at(rule, marks, at, old)
    while (due := reading.next_due) is not None and at < due <= now:
        at = due
        reading = _read_at(rule, marks, at, reading)
    return reading


def _read_at(rule: ClockRule, marks: ClockMarks, at: int, earlier: ClockReading | None) -> ClockReading:
    """The clock at an instant. One that never stood still keeps the deadline that an `earlier` reading found."""
    started = marks.started
    assert started is not None
    if not marks.pauses:
        instants = None
        if earlier is not None and earlier.started == started:
            instants = (earlier.at_risk_at, earlier.deadline)
        return read_steady_clock(rule, started, marks.stopped, marks.cancelled, at, instants)
    return read_clock(
        rule,
        started=started,
        stopped=marks.stopped,
        cancelled=marks.cancelled,
        pauses=[(start, end) for start, end, _ in marks.pauses],
        now=at,
    )


def _settled(old: ClockReading, marks: ClockMarks) -> bool:
    """A clock at rest need not be read again while its marks stand."""
    if old.started != marks.started:
        return False
    return (old.stopped is not None and old.stopped == marks.stopped) or (
        old.status == "cancelled" and marks.cancelled is not None and marks.stopped is None
    )


def _reached(reading: ClockReading) -> int:
    """The instant that this reading proves to be past: a clock is never read earlier than it was."""
    passed = {"breached": reading.deadline, "at_risk": reading.at_risk_at}.get(reading.status)
    return reading.started if passed is None else passed


def _restates(old: ClockReading, new: ClockReading) -> bool:
    """Whether what came to rest proves wrong. A new lap, or a cancelling after the deadline, goes on from there."""
    if old.status not in FINAL or (old.status == new.status and (old.stopped is None or old.net == new.net)):
        return False
    at = _rested(old)
    new_lap = new.started > old.started and new.started >= at
    cancelled_since = new.status == "cancelled" and _rested(new) >= at
    return not (new_lap or cancelled_since)


def _rested(reading: ClockReading) -> int:
    """When a clock came to rest: stopped, cancelled, or, for one that runs on past its deadline, then."""
    if reading.status == "cancelled":
        return reading.started + reading.gross
    return _reached(reading) if reading.stopped is None else reading.stopped


def _instant(reading: ClockReading, marks: ClockMarks) -> int:
    """When the status came to be."""
    if reading.status in FINAL:
        late = reading.status == "breached" and reading.deadline is not None
        return _reached(reading) if late else _rested(reading)
    if reading.status == "paused":
        return max(begun for begun, _, _ in marks.pauses)
    return max([_reached(reading), *(over for _, over, _ in marks.pauses if over is not None)])
