"""Opening hours and desks."""

from datetime import UTC, date, datetime

from metrics.words import HOUR
from streams.simulator.clockwork import Desk, OfficeHours, micros

MONDAY = micros(datetime(2026, 11, 16, tzinfo=UTC))


def office(closed: frozenset[date] = frozenset()) -> OfficeHours:
    return OfficeHours("UTC", range(5), 8, 17, closed.__contains__, MONDAY)


def test_work_that_does_not_fit_into_the_day_goes_on_the_next_morning() -> None:
    assert office().after(MONDAY + 16 * HOUR, 2 * HOUR) == MONDAY + (24 + 9) * HOUR


def test_a_weekend_and_a_holiday_are_skipped() -> None:
    hours = office(frozenset({date(2026, 11, 23)}))
    friday_evening = MONDAY + (4 * 24 + 18) * HOUR
    assert hours.opening(friday_evening) == MONDAY + (8 * 24 + 8) * HOUR


def test_work_before_the_first_opening_waits_for_it() -> None:
    assert office().after(MONDAY + HOUR, HOUR) == MONDAY + 9 * HOUR


def test_a_busy_desk_makes_the_next_one_wait() -> None:
    desk = Desk(office(), ["W-1", "W-2"])
    begin = MONDAY + 8 * HOUR
    done = [desk.serve(begin, HOUR)[0] for _ in range(5)]
    assert [(at - begin) // HOUR for at in done] == [1, 1, 2, 2, 3]
    assert desk.backlog(begin) == 2 * HOUR
