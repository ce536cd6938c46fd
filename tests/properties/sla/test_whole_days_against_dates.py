"""A clock in whole days reads what counting local dates says."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.sla.clock import ClockReading, ClockRule, read_clock
from metrics.words import DAY, MINUTE
from tests.properties.sla.calendars_to_try import Trial, minutes_of, trials
from tests.properties.sla.minute_count import open_minutes

Pauses = list[tuple[int, int | None]]


def read(trial: Trial, target: int, start: int, stop: int | None, pauses: Pauses, now: int) -> ClockReading:
    instant = trial.window.instant
    return read_clock(
        ClockRule(trial.calendar, target * MINUTE, 0.5, whole_days=True),
        started=instant(start),
        stopped=None if stop is None else instant(stop),
        cancelled=None,
        pauses=[(instant(a), None if b is None else instant(b)) for a, b in pauses],
        now=instant(now),
    )


def date_of(trial: Trial, minute: int) -> int:
    """The local date of a minute, in days since 1970-01-01."""
    return trial.window.wall[minute] // 1440


def minutes_by_date(trial: Trial, first: int, last: int, pauses: Pauses) -> int:
    """Open wall minutes of the dates from `first` up to, not including, `last`, paused dates left out."""
    spans = [(date_of(trial, a), None if b is None else date_of(trial, b)) for a, b in pauses]
    dates = [day for day in range(first, last) if not any(a <= day and (b is None or day < b) for a, b in spans)]
    wall = tuple(day * 1440 + minute for day in dates for minute in range(1440))
    spec = trial.spec
    return sum(open_minutes(replace(trial.window, wall=wall), spec.hours, spec.closed, spec.open)) if wall else 0


@given(st.data(), trials(), st.integers(1, 4000))
@settings(max_examples=80, deadline=None)
def test_a_clock_in_whole_days_reads_what_the_dates_say(data: st.DataObject, trial: Trial, target: int) -> None:
    minute = st.integers(0, trial.window.minutes - 1)
    start, stop, now = data.draw(minute), data.draw(st.one_of(st.none(), minute)), data.draw(minute)
    pauses = data.draw(st.lists(st.tuples(minute, st.one_of(st.none(), minute)), max_size=3))
    reading = read(trial, target, start, stop, pauses, now)
    first, last = date_of(trial, start), date_of(trial, now if stop is None else stop)
    used = minutes_by_date(trial, first, last, pauses)
    assert reading.net == used * MINUTE
    if stop is not None:
        assert (reading.status, reading.gross) == ("met" if used <= target else "breached", (last - first) * DAY)
    elif used > target:
        assert reading.status == "breached"
    elif last >= first and any(
        date_of(trial, a) <= last and (b is None or last < date_of(trial, b)) for a, b in pauses
    ):
        assert reading.status == "paused"
    else:
        assert reading.status == ("at_risk" if last >= first and used >= target * 0.5 else "running")
    assert reading.started == trial.window.instant(start)


@given(st.data(), trials(), st.integers(1, 4000))
@settings(max_examples=50, deadline=None)
def test_the_last_date_before_the_deadline_is_met_and_the_next_is_not(
    data: st.DataObject, trial: Trial, target: int
) -> None:
    start = data.draw(minutes_of(trial))
    deadline = read(trial, target, start, None, [], start).deadline
    assert deadline is not None
    rule = ClockRule(trial.calendar, target * MINUTE, 0.5, whole_days=True)
    for stop, status in ((deadline - 1, "met"), (deadline, "breached")):
        reading = read_clock(
            rule, started=trial.window.instant(start), stopped=stop, cancelled=None, pauses=(), now=stop
        )
        assert reading.status == status
