"""What one SLA clock shows: statuses, pauses, deadlines, and the instant when it would change by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from metrics.sla.calendar import ALWAYS, CalendarSpec, compile_calendar
from metrics.sla.clock import ClockReading, ClockRule, read_clock
from metrics.words import DAY, HOUR, MINUTE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEN_HOURS = ClockRule(ALWAYS, 10 * HOUR, 0.8)
OFFICE = compile_calendar(CalendarSpec("office", "UTC", {day: [(480, 960)] for day in range(5)}))


def at(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return (moment - EPOCH) // EPOCH.resolution


def read(rule: ClockRule = TEN_HOURS, **facts: Any) -> ClockReading:
    """A clock that starts at 0 and is read at 0, unless said otherwise."""
    return read_clock(rule, **{"started": 0, "stopped": None, "cancelled": None, "pauses": (), "now": 0, **facts})


def test_a_young_clock_runs_and_knows_when_it_will_change() -> None:
    assert read(now=HOUR) == ClockReading(
        status="running",
        started=0,
        stopped=None,
        at_risk_at=8 * HOUR,
        deadline=10 * HOUR,
        gross=HOUR,
        net=HOUR,
        next_due=8 * HOUR,
    )


def test_a_clock_is_at_risk_from_its_share_of_the_target_on() -> None:
    assert read(now=8 * HOUR - 1).status == "running"
    at_risk = read(now=8 * HOUR)
    assert (at_risk.status, at_risk.next_due) == ("at_risk", 10 * HOUR)


def test_a_running_clock_is_breached_from_its_deadline_on() -> None:
    assert read(now=10 * HOUR - 1).status == "at_risk"
    breached = read(now=10 * HOUR)
    assert (breached.status, breached.deadline, breached.next_due) == ("breached", 10 * HOUR, None)


def test_a_stop_exactly_at_the_deadline_is_met() -> None:
    met = read(stopped=10 * HOUR, now=DAY)
    assert (met.status, met.net, met.gross, met.next_due) == ("met", 10 * HOUR, 10 * HOUR, None)
    assert read(stopped=10 * HOUR + 1, now=DAY).status == "breached"


def test_a_stopped_clock_reads_the_same_whenever_it_is_read() -> None:
    readings = {read(stopped=4 * HOUR, pauses=[(HOUR, 2 * HOUR)], now=now) for now in (0, 4 * HOUR, 99 * DAY)}
    assert len(readings) == 1


def test_a_breach_keeps_its_deadline_when_the_stop_comes_later() -> None:
    assert read(stopped=30 * HOUR, now=DAY).deadline == 10 * HOUR


def test_a_target_at_risk_from_the_first_moment_and_one_never_at_risk() -> None:
    assert read(ClockRule(ALWAYS, HOUR, 0.0)).status == "at_risk"
    never = read(ClockRule(ALWAYS, HOUR, 1.0), now=HOUR - 1)
    assert (never.status, never.next_due) == ("running", HOUR)
    assert read(ClockRule(ALWAYS, HOUR, 1.0), now=HOUR).status == "breached"


def test_a_clock_that_starts_after_now_runs_with_nothing_used() -> None:
    early = read(started=5 * HOUR, now=0)
    assert (early.status, early.gross, early.net, early.deadline) == ("running", 0, 0, 15 * HOUR)


def test_a_stop_before_the_start_is_met_and_keeps_its_negative_gross() -> None:
    negative = read(started=5 * HOUR, stopped=2 * HOUR, pauses=[(0, None)], now=DAY)
    assert (negative.status, negative.net, negative.gross, negative.next_due) == ("met", 0, -3 * HOUR, None)


# Pauses


def test_a_pause_moves_the_deadline_and_leaves_the_net_time() -> None:
    running = read(pauses=[(HOUR, 3 * HOUR)], now=4 * HOUR)
    assert (running.status, running.gross, running.net) == ("running", 4 * HOUR, 2 * HOUR)
    assert (running.at_risk_at, running.deadline) == (10 * HOUR, 12 * HOUR)


def test_a_paused_clock_has_no_deadline_and_waits_for_no_timer() -> None:
    paused = read(pauses=[(HOUR, None)], now=DAY)
    assert paused == ClockReading("paused", 0, None, None, None, DAY, HOUR, None)


def test_a_pause_begins_with_its_first_instant_and_is_over_at_its_last() -> None:
    assert read(pauses=[(HOUR, 2 * HOUR)], now=HOUR - 1).status == "running"
    assert read(pauses=[(HOUR, 2 * HOUR)], now=HOUR).status == "paused"
    assert read(pauses=[(HOUR, 2 * HOUR)], now=2 * HOUR - 1).status == "paused"
    assert read(pauses=[(HOUR, 2 * HOUR)], now=2 * HOUR).status == "running"


def test_a_pause_after_the_breach_does_not_undo_it() -> None:
    breached = read(pauses=[(11 * HOUR, None)], now=DAY)
    assert (breached.status, breached.deadline, breached.net) == ("breached", 10 * HOUR, 11 * HOUR)


def test_a_pause_that_begins_at_the_deadline_comes_too_late() -> None:
    assert read(pauses=[(10 * HOUR, None)], now=DAY).status == "breached"
    assert read(pauses=[(10 * HOUR - 1, None)], now=DAY).status == "paused"


def test_what_was_reached_before_the_pause_stays_known_during_it() -> None:
    paused = read(pauses=[(9 * HOUR, None)], now=DAY)
    assert (paused.status, paused.at_risk_at, paused.deadline) == ("paused", 8 * HOUR, None)


def test_pauses_that_overlap_count_once() -> None:
    pauses = [(5 * HOUR, 7 * HOUR), (HOUR, 4 * HOUR), (2 * HOUR, 3 * HOUR), (4 * HOUR, 6 * HOUR)]
    assert read(pauses=pauses, now=8 * HOUR).net == 2 * HOUR
    assert read(pauses=[(HOUR, None), (2 * HOUR, 3 * HOUR), (4 * HOUR, None)], now=8 * HOUR).net == HOUR


def test_pauses_are_clipped_to_the_clock() -> None:
    pauses = [(-5 * HOUR, HOUR), (5 * HOUR, 9 * HOUR), (20 * HOUR, None)]
    stopped = read(stopped=6 * HOUR, pauses=pauses, now=DAY)
    assert (stopped.status, stopped.net, stopped.gross) == ("met", 4 * HOUR, 6 * HOUR)
    assert stopped.deadline == 12 * HOUR  # 4 h used by the stop, 6 h left and no pause after it


def test_a_pause_that_is_over_before_the_start_or_before_it_begins_is_none() -> None:
    assert read(pauses=[(-3 * HOUR, -HOUR), (4 * HOUR, 2 * HOUR), (3 * HOUR, 3 * HOUR)], now=5 * HOUR).net == 5 * HOUR


def test_a_pause_from_before_the_start_holds_the_clock_at_zero() -> None:
    paused = read(pauses=[(-3 * HOUR, None)], now=5 * HOUR)
    assert (paused.status, paused.net) == ("paused", 0)


def test_a_pause_known_ahead_changes_the_status_by_itself_at_both_ends() -> None:
    pauses = [(2 * HOUR, 4 * HOUR)]
    assert read(pauses=pauses, now=HOUR).next_due == 2 * HOUR
    assert read(pauses=pauses, now=HOUR).deadline == 12 * HOUR
    held = read(pauses=pauses, now=3 * HOUR)
    assert (held.status, held.at_risk_at, held.deadline, held.next_due) == ("paused", None, None, 4 * HOUR)


def test_a_pause_that_is_still_ahead_leaves_the_net_time_of_now() -> None:
    assert read(pauses=[(5 * HOUR, 6 * HOUR)], now=2 * HOUR).net == 2 * HOUR
    assert read(pauses=[(5 * HOUR, None)], now=2 * HOUR).net == 2 * HOUR


def test_pauses_that_touch_are_one_pause() -> None:
    reading = read(pauses=[(2 * HOUR, 4 * HOUR), (HOUR, 2 * HOUR)], now=HOUR)
    assert (reading.status, reading.next_due) == ("paused", 4 * HOUR)


# Cancelling


def test_a_cancel_before_the_stop_cancels() -> None:
    cancelled = read(cancelled=2 * HOUR, stopped=3 * HOUR, now=DAY)
    assert (cancelled.status, cancelled.stopped, cancelled.net, cancelled.next_due) == (
        "cancelled",
        3 * HOUR,
        2 * HOUR,
        None,
    )
    assert read(cancelled=2 * HOUR, now=DAY).status == "cancelled"


def test_a_cancel_at_or_after_the_stop_changes_nothing() -> None:
    assert read(stopped=3 * HOUR, cancelled=3 * HOUR, now=DAY) == read(stopped=3 * HOUR, now=DAY)
    assert read(stopped=3 * HOUR, cancelled=4 * HOUR, now=DAY).status == "met"


def test_a_cancel_past_the_deadline_still_cancels() -> None:
    assert read(cancelled=20 * HOUR, now=DAY).status == "cancelled"


# On a business calendar (2026-01-09 is a Friday)


def test_a_business_clock_stands_still_over_the_weekend() -> None:
    rule = ClockRule(OFFICE, 4 * HOUR, 0.5)
    reading = read(rule, started=at("2026-01-09T15:00"), now=at("2026-01-11T12:00"))
    assert (reading.status, reading.net) == ("running", HOUR)
    assert (reading.at_risk_at, reading.deadline) == (at("2026-01-12T09:00"), at("2026-01-12T11:00"))


def test_a_deadline_at_closing_time_is_the_closing_time() -> None:
    rule = ClockRule(OFFICE, 8 * HOUR, 0.5)
    friday = read(rule, started=at("2026-01-09T07:00"), now=at("2026-01-09T16:00"))
    assert (friday.status, friday.deadline) == ("breached", at("2026-01-09T16:00"))
    evening = read(rule, started=at("2026-01-09T07:00"), stopped=at("2026-01-09T22:00"), now=at("2026-01-12T00:00"))
    assert evening.status == "met"  # no working time passed after closing


def test_pauses_outside_hours_cost_nothing() -> None:
    rule = ClockRule(OFFICE, 4 * HOUR, 0.5)
    pauses = [(at("2026-01-09T15:00"), at("2026-01-12T09:00"))]
    reading = read(rule, started=at("2026-01-09T14:00"), pauses=pauses, now=at("2026-01-12T10:00"))
    assert (reading.status, reading.net, reading.deadline) == ("at_risk", 2 * HOUR, at("2026-01-12T12:00"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.75, 0.9])
def test_at_risk_is_never_after_the_deadline(share: float) -> None:
    reading = read(ClockRule(OFFICE, 3 * HOUR + 7 * MINUTE, share), started=at("2026-01-09T15:59"))
    assert reading.at_risk_at is not None
    assert reading.deadline is not None
    assert reading.at_risk_at <= reading.deadline
