"""One SLA clock of one case, read at an instant."""

from collections.abc import Sequence
from typing import NamedTuple

from metrics.sla.calendar import Calendar
from metrics.words import DAY

RUNNING = "running"
PAUSED = "paused"
AT_RISK = "at_risk"
MET = "met"
BREACHED = "breached"
CANCELLED = "cancelled"

Stretch = tuple[int, int | None]


class ClockRule(NamedTuple):
    """The arithmetic of a clock: `target` in microseconds of `calendar` time.

    At risk once `at_risk_share` of the target is used up. `whole_days`: one end is date-only, so the
    pair is measured in whole days of the calendar's zone.
    """

    calendar: Calendar
    target: int
    at_risk_share: float
    whole_days: bool = False


class ClockReading(NamedTuple):
    """What a clock shows. Times and durations in microseconds; `deadline` and `at_risk_at` are None while paused.

    `next_due` is when the status would change by the passing of time alone (None: never).
    Instants that were reached before a pause began stay known during it.
    """

    status: str
    started: int
    stopped: int | None
    at_risk_at: int | None
    deadline: int | None
    gross: int
    net: int
    next_due: int | None


class _Span(NamedTuple):
    """A clock's facts on the time line it is measured on; `void`: it ended by cancelling."""

    start: int
    end: int | None
    void: bool
    pauses: list[Stretch]


def read_clock(
    rule: ClockRule,
    *,
    started: int,
    stopped: int | None,
    cancelled: int | None,
    pauses: Sequence[Stretch],
    now: int,
) -> ClockReading:
    """What the clock shows at `now`, given every fact known about it (a fact later than `now` counts too).

    - Net is calendar time outside the pauses, gross is elapsed time; both end with the stop or cancel.
    - Pauses may overlap, lack an end, or reach beyond the clock; one that ends before it begins is none.
    - Stopped: met when net ≤ target, so a stop at the deadline is met; else breached, at the deadline.
      A stop before the start is met with net 0 and keeps its negative gross.
    - Not stopped: breached from the deadline on, paused or not; else paused within a pause.
    - A cancel before the stop cancels, even past the deadline; one at or after the stop changes nothing.
    - The deadline of an ended clock is the one it would have had without pauses after its end.
    - Whole days: each instant stands for its local date. Net is the open time of the dates from the
      start's up to, not including, the end's, as if no clock were ever put forward or back. The
      deadline is the midnight that ends the last date on which a stop is still met.
    """
    void = cancelled is not None and (stopped is None or cancelled < stopped)
    end = cancelled if void else stopped
    if rule.whole_days:
        return _read_in_days(rule, _Span(started, end, void, list(pauses)), stopped, now)
    reading = _read(rule, _Span(started, end, void, _merge(pauses, started, end)), now)
    return reading if reading.stopped == stopped else reading._replace(stopped=stopped)


def read_steady_clock(
    rule: ClockRule,
    started: int,
    stopped: int | None,
    cancelled: int | None,
    now: int,
    instants: tuple[int | None, int | None] | None = None,
) -> ClockReading:
    """`read_clock` of a clock without pauses, the usual one, at a third of the cost.

    `instants`: when it is at risk and due, as an earlier reading with this rule and start said (None: not known).
    """
    if rule.whole_days:
        return read_clock(rule, started=started, stopped=stopped, cancelled=cancelled, pauses=(), now=now)
    calendar, target, share, _ = rule
    void = cancelled is not None and (stopped is None or cancelled < stopped)
    end = cancelled if void else stopped
    if instants is None or instants[0] is None or instants[1] is None:
        instants = (calendar.add(started, round(target * share)), calendar.add(started, target))
    at_risk_at, deadline = instants
    if end is not None:
        net = calendar.between(started, end) if end > started else 0
        status = CANCELLED if void else MET if net <= target else BREACHED
        return ClockReading(status, started, stopped, at_risk_at, deadline, end - started, net, None)
    gross, net = (now - started, calendar.between(started, now)) if now > started else (0, 0)
    if deadline is not None and deadline <= now:
        return ClockReading(BREACHED, started, None, at_risk_at, deadline, gross, net, None)
    if at_risk_at is not None and at_risk_at <= now:
        return ClockReading(AT_RISK, started, None, at_risk_at, deadline, gross, net, deadline)
    return ClockReading(RUNNING, started, None, at_risk_at, deadline, gross, net, at_risk_at)


