"""Opening hours without the troubles of DST and holidays."""

from datetime import UTC, date, datetime

import pytest

from metrics.sla.calendar import ALWAYS, EVERY_HOUR, Calendar, CalendarSpec, compile_calendar
from metrics.words import DAY, HOUR, MINUTE, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFICE = CalendarSpec("office", "UTC", {day: [(480, 720), (780, 1020)] for day in range(5)})
NIGHTS = CalendarSpec("nights", "UTC", {day: [(1140, 420)] for day in range(7)})


def at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return (moment - EPOCH) // (EPOCH.resolution)


def office() -> Calendar:
    return compile_calendar(OFFICE)


def test_the_24x7_calendar_counts_every_microsecond() -> None:
    assert ALWAYS.add(-5, 7) == 2
    assert ALWAYS.between(3, -4) == -7
    assert ALWAYS.is_open(0)
    assert ALWAYS.intervals(2, 5) == [(2, 5)]
    assert ALWAYS.intervals(5, 2) == []
    assert ALWAYS.working_day == DAY


def test_time_passes_only_in_opening_hours() -> None:
    # 2026-01-05 is a Monday
    assert office().between(at("2026-01-05T07:00"), at("2026-01-05T18:00")) == 8 * HOUR
    assert office().between(at("2026-01-05T11:30"), at("2026-01-05T13:15")) == 45 * MINUTE
    assert office().between(at("2026-01-09T16:00"), at("2026-01-12T09:00")) == 2 * HOUR
    assert office().between(at("2026-01-10T00:00"), at("2026-01-11T23:00")) == 0


def test_working_time_backwards_is_negative() -> None:
    assert office().between(at("2026-01-12T09:00"), at("2026-01-09T16:00")) == -2 * HOUR
    assert office().between(at("2027-01-12T09:00"), at("2020-01-09T16:00")) == -office().between(
        at("2020-01-09T16:00"), at("2027-01-12T09:00")
    )


def test_a_duration_that_ends_with_a_shift_gives_the_closing_instant() -> None:
    assert office().add(at("2026-01-05T08:00"), 4 * HOUR) == at("2026-01-05T12:00")
    assert office().add(at("2026-01-09T16:00"), HOUR) == at("2026-01-09T17:00")
    assert office().add(at("2026-01-09T16:00"), HOUR + 1) == at("2026-01-12T08:00") + 1


def test_a_start_outside_hours_counts_from_the_next_opening() -> None:
    assert office().add(at("2026-01-10T13:00"), HOUR) == at("2026-01-12T09:00")
    assert office().add(at("2026-01-05T12:00"), HOUR) == at("2026-01-05T14:00")


def test_no_duration_leaves_the_start_where_it_is_even_outside_hours() -> None:
    assert office().add(at("2026-01-10T13:00"), 0) == at("2026-01-10T13:00")


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        office().add(0, -1)


def test_the_opening_instant_is_open_and_the_closing_instant_is_not() -> None:
    assert office().is_open(at("2026-01-05T08:00"))
    assert not office().is_open(at("2026-01-05T08:00") - 1)
    assert not office().is_open(at("2026-01-05T12:00"))
    assert office().is_open(at("2026-01-05T12:00") - 1)


def test_a_night_shift_runs_into_the_next_day() -> None:
    nights = compile_calendar(NIGHTS)
    assert nights.between(at("2026-01-05T12:00"), at("2026-01-06T12:00")) == 12 * HOUR
    assert nights.is_open(at("2026-01-06T06:59"))
    assert nights.add(at("2026-01-05T23:00"), 9 * HOUR) == at("2026-01-06T20:00")


def test_shifts_that_overlap_count_once() -> None:
    spec = CalendarSpec("ward", "UTC", {0: [(1140, 420), (360, 1200)], 1: [(360, 720)]})
    assert compile_calendar(spec).between(at("2026-01-05T00:00"), at("2026-01-06T12:00")) == 30 * HOUR


