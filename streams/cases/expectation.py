"""One expectation of one case, read at an instant: a milestone that should be heard of within a time after another."""

from typing import NamedTuple

from metrics.sla.clock import BREACHED, CANCELLED, MET, ClockReading, ClockRule, read_clock, read_steady_clock
from streams.cases.fold import ClockMarks

AWAITED = "awaited"
SEEN = "seen"
UNSEEN = "unseen"
LATE = "late"


class Expectation(NamedTuple):
    """What became of it. Times in microseconds; `due` is None while its clock stands still.

    `status`: awaited; seen in time; unseen, the exception that waits for its owner; late, seen after all; cancelled.
    `next_due` is when the status would change by the passing of time alone (None: never).
    """

    status: str
    since: int
    due: int | None
    seen: int | None
    next_due: int | None


def read_expectation(rule: ClockRule, marks: ClockMarks, now: int, old: Expectation | None) -> Expectation | None:
    """The expectation at `now`, given every fact about its case; None while nothing is expected yet.

    What was unseen once is never read earlier than that, whatever the clock says: only facts take it back.
    """
    if marks.started is None:
        return None
    until = max(now, marks.started)
    if old is not None and old.status == UNSEEN and old.due is not None:
        until = max(until, old.due)
    if marks.pauses:
        pauses = [(start, end) for start, end, _ in marks.pauses]
        reading = read_clock(
            rule, started=marks.started, stopped=marks.stopped, cancelled=marks.cancelled, pauses=pauses, now=until
        )
    else:
        reading = read_steady_clock(rule, marks.started, marks.stopped, marks.cancelled, until)
    status = _status(reading)
    return Expectation(status, reading.started, reading.deadline, marks.stopped, _due(status, reading))


def stands(old: Expectation | None, marks: ClockMarks, now: int) -> bool:
    """Whether reading it again would show the same: no fact about it is new, and nothing fell due."""
    if old is None:
        return marks.started is None
    if old.since != marks.started or old.seen != marks.stopped:
        return False
    if old.seen is not None:
        return True
    if (old.status == CANCELLED) != (marks.cancelled is not None):
        return False
    return not marks.pauses and (old.next_due is None or now < old.next_due)


def changed_at(new: Expectation, marks: ClockMarks) -> int:
    """When the status came to be: the event's time, or the instant at which it fell due."""
    if new.status == CANCELLED and marks.cancelled is not None:
        return marks.cancelled
    if new.seen is not None:
        return new.seen
    return new.since if new.status != UNSEEN or new.due is None else new.due


def _status(reading: ClockReading) -> str:
    if reading.status == BREACHED:
        return UNSEEN if reading.stopped is None else LATE
    return {MET: SEEN, CANCELLED: CANCELLED}.get(reading.status, AWAITED)


def _due(status: str, reading: ClockReading) -> int | None:
    """Only the deadline changes a status; a pause begins and ends with events."""
    return reading.deadline if status == AWAITED else None