def _read(rule: ClockRule, span: _Span, now: int) -> ClockReading:
    """Reads a clock whose facts and calendar lie on one time line."""
    calendar, target, share, whole_days = rule
    start, end, void, pauses = span
    stretches = _stretches(start, pauses)
    at_risk_at = _reach(calendar, stretches, round(target * share))
    deadline = _reach(calendar, stretches, target + 1 if whole_days else target)
    until = now if end is None else end
    net = _net(calendar, stretches, until)
    if end is not None:
        status = CANCELLED if void else MET if net <= target else BREACHED
        return ClockReading(status, start, end, at_risk_at, deadline, end - start, net, None)
    gross = max(0, now - start)
    if deadline is not None and deadline <= now:
        return ClockReading(BREACHED, start, None, at_risk_at, deadline, gross, net, None)
    if at_risk_at is not None and at_risk_at <= now:
        status, future = AT_RISK, [deadline]
    else:
        status, future = RUNNING, [at_risk_at, deadline]
    for pause_start, pause_end in pauses:
        if now < pause_start:
            future.append(pause_start)
        elif pause_end is None or now < pause_end:
            passed = at_risk_at if status is AT_RISK else None
            return ClockReading(PAUSED, start, None, passed, None, gross, net, pause_end)
    due = min((instant for instant in future if instant is not None), default=None)
    return ClockReading(status, start, None, at_risk_at, deadline, gross, net, due)


def _read_in_days(rule: ClockRule, span: _Span, stopped: int | None, now: int) -> ClockReading:
    """Reads a clock on the time line of local dates, each 24 hours long, and takes its instants back to real ones."""
    calendar = rule.calendar

    def floor(instant: int) -> int:
        return calendar.day_of(instant) * DAY

    def real(wall: int | None) -> int | None:
        return None if wall is None else calendar.start_of_day(-(-wall // DAY))

    start, end = floor(span.start), None if span.end is None else floor(span.end)
    pauses = [(floor(a), None if b is None else floor(b)) for a, b in span.pauses]
    dated = _Span(start, end, span.void, _merge(pauses, start, end))
    reading = _read(rule._replace(calendar=calendar.without_dst()), dated, floor(now))
    return reading._replace(
        started=span.start,
        stopped=stopped,
        at_risk_at=real(reading.at_risk_at),
        deadline=real(reading.deadline),
        next_due=real(reading.next_due),
    )


def _merge(pauses: Sequence[Stretch], start: int, end: int | None) -> list[Stretch]:
    """Pauses sorted, disjoint, and clipped to the clock; only the last may lack an end."""
    merged: list[Stretch] = []
    for begin, finish in sorted(pauses, key=_begin) if len(pauses) > 1 else pauses:
        begin = max(begin, start)
        if end is not None:
            finish = end if finish is None else min(finish, end)
        if finish is not None and finish <= begin:
            continue
        if merged:
            last_begin, last_finish = merged[-1]
            if last_finish is None:
                break
            if begin <= last_finish:
                merged[-1] = (last_begin, None if finish is None else max(finish, last_finish))
                continue
        merged.append((begin, finish))
    return merged


def _begin(pause: Stretch) -> int:
    return pause[0]


def _stretches(start: int, pauses: list[Stretch]) -> list[Stretch]:
    """The stretches between merged pauses; the last lacks an end unless a pause does."""
    if not pauses:
        return [(start, None)]
    stretches: list[Stretch] = []
    since: int | None = start
    for begin, finish in pauses:
        if since is not None:
            stretches.append((since, begin))
        since = finish
    if since is not None:
        stretches.append((since, None))
    return stretches


def _reach(calendar: Calendar, stretches: list[Stretch], amount: int) -> int | None:
    """The first instant by which `amount` of calendar time has passed in the stretches; None: never."""
    for begin, finish in stretches:
        if finish is None:
            return calendar.add(begin, amount)
        worked = calendar.between(begin, finish)
        if worked >= amount:
            return calendar.add(begin, amount)
        amount -= worked
    return None


def _net(calendar: Calendar, stretches: list[Stretch], until: int) -> int:
    """Calendar time in the stretches before `until`; 0 when that is before the first."""
    net = 0
    for begin, finish in stretches:
        if begin >= until:
            break
        net += calendar.between(begin, until if finish is None or finish > until else finish)
    return net
