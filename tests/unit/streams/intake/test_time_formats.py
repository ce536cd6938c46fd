"""Which format a time column has, and what its values mean."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from metrics.texts.time_formats import UnclearFormat, detect_format, parser_of
from metrics.texts.times import instant
from streams.codecs.reasons import Unreadable

MOMENT = instant("2011-02-16T14:31:00Z")


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2011-02-16T14:31:00Z"], "iso"),
        (["2011/02/16 14:31:00.000"], "iso"),
        (["20110216T143100"], "iso"),
        (["20110216"], "iso"),
        (["1297866660"], "epoch_s"),
        (["1297866660.25"], "epoch_s"),
        (["1297866660000"], "epoch_ms"),
        (["1297866660000000"], "epoch_us"),
        (["1297866660000000000"], "epoch_ns"),
        (["16.02.2011 14:31"], "dmy"),
        (["02/03/2011", "16/02/2011"], "dmy"),
        (["02/03/2011", "02/16/2011"], "mdy"),
        (["01.02.2011"], "dmy"),
        (["", "  ", "2011-02-16"], "iso"),
        ([], "iso"),
        (["n/a", "2011-02-16", "2011-02-17"], "iso"),
    ],
)
def test_the_format_is_found_from_the_values(values: list[str], form: str) -> None:
    assert detect_format(values, "when") == form


def test_day_and_month_that_cannot_be_told_apart_are_asked_for() -> None:
    with pytest.raises(UnclearFormat, match="dmy or mdy"):
        detect_format(["01/02/2011", "03/04/2011 10:00"], "when")


def test_one_clear_value_far_down_decides_between_day_and_month() -> None:
    assert detect_format([*["01/02/2011"] * 5000, "31/01/2011"], "when") == "dmy"


def test_a_format_that_is_not_known_is_asked_for_with_an_example() -> None:
    with pytest.raises(UnclearFormat, match=r"cannot tell the time format of '16 Feb 2011'; name it"):
        detect_format(["16 Feb 2011"], "when")
    with pytest.raises(UnclearFormat, match="unknown time format"):
        parser_of("european", UTC)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "2011-02-16T14:31:00Z"),
        ("iso", "2011/02/16 14:31:00.000"),
        ("iso", "2011.02.16 14:31"),
        ("iso", " 2011-02-16T15:31:00+01:00 "),
        ("iso", "20110216143100"),
        ("iso", "20110216T1431Z"),
        ("dmy", "16/02/2011 14:31:00"),
        ("dmy", "16.2.2011 14:31"),
        ("mdy", "02/16/2011 02:31 PM"),
        ("mdy", "2-16-2011 2:31:00pm"),
        ("epoch_s", "1297866660"),
        ("epoch_ms", "1297866660000.4"),
        ("epoch_us", "1297866660000000"),
        ("epoch_ns", "1297866660000000000"),
        ("%d %b %Y %H:%M", "16 Feb 2011 14:31"),
        ("%d %b %Y %H:%M %z", "16 Feb 2011 15:31 +0100"),
    ],
)
def test_every_format_gives_the_same_instant(form: str, text: str) -> None:
    assert parser_of(form, UTC)(text)[0] // 1000 == MOMENT // 1000


def test_a_fraction_of_an_epoch_is_shifted_as_text() -> None:
    assert parser_of("epoch_s", UTC)("1297866660.123456789")[0] == MOMENT + 123_456
    assert parser_of("epoch_s", UTC)("-1.5")[0] == -1_500_000


def test_twelve_hour_clocks_know_noon_and_midnight() -> None:
    parse = parser_of("mdy", UTC)
    assert parse("02/16/2011 12:00 AM")[0] == instant("2011-02-16T00:00:00Z")
    assert parse("02/16/2011 12:00 PM")[0] == instant("2011-02-16T12:00:00Z")
    with pytest.raises(Unreadable):
        parse("02/16/2011 13:00 PM")


@pytest.mark.parametrize("form", ["iso", "dmy", "epoch_s", "%Y"])
@pytest.mark.parametrize("text", ["soon", "99/99/2011", "9" * 60, "31/02/2011", ""])
def test_what_does_not_fit_the_column_is_unreadable(form: str, text: str) -> None:
    with pytest.raises(Unreadable):
        parser_of(form, UTC)(text)


def test_day_first_times_take_the_zone_too() -> None:
    parse = parser_of("dmy", ZoneInfo("Europe/Berlin"))
    assert parse("16/07/2011 12:00") == (instant("2011-07-16T10:00:00Z"), "minute")
    assert parse("16/02/2011") == (instant("2011-02-15T23:00:00Z"), "day")
