"""Durations as people write and read them."""

import pytest

from metrics.sla.durations import format_duration, parse_duration
from metrics.words import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4h", 4 * HOUR),
        ("3d 4h 30m", 3 * DAY + 4 * HOUR + 30 * MINUTE),
        ("3 days, 4 hours", 3 * DAY + 4 * HOUR),
        (" 1.5 Hours ", 90 * MINUTE),
        ("90 min", 90 * MINUTE),
        ("2w", 14 * DAY),
        ("0s", 0),
        ("0.000001 s", 1),
        ("250ms", 250_000),
        ("7 µs", 7),
        ("P3DT4H30M", 3 * DAY + 4 * HOUR + 30 * MINUTE),
        ("P2W", 14 * DAY),
        ("PT0.5S", SECOND // 2),
        ("pt1,5h", 90 * MINUTE),
    ],
)
def test_people_and_iso_8601_are_understood(text: str, expected: int) -> None:
    assert parse_duration(text) == expected


def test_a_working_day_is_as_long_as_the_calendar_says() -> None:
    assert parse_duration("2 wd", working_day=8 * HOUR) == 16 * HOUR
    assert parse_duration("2 business days", working_day=8 * HOUR) == 16 * HOUR
    assert parse_duration("1 working day 2h", working_day=12 * HOUR) == 14 * HOUR


def test_a_day_is_24_hours_on_every_calendar() -> None:
    assert parse_duration("1d", working_day=8 * HOUR) == 24 * HOUR


def test_a_working_day_without_a_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="no calendar says how long one is"):
        parse_duration("2 wd")


@pytest.mark.parametrize(
    "text", ["", "4", "h", "-4h", "4 months", "P", "PT", "P1Y", "P1M", "1h and 5m", "P1DT", "4 h days"]
)
def test_what_cannot_be_read_is_answered_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read the duration .*such as '3d 4h 30m'.*P3DT4H30M"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["30m 4h", "1h 1h", "2h 5 hours"])
def test_units_out_of_order_or_twice_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="from large to small, each once"):
        parse_duration(text)


def test_a_part_of_a_microsecond_is_refused() -> None:
    with pytest.raises(ValueError, match="finer than a microsecond"):
        parse_duration("0.5us")


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (0, "0 s"),
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 d 4 h"),
        (3 * DAY + 59 * MINUTE, "3 d"),
        (400 * DAY, "400 d"),
        (2 * HOUR, "2 h"),
        (MINUTE + 5 * SECOND, "1 m 5 s"),
        (60 * SECOND - 1, "59 s 999 ms"),
        (1_500, "1 ms 500 us"),
        (7, "7 us"),
        (-2 * HOUR - 5 * MINUTE, "-2 h 5 m"),
    ],
)
def test_a_duration_shows_its_two_largest_units_and_is_cut(duration: int, expected: str) -> None:
    assert format_duration(duration) == expected
