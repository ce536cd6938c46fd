"""Clocks of which one end is a date: whole local days, whatever the hour."""

from datetime import UTC, datetime
from typing import Any

from metrics.sla.calendar import EVERY_HOUR, CalendarSpec, compile_calendar
from metrics.sla.clock import ClockReading, ClockRule, read_clock
from metrics.words import DAY, HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BERLIN = compile_calendar(CalendarSpec("24x7 Berlin", "Europe/Berlin", EVERY_HOUR))
OFFICE = compile_calendar(CalendarSpec("office", "Europe/Berlin", {day: [(480, 960)] for day in range(5)}))
TWO_DAYS = ClockRule(BERLIN, 2 * DAY, 0.5, whole_days=True)
TWO_WORKING_DAYS = ClockRule(OFFICE, 16 * HOUR, 0.5, whole_days=True)


def at(text: str) -> int:
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (moment - EPOCH) // EPOCH.resolution


def read(rule: ClockRule, started: str, now: str, stopped: str | None = None, **facts: Any) -> ClockReading:
    stop = None if stopped is None else at(stopped)
    return read_clock(
        rule, **{"started": at(started), "stopped": stop, "cancelled": None, "pauses": (), "now": at(now), **facts}
    )


def test_the_hour_of_the_day_does_not_matter() -> None:
    for start in ("2026-01-05T00:30+01:00", "2026-01-05T23:30+01:00"):
        for stop in ("2026-01-07T00:10+01:00", "2026-01-07T23:50+01:00"):
            reading = read(TWO_DAYS, start, "2026-02-01", stop)
            assert (reading.status, reading.net, reading.gross) == ("met", 2 * DAY, 2 * DAY)
            assert (reading.started, reading.stopped) == (at(start), at(stop))


def test_the_local_date_decides_and_not_the_date_in_utc() -> None:
    # 23:30 UTC is the next day in Berlin
    assert read(TWO_DAYS, "2026-01-05T23:30", "2026-02-01", "2026-01-08T22:30").net == 2 * DAY


def test_the_deadline_is_the_end_of_the_last_date_that_is_still_met() -> None:
    started = "2026-01-05T15:00+01:00"
    assert read(TWO_DAYS, started, started).deadline == at("2026-01-08T00:00+01:00")
    assert read(TWO_DAYS, started, "2026-01-07T23:59+01:00").status == "at_risk"
    assert read(TWO_DAYS, started, "2026-01-08T00:00+01:00").status == "breached"
    assert read(TWO_DAYS, started, "2026-02-01", "2026-01-08T00:00+01:00").status == "breached"


def test_at_risk_begins_with_a_date() -> None:
    started = "2026-01-05T15:00+01:00"
    assert read(TWO_DAYS, started, "2026-01-05T23:59+01:00").status == "running"
    assert read(TWO_DAYS, started, "2026-01-05T23:59+01:00").next_due == at("2026-01-06T00:00+01:00")
    at_risk = read(TWO_DAYS, started, "2026-01-06T00:00+01:00")
    assert (at_risk.status, at_risk.next_due) == ("at_risk", at("2026-01-08T00:00+01:00"))


def test_a_day_of_25_hours_is_one_day() -> None:
    met = read(TWO_DAYS, "2026-10-24T12:00+02:00", "2026-12-01", "2026-10-26T23:00+01:00")
    assert (met.status, met.net) == ("met", 2 * DAY)
    assert met.deadline == at("2026-10-27T00:00+01:00")


def test_on_a_business_calendar_only_working_days_count() -> None:
    # Thursday to Tuesday: Thursday, Friday and Monday have passed
    reading = read(TWO_WORKING_DAYS, "2026-01-08T20:00+01:00", "2026-02-01", "2026-01-13T05:00+01:00")
    assert (reading.status, reading.net, reading.gross) == ("breached", 24 * HOUR, 5 * DAY)
    # the first minute with more than two working days used lies on Monday: over at its midnight
    assert reading.deadline == at("2026-01-13T00:00+01:00")
    monday = read(TWO_WORKING_DAYS, "2026-01-08T20:00+01:00", "2026-02-01", "2026-01-12T23:00+01:00")
    assert monday.status == "met"


def test_the_same_date_is_no_time_even_when_the_date_comes_before_the_hour() -> None:
    reading = read(TWO_DAYS, "2026-01-05T15:00+01:00", "2026-02-01", "2026-01-05T00:00+01:00")
    assert (reading.status, reading.net, reading.gross) == ("met", 0, 0)


def test_an_earlier_date_is_a_negative_pair_in_days() -> None:
    reading = read(TWO_DAYS, "2026-01-05T15:00+01:00", "2026-02-01", "2026-01-03T23:00+01:00")
    assert (reading.status, reading.net, reading.gross) == ("met", 0, -2 * DAY)


def test_a_pause_counts_from_its_date_to_the_date_of_its_end() -> None:
    pauses = [(at("2026-01-06T22:00+01:00"), at("2026-01-08T01:00+01:00"))]
    reading = read(TWO_DAYS, "2026-01-05T15:00+01:00", "2026-01-09T12:00+01:00", pauses=pauses)
    assert (reading.status, reading.net, reading.deadline) == ("at_risk", 2 * DAY, at("2026-01-10T00:00+01:00"))
    within_a_day = [(at("2026-01-06T08:00+01:00"), at("2026-01-06T20:00+01:00"))]
    assert read(TWO_DAYS, "2026-01-05T15:00+01:00", "2026-01-06T12:00+01:00", pauses=within_a_day).status == "at_risk"


def test_a_cancel_is_compared_with_the_stop_by_the_instant() -> None:
    morning, evening = "2026-01-06T09:00+01:00", "2026-01-06T17:00+01:00"
    assert read(TWO_DAYS, "2026-01-05", "2026-02-01", evening, cancelled=at(morning)).status == "cancelled"
    assert read(TWO_DAYS, "2026-01-05", "2026-02-01", morning, cancelled=at(evening)).status == "met"