def test_openings_are_clipped_to_the_question_and_never_touch() -> None:
    found = office().intervals(at("2026-01-05T09:00"), at("2026-01-06T09:00"))
    assert found == [
        (at("2026-01-05T09:00"), at("2026-01-05T12:00")),
        (at("2026-01-05T13:00"), at("2026-01-05T17:00")),
        (at("2026-01-06T08:00"), at("2026-01-06T09:00")),
    ]
    closed_once = compile_calendar(CalendarSpec("c", "UTC", EVERY_HOUR, closed=frozenset({date(2026, 7, 1)})))
    start, end = at("2020-01-01T00:00"), at("2030-01-01T00:00")
    assert closed_once.intervals(start, end) == [(start, at("2026-07-01T00:00")), (at("2026-07-02T00:00"), end)]


def test_shifts_that_touch_are_one_opening() -> None:
    calendar = compile_calendar(CalendarSpec("handover", "UTC", {0: [(480, 720), (720, 960)]}))
    assert calendar.intervals(at("2026-01-05"), at("2026-01-06")) == [(at("2026-01-05T08:00"), at("2026-01-05T16:00"))]


def test_an_interval_that_begins_at_a_closing_instant_is_left_out() -> None:
    assert office().intervals(at("2026-01-05T12:00"), at("2026-01-05T13:00")) == []


def test_a_working_day_is_the_mean_of_the_weekdays_that_are_worked() -> None:
    assert office().working_day == 8 * HOUR
    assert compile_calendar(NIGHTS).working_day == 12 * HOUR
    short_friday = {**{day: [(480, 960)] for day in range(4)}, 4: [(480, 840)]}
    assert compile_calendar(CalendarSpec("f", "UTC", short_friday)).working_day == 7 * HOUR + 36 * MINUTE


def test_equal_specs_share_one_calendar() -> None:
    again = CalendarSpec("office", "UTC", dict.fromkeys(reversed(range(5)), ((480, 720), (780, 1020))))
    assert compile_calendar(again) is office()


def test_hours_around_the_clock_need_no_list_of_openings() -> None:
    calendar = compile_calendar(CalendarSpec("24x7 Berlin", "Europe/Berlin", EVERY_HOUR))
    assert type(calendar) is Calendar
    assert calendar.zone.key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (CalendarSpec("c", "UTC", {}), "never open"),
        (CalendarSpec("c", "UTC", {7: [(0, 60)]}), "weekday 7 is not one of 0"),
        (CalendarSpec("c", "UTC", {0: [(60, 60)]}), "Monday.*is no shift"),
        (CalendarSpec("c", "UTC", {6: [(0, 1441)]}), "Sunday.*is no shift"),
        (CalendarSpec("c", "UTC", {6: [(-1, 60)]}), "Sunday.*is no shift"),
        (CalendarSpec("c", "Europe/Berln", EVERY_HOUR), "did you mean Europe/Berlin"),
        (CalendarSpec("c", "../secret", EVERY_HOUR), "unknown time zone"),
        (CalendarSpec("c", "UTC", EVERY_HOUR, country="UX"), "no holidays are known for country 'UX'"),
        (CalendarSpec("c", "UTC", EVERY_HOUR, country="DE", subdivision="XX"), "it has: BB, BE,"),
        (CalendarSpec("c", "UTC", EVERY_HOUR, subdivision="TX"), "needs a country"),
        (
            CalendarSpec(
                "c", "UTC", EVERY_HOUR, closed=frozenset({date(2026, 1, 1)}), open=frozenset({date(2026, 1, 1)})
            ),
            "2026-01-01 is both closed and open",
        ),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(spec: CalendarSpec, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compile_calendar(spec)


def test_years_beyond_any_date_are_closed_and_never_hang() -> None:
    far = 10**18  # year 33658
    assert office().between(far, far + DAY) == 0
    assert office().add(far, HOUR) == far
    end = office().add(at("9996-06-01T00:00"), 10**6 * HOUR)
    assert at("9997-01-01T00:00") < end < at("9999-01-01T00:00")
    assert office().add(at("9996-06-01T00:00"), 10**7 * HOUR) == end
    assert not office().is_open(-far)
    assert office().add(-far, SECOND) < at("0005-01-01T00:00")
