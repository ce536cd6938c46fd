"""A schedule is due exactly once in each of its periods, whatever its zone does to the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics.reports.schedule import Schedule
from metrics.sla.zones import load_zone
from metrics.words import DAY, HOUR, MINUTE

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo")
SCHEDULES = st.builds(
    Schedule,
    st.integers(0, 1439),
    st.sampled_from(ZONES).map(load_zone),
    st.integers(0, 31),
    st.integers(0, 6),
)
INSTANTS = st.integers(0, 2_145_000_000).map(lambda second: second * 1_000_000)
SPRING = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()) * 1_000_000
AUTUMN = int(datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()) * 1_000_000
BERLIN = load_zone("Europe/Berlin")


@settings(max_examples=120, deadline=None)
@given(SCHEDULES, INSTANTS)
@example(Schedule(150, BERLIN, day=29), SPRING)
@example(Schedule(150, BERLIN, weekday=6), AUTUMN)
@example(
    Schedule(0, load_zone("Pacific/Apia"), day=30), int(datetime(2011, 12, 31, tzinfo=UTC).timestamp()) * 1_000_000
)
def test_the_instants_of_a_schedule_follow_each_other_one_a_period(schedule: Schedule, now: int) -> None:
    newest, coming = schedule.newest(now), schedule.next(now)
    assert newest.at <= now < coming.at
    assert coming.period == newest.period + 1
    assert schedule.newest(coming.at) == coming
    assert schedule.newest(coming.at - 1) == newest
    assert schedule.period_of(newest.at) == newest.period


@settings(max_examples=15, deadline=None)
@given(SCHEDULES, INSTANTS)
def test_looking_every_few_hours_for_three_months_finds_each_period_once(schedule: Schedule, start: int) -> None:
    seen = [schedule.newest(at) for at in range(start, start + 92 * DAY, 7 * HOUR)]
    periods = sorted(set(seen))
    assert [one.period for one in periods] == list(range(periods[0].period, periods[-1].period + 1))
    assert len({one.at for one in periods}) == len(periods)


@pytest.mark.parametrize(
    ("minute", "day", "at"),
    [
        (150, 29, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # 02:30 is skipped: the first instant after the gap
        (90, 29, datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_does_not_exist_is_the_first_instant_after_the_gap(minute: int, day: int, at: datetime) -> None:
    assert Schedule(minute, BERLIN, day=day).newest(SPRING + DAY).at == int(at.timestamp()) * 1_000_000


def test_a_time_that_exists_twice_is_due_the_second_time_alone() -> None:
    schedule = Schedule(150, BERLIN, weekday=6)  # 02:30 on Sunday: 00:30 and 01:30 UTC
    due = schedule.newest(AUTUMN + DAY)
    assert due.at == AUTUMN + 30 * MINUTE
    assert schedule.newest(AUTUMN - 30 * MINUTE).period == due.period - 1


def test_the_last_day_stands_for_days_that_a_month_has_not() -> None:
    schedule = Schedule(420, load_zone("UTC"), day=31)
    found = [schedule.due((2026 - 1970) * 12 + month).at // 1_000_000 for month in range(4)]
    assert [datetime.fromtimestamp(at, UTC).day for at in found] == [31, 28, 31, 30]


def test_the_month_before_is_that_before_the_day_it_is_due() -> None:
    schedule = Schedule(30, BERLIN, day=1)  # 00:30 in Berlin is still the month before in UTC
    due = schedule.newest(int(datetime(2026, 6, 2, tzinfo=UTC).timestamp()) * 1_000_000)
    assert schedule.month_before(due) == date(2026, 5, 1)
    assert datetime.fromtimestamp(due.at / 1e6, UTC).date() == date(2026, 6, 1) - timedelta(days=1)
