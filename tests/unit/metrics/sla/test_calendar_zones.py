"""Clocks that go forward and back, and dates that begin at odd instants."""

from datetime import UTC, datetime

import pytest

from metrics.sla.calendar import EVERY_HOUR, Calendar, CalendarSpec, compile_calendar
from metrics.sla.openings import BLOCK_SHIFT
from metrics.sla.zones import day_of, load_zone, start_of_day, to_instant
from metrics.words import DAY, HOUR, MINUTE, SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return (moment - EPOCH) // EPOCH.resolution


def daily(zone: str, begin: int, end: int) -> Calendar:
    return compile_calendar(CalendarSpec("daily", zone, {day: [(begin, end)] for day in range(7)}))


def day_number(text: str) -> int:
    return at(text) // DAY


# Europe/Berlin 2026: forward on 29 March at 01:00 UTC, back on 25 October at 01:00 UTC.
# America/New_York 2026: forward on 8 March at 07:00 UTC, back on 1 November at 06:00 UTC.


@pytest.mark.parametrize(
    ("zone", "forward", "back"),
    [
        ("Europe/Berlin", ("2026-03-28T23:00", "2026-03-29T22:00"), ("2026-10-24T22:00", "2026-10-25T23:00")),
        ("America/New_York", ("2026-03-08T05:00", "2026-03-09T04:00"), ("2026-11-01T04:00", "2026-11-02T05:00")),
    ],
)
def test_a_local_day_has_23_hours_in_spring_and_25_in_autumn(
    zone: str, forward: tuple[str, str], back: tuple[str, str]
) -> None:
    calendar = daily(zone, 0, 1440)
    for (begin, end), hours in ((forward, 23), (back, 25)):
        day = calendar.day_of(at(begin))
        assert (calendar.start_of_day(day), calendar.start_of_day(day + 1)) == (at(begin), at(end))
        assert calendar.between(at(begin), at(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("zone", "forward_noon", "back_noon"),
    [
        ("Europe/Berlin", "2026-03-29T12:00", "2026-10-25T12:00"),
        ("America/New_York", "2026-03-08T12:00", "2026-11-01T12:00"),
    ],
)
def test_a_night_shift_loses_an_hour_in_spring_and_gains_one_in_autumn(
    zone: str, forward_noon: str, back_noon: str
) -> None:
    nights = daily(zone, 1140, 420)
    for noon, hours in ((forward_noon, 11), (back_noon, 13)):
        (opened, closed), *_ = nights.intervals(at(noon) - DAY, at(noon))
        assert closed - opened == hours * HOUR


def test_an_opening_in_the_gap_becomes_the_first_valid_instant_after_it() -> None:
    berlin = daily("Europe/Berlin", 150, 240)  # 02:30–04:00
    assert berlin.intervals(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == [
        (at("2026-03-29T01:00"), at("2026-03-29T02:00"))
    ]
    new_york = daily("America/New_York", 150, 240)
    assert new_york.intervals(at("2026-03-08T00:00"), at("2026-03-08T12:00")) == [
        (at("2026-03-08T07:00"), at("2026-03-08T08:00"))
    ]


def test_a_shift_that_lies_in_the_gap_whole_does_not_happen() -> None:
    berlin = daily("Europe/Berlin", 130, 170)
    assert berlin.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 0


def test_an_opening_or_closing_that_occurs_twice_means_the_later() -> None:
    opens_late = daily("Europe/Berlin", 150, 240)  # 02:30–04:00: 02:30 CET is 01:30 UTC
    assert opens_late.intervals(at("2026-10-25T00:00"), at("2026-10-25T12:00")) == [
        (at("2026-10-25T01:30"), at("2026-10-25T03:00"))
    ]
    closes_late = daily("America/New_York", 0, 90)  # 00:00–01:30: 01:30 EST is 06:30 UTC
    assert closes_late.intervals(at("2026-11-01T00:00"), at("2026-11-01T12:00")) == [
        (at("2026-11-01T04:00"), at("2026-11-01T06:30"))
    ]


def test_a_deadline_counts_the_hours_that_really_passed() -> None:
    assert daily("Europe/Berlin", 0, 1440).add(at("2026-03-28T23:00"), 24 * HOUR) == at("2026-03-29T23:00")
    nights = daily("America/New_York", 1140, 420)
    assert nights.add(at("2026-11-01T00:00"), 13 * HOUR) == at("2026-11-02T01:00")


def test_a_gap_that_is_no_whole_hour_is_found_to_the_second() -> None:
    lord_howe = load_zone("Australia/Lord_Howe")  # half an hour forward on 4 October 2026 at 15:30 UTC of the 3rd
    assert to_instant(at("2026-10-04T02:15"), lord_howe) == at("2026-10-03T15:30")
    berlin = load_zone("Europe/Berlin")  # 6 min 32 s forward from local mean time on 1 April 1893
    assert to_instant(at("1893-04-01T00:03"), berlin) == at("1893-03-31T23:06") + 32 * SECOND


def test_a_date_that_a_zone_skipped_has_no_length() -> None:
    apia = load_zone("Pacific/Apia")  # there was no 30 December 2011
    skipped = day_number("2011-12-30T00:00")
    assert start_of_day(skipped, apia) == start_of_day(skipped + 1, apia) == at("2011-12-30T10:00")
    assert day_of(at("2011-12-30T09:59"), apia) == skipped - 1
    assert day_of(at("2011-12-30T10:00"), apia) == skipped + 1


def test_a_date_begins_at_the_later_of_two_midnights_and_never_goes_back() -> None:
    st_johns = load_zone("America/St_Johns")  # on 29 October 2006 clocks went from 00:01 back to 23:01
    sunday = day_number("2006-10-29T00:00")
    begins = start_of_day(sunday, st_johns)
    assert begins == at("2006-10-29T03:30")
    days = [day_of(begins + minute * MINUTE, st_johns) for minute in range(-90, 90)]
    assert days == sorted(days)
    assert day_of(begins - 1, st_johns) == sunday - 1


def test_a_midnight_in_the_gap_is_the_first_instant_of_its_date() -> None:
    sao_paulo = load_zone("America/Sao_Paulo")  # forward at midnight of 4 November 2018
    assert start_of_day(day_number("2018-11-04T00:00"), sao_paulo) == at("2018-11-04T03:00")


@pytest.mark.parametrize(
    ("zone", "begin", "end"), [("Pacific/Pago_Pago", 1200, 1080), ("Pacific/Kiritimati", 60, 1380)]
)
def test_no_shift_is_lost_where_one_stretch_of_worked_out_openings_meets_the_next(
    zone: str, begin: int, end: int
) -> None:
    long_shifts = daily(zone, begin, end)
    for index in range(30, 60):
        seam = index << BLOCK_SHIFT
        inner = long_shifts.intervals(seam - 4 * DAY, seam + 4 * DAY)[1:-1]
        assert len(inner) >= 6
        assert {closed - opened for opened, closed in inner} == {22 * HOUR}


def test_wall_time_knows_no_dst() -> None:
    wall = daily("Europe/Berlin", 480, 1020).without_dst()
    assert wall.intervals(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == [
        (at("2026-03-29T08:00"), at("2026-03-29T17:00"))
    ]
    around_the_clock = compile_calendar(CalendarSpec("24x7", "Europe/Berlin", EVERY_HOUR))
    assert around_the_clock.without_dst().between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == DAY
