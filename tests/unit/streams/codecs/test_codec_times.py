"""Texts to microseconds and back."""

from zoneinfo import ZoneInfo

import pytest

from metrics.texts.times import checked_date, instant, written
from metrics.words import HOUR, SECOND
from streams.codecs.reasons import Unreadable

NOON = 1_767_355_200 * SECOND  # 2026-01-02T12:00:00Z
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-01-02T12:00:00Z", 0),
        ("2026-01-02t12:00:00z", 0),
        ("2026-01-02 12:00:00+00:00", 0),
        ("2026-01-02T12:00:00-00:00", 0),
        ("2026-01-02T17:45:00+05:45", 0),
        ("2026-01-01T22:30:00-13:30", 0),
        ("2026-01-02T12:00:00.1Z", 100_000),
        ("2026-01-02T12:00:00.123456Z", 123_456),
        ("2026-01-02T12:00:00.123456789Z", 123_456),
        ("2026-01-02T13:00:00.001+01:00", 1_000),
        ("2026-01-02T12:00Z", 0),
    ],
)
def test_every_spelling_of_an_instant_is_the_same_instant(text: str, micros: int) -> None:
    assert instant(text) == NOON + micros
    assert instant(text) == NOON + micros  # and again from the look-up tables


def test_times_before_1970_are_negative_and_truncate_downwards_in_the_second() -> None:
    assert instant("1969-12-31T23:59:59.9999999Z") == -1
    assert instant("1948-05-01T00:00:00Z") == -683_856_000 * SECOND


def test_a_leap_second_is_the_first_instant_of_the_next_minute() -> None:
    assert instant("2016-12-31T23:59:60.5Z") == instant("2017-01-01T00:00:00.5Z")
    assert instant("2017-01-01T00:59:60+01:00") == instant("2017-01-01T00:00:00Z")
    with pytest.raises(Unreadable, match="leap second"):
        instant("2026-01-02T12:00:60Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-02T24:00:00Z",
        "2026-01-02T12:60:00Z",
        "2026-01-02T12:00:00+24:00",
        "2026-1-2T12:00:00Z",
        "2026-01-02T12:00:00.Z",
        "2026-01-02T12:00:00.1234567890Z",
        "２026-01-02T12:00:00Z",
        "2026-01-02T12:00:00.١٢٣٤٥٦Z",
        "0000-01-01T00:00:00Z",
        "2026-01-02T12:00:00Z ",
        "2026-01-02T12:00:00Zz",
    ],
)
def test_what_is_no_time_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        instant(text)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("1900-01-01T00:00:00Z", True),
        ("2199-12-31T23:59:59.999999Z", True),
        ("1899-12-31T23:59:59.999999Z", False),
        ("2200-01-01T00:00:00Z", False),
        ("2200-01-01T00:30:00+01:00", True),
        ("1900-01-01T00:30:00+01:00", False),
        ("9999-12-31T23:59:59Z", False),
    ],
)
def test_the_horizon_is_1900_to_2199_in_utc(text: str, inside: bool) -> None:
    if inside:
        assert written(instant(text)).startswith(("1900", "2199"))
    else:
        with pytest.raises(Unreadable, match="outside"):
            instant(text)


def test_a_time_without_offset_needs_a_zone() -> None:
    with pytest.raises(Unreadable, match="no zone"):
        instant("2026-01-02T13:00:00")
    assert instant("2026-01-02T13:00:00", BERLIN) == NOON
    assert instant("2026-07-02T14:00:00", BERLIN) == instant("2026-07-02T12:00:00Z")


def test_in_a_gap_it_is_the_first_valid_instant_after_it() -> None:
    first = instant("2026-03-29T01:00:00Z")  # 02:00 to 03:00 does not exist in Berlin
    for text in ("02:00:00", "02:30:00", "02:59:59.999999"):
        assert instant(f"2026-03-29T{text}", BERLIN) == first
    assert instant("2026-03-29T03:00:00", BERLIN) == first
    assert instant("2026-03-29T01:59:59", BERLIN) == first - SECOND


def test_in_an_overlap_it_is_the_later() -> None:
    assert instant("2026-10-25T02:30:00", BERLIN) == instant("2026-10-25T01:30:00Z")
    assert instant("2026-10-25T01:59:59", BERLIN) == instant("2026-10-24T23:59:59Z")


def test_a_gap_of_a_whole_day_ends_where_the_calendar_goes_on() -> None:
    apia = ZoneInfo("Pacific/Apia")  # 2011-12-30 was left out
    assert instant("2011-12-30T12:00:00", apia) == instant("2011-12-31T00:00:00", apia)


def test_half_hour_gaps_are_found_too() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert instant("2025-10-05T02:10:00", lord_howe) == instant("2025-10-05T02:30:00", lord_howe)


def test_what_is_written_has_six_digits_and_utc() -> None:
    assert written(NOON + 5) == "2026-01-02T12:00:00.000005Z"
    assert written(-1) == "1969-12-31T23:59:59.999999Z"
    assert written(NOON - 12 * HOUR) == "2026-01-02T00:00:00.000000Z"


def test_a_date_may_lie_in_the_year_9999_but_must_exist() -> None:
    assert checked_date("9999-12-31") == "9999-12-31"
    for text in ("2026-02-29", "2026-2-1", "20260201", ""):
        with pytest.raises(Unreadable):
            checked_date(text)
