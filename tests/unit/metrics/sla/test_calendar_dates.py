"""Holidays, single dates, and years far off."""

from datetime import UTC, date, datetime
from itertools import pairwise

from metrics.sla.calendar import EVERY_HOUR, Calendar, CalendarSpec, compile_calendar
from metrics.words import DAY, HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EIGHT_TO_FOUR = {day: [(480, 960)] for day in range(5)}


def at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return (moment - EPOCH) // EPOCH.resolution


def facility(country: str = "", subdivision: str = "", **dates: frozenset[date]) -> Calendar:
    return compile_calendar(CalendarSpec("facility", "UTC", EIGHT_TO_FOUR, country, subdivision, **dates))


def hours_on(calendar: Calendar, day: str) -> int:
    return calendar.between(at(day), at(day) + DAY) // HOUR


def test_a_public_holiday_is_closed() -> None:
    assert hours_on(facility("US"), "2026-11-26") == 0  # Thanksgiving
    assert hours_on(facility("DE"), "2026-11-26") == 8
    assert hours_on(facility("DE"), "2026-05-01") == 0


def test_holidays_differ_by_subdivision() -> None:
    assert hours_on(facility("DE", "BY"), "2026-01-06") == 0  # Epiphany in Bavaria
    assert hours_on(facility("DE", "BE"), "2026-01-06") == 8


def test_a_holiday_observed_in_the_year_before_is_closed() -> None:
    assert hours_on(facility("US"), "2021-12-31") == 0  # for Saturday, 1 January 2022


def test_a_working_deadline_skips_weekend_and_holiday() -> None:
    # Friday 2026-07-03 is observed for Saturday, 4 July
    assert facility("US").add(at("2026-07-02T15:00"), 2 * HOUR) == at("2026-07-06T09:00")


def test_a_night_shift_that_began_the_day_before_runs_into_the_holiday() -> None:
    nights = CalendarSpec("nights", "UTC", {day: [(1140, 420)] for day in range(7)}, "DE")
    christmas = compile_calendar(nights).intervals(at("2026-12-24T12:00"), at("2026-12-27T23:59"))
    assert christmas == [
        (at("2026-12-24T19:00"), at("2026-12-25T07:00")),
        (at("2026-12-27T19:00"), at("2026-12-27T23:59")),
    ]


def test_an_extra_closed_day_is_closed() -> None:
    assert hours_on(facility(closed=frozenset({date(2026, 1, 5)})), "2026-01-05") == 0
    assert hours_on(facility(), "2026-01-05") == 8


def test_an_extra_open_day_is_worked_though_it_is_a_holiday_or_a_weekend() -> None:
    calendar = facility("US", open=frozenset({date(2026, 11, 26), date(2026, 1, 10)}))
    assert hours_on(calendar, "2026-11-26") == 8
    assert hours_on(calendar, "2026-01-10") == 8  # a Saturday, with Monday's hours
    assert hours_on(calendar, "2026-01-11") == 0


def test_around_the_clock_with_holidays_still_closes_on_them() -> None:
    calendar = compile_calendar(CalendarSpec("c", "UTC", EVERY_HOUR, "DE"))
    assert hours_on(calendar, "2026-12-25") == 0
    assert hours_on(calendar, "2026-12-24") == 24


def test_a_leap_day_is_a_day_like_others() -> None:
    assert hours_on(facility(), "2028-02-29") == 8  # a Tuesday
    assert facility().add(at("2028-02-28T15:00"), 2 * HOUR) == at("2028-02-29T09:00")
    assert facility().between(at("2027-01-01"), at("2028-01-01")) == 261 * 8 * HOUR
    assert facility().between(at("2028-01-01"), at("2029-01-01")) == 260 * 8 * HOUR


def test_1900_and_2100_have_no_leap_day() -> None:
    assert facility().between(at("1900-02-28"), at("1900-03-02")) == 2 * 8 * HOUR
    assert facility().add(at("2100-02-26T15:00"), 2 * HOUR) == at("2100-03-01T09:00")


def test_1948_and_2100_and_years_without_known_holidays_work() -> None:
    calendar = facility("DE")
    assert calendar.add(at("1948-06-18T15:00"), 2 * HOUR) == at("1948-06-21T09:00")
    assert hours_on(calendar, "2200-12-25") == 8  # beyond the holidays package: none known
    assert hours_on(calendar, "2400-12-25") == 8
    assert calendar.between(at("1948-06-18"), at("1948-06-19")) == 8 * HOUR
    assert hours_on(facility("US"), "2099-12-25") == 0


def test_working_time_over_two_centuries_adds_up_from_its_years() -> None:
    calendar = facility("US", "TX")
    years = [at(f"{year}-01-01") for year in range(1900, 2101)]
    parts = [calendar.between(begin, end) for begin, end in pairwise(years)]
    assert sum(parts) == calendar.between(years[0], years[-1])
    assert calendar.add(years[0], sum(parts)) <= years[-1]
    assert all(240 * 8 * HOUR < part <= 262 * 8 * HOUR for part in parts)
