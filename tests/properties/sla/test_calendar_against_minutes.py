"""Calendars answer what counting minutes answers, and keep their laws to the microsecond."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.sla.calendar import Calendar, CalendarSpec, compile_calendar
from metrics.words import DAY, MINUTE
from tests.properties.sla.calendars_to_try import Trial, minutes_of, trials

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOSPITAL = compile_calendar(
    CalendarSpec(
        "h", "America/New_York", {**{day: [(420, 720), (765, 1110)] for day in range(5)}, 5: [(1140, 420)]}, "US"
    )
)
DECADES = st.integers(-70 * 365, 130 * 365).flatmap(
    lambda days: st.integers(days * DAY, (days + 1) * DAY)
)  # 1900 to 2100


@given(st.data(), trials())
@settings(max_examples=80, deadline=None)
def test_working_time_between_two_minutes_is_the_count_of_open_minutes(data: st.DataObject, trial: Trial) -> None:
    begin, end = data.draw(minutes_of(trial)), data.draw(minutes_of(trial))
    expected = (trial.counted[end] - trial.counted[begin]) * MINUTE
    assert trial.calendar.between(trial.window.instant(begin), trial.window.instant(end)) == expected


@given(st.data(), trials())
@settings(max_examples=80, deadline=None)
def test_adding_gives_the_first_minute_by_which_enough_open_minutes_passed(data: st.DataObject, trial: Trial) -> None:
    begin = data.draw(minutes_of(trial))
    duration = data.draw(st.integers(0, trial.counted[trial.window.minutes] - trial.counted[begin]))
    expected = next(
        m for m in range(begin, trial.window.minutes + 1) if trial.counted[m] - trial.counted[begin] >= duration
    )
    assert trial.calendar.add(trial.window.instant(begin), duration * MINUTE) == trial.window.instant(expected)


@given(trials())
@settings(max_examples=50, deadline=None)
def test_a_minute_is_open_exactly_when_it_is_counted(trial: Trial) -> None:
    start, end = trial.window.instant(0), trial.window.instant(trial.window.minutes)
    found = [trial.calendar.is_open(trial.window.instant(minute)) for minute in range(trial.window.minutes)]
    assert found == trial.opened
    intervals = trial.calendar.intervals(start, end)
    assert sum(closed - opened for opened, closed in intervals) == trial.counted[trial.window.minutes] * MINUTE
    edges = [edge for interval in intervals for edge in interval]
    assert edges == sorted(set(edges))


@settings(deadline=None)  # openings are worked out when first asked for
@given(DECADES, DECADES, DECADES)
def test_working_time_adds_up_and_changes_sign(first: int, second: int, third: int) -> None:
    between = HOSPITAL.between
    assert between(first, second) + between(second, third) == between(first, third)
    assert between(first, second) == -between(second, first)


@settings(deadline=None)  # openings are worked out when first asked for
@given(DECADES, st.integers(1, 3 * 365 * DAY))
def test_adding_is_the_smallest_inverse_of_between(start: int, duration: int) -> None:
    end = HOSPITAL.add(start, duration)
    assert HOSPITAL.between(start, end) == duration
    assert HOSPITAL.between(start, end - 1) == duration - 1


@settings(deadline=None)  # openings are worked out when first asked for
@given(DECADES, st.integers(0, 300 * DAY), st.integers(0, 300 * DAY))
def test_adding_twice_is_adding_the_sum(start: int, first: int, second: int) -> None:
    assert HOSPITAL.add(HOSPITAL.add(start, first), second) == HOSPITAL.add(start, first + second)


@settings(deadline=None)  # openings are worked out when first asked for
@given(DECADES, st.integers(0, 500 * DAY))
def test_the_intervals_hold_the_working_time(start: int, length: int) -> None:
    intervals = HOSPITAL.intervals(start, start + length)
    assert sum(closed - opened for opened, closed in intervals) == HOSPITAL.between(start, start + length)


@settings(deadline=None)
@given(
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Manila"]),
    DECADES,
    st.integers(0, 3 * DAY),
)
def test_local_dates_never_go_back_and_hold_their_instants(zone: str, instant: int, step: int) -> None:
    calendar: Calendar = compile_calendar(CalendarSpec("d", zone, {0: [(0, 1)]}))
    day = calendar.day_of(instant)
    assert calendar.start_of_day(day) <= instant < calendar.start_of_day(day + 1)
    assert day <= calendar.day_of(instant + step)
