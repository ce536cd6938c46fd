"""Intervals and when they close."""

from zoneinfo import ZoneInfo

import pytest

from metrics.figures.closing import Closing, FeedClock
from metrics.figures.intervals import Interval, begins, ends, intervals_of, last_closed
from metrics.figures.rules import load_figure_rules
from metrics.words import DAY, HOUR

NOW = 1_772_409_600_000_000 + 10 * DAY
"""12 March 2026, 0:00 UTC."""
RULES = load_figure_rules()
LIVE = FeedClock("live", 0, NOW, frozenset({"p"}))
LOADING = FeedClock("backfill", NOW - 90 * DAY, NOW, frozenset({"q"}))


def test_a_live_feed_closes_by_the_wall_clock_after_the_grace() -> None:
    assert Closing([LIVE], RULES, NOW, None).until("p") == NOW - RULES.grace


def test_unread_records_hold_intervals_open_back_to_their_watermark() -> None:
    assert Closing([LIVE], RULES, NOW, NOW - DAY).until("p") == NOW - DAY - RULES.grace


def test_a_feed_that_sends_its_history_closes_nothing_until_its_patience_is_over() -> None:
    assert Closing([LIVE, LOADING], RULES, NOW, None).until("p") is None
    stuck = LOADING._replace(last_seen=NOW - RULES.patience)
    assert Closing([LIVE, stuck], RULES, NOW, None).until("p") == NOW - RULES.grace


def test_what_files_that_are_through_brought_closes_by_their_own_times_whatever_else_loads() -> None:
    ended = FeedClock("end", NOW - 400 * DAY, NOW, frozenset({"log"}))
    assert Closing([LOADING, ended], RULES, NOW, None).until("log") == NOW - 400 * DAY - RULES.grace
    assert Closing([LIVE, ended], RULES, NOW, None).until("p") == NOW - RULES.grace


def test_by_the_wall_files_that_are_through_neither_open_nor_close_anything() -> None:
    ended = [FeedClock("end", at, NOW, frozenset({"log"})) for at in (NOW - 400 * DAY, NOW + 60_000 * DAY)]
    assert Closing(ended, RULES, NOW, None).by_wall() == NOW - RULES.grace
    assert Closing(ended, RULES, NOW, NOW - DAY).by_wall() == NOW - DAY - RULES.grace
    assert Closing([*ended, LOADING], RULES, NOW, None).by_wall() is None


@pytest.mark.parametrize(
    ("unit", "start", "hours"), [("day", "2026-03-29", 23), ("day", "2026-10-25", 25), ("week", "2026-10-19", 169)]
)
def test_days_are_as_long_as_their_zone_makes_them(unit: str, start: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert ends(Interval(unit, start), zone) - begins(start, zone) == hours * HOUR


def test_a_day_whose_midnight_does_not_exist_begins_with_its_first_instant() -> None:
    zone = ZoneInfo("America/Santiago")  # 6 September 2026 begins at 1:00
    begun = begins("2026-09-06", zone)
    assert intervals_of(begun, zone)[0].start == "2026-09-06"
    assert intervals_of(begun - 1, zone)[0].start == "2026-09-05"


def test_the_last_closed_interval_is_the_one_before_the_running_one() -> None:
    found = {unit: last_closed(unit, NOW, ZoneInfo("UTC")) for unit in ("day", "week", "month")}
    assert found == {"day": "2026-03-11", "week": "2026-03-02", "month": "2026-02-01"}
