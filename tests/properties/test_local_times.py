"""A wall-clock reading in a zone is the instant that the zone's own rules give it, on ordinary and odd days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from metrics.texts.time_formats import parser_of
from metrics.texts.times import checked_date, from_local, instant

EPOCH = datetime(1970, 1, 1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Caracas", "Asia/Tehran")
WALLS = st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31))


@given(WALLS, st.sampled_from(ZONES))
@example(datetime(2026, 3, 29, 1, 59, 59), "Europe/Berlin")
@example(datetime(2026, 3, 29, 3, 0), "Europe/Berlin")
@example(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
@example(datetime(2026, 10, 25, 3, 0), "Europe/Berlin")
@example(datetime(2026, 4, 5, 1, 45), "Australia/Lord_Howe")
@example(datetime(2016, 5, 1, 3, 0), "America/Caracas")
def test_a_local_time_is_the_later_instant_that_shows_it(wall: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    shown = [moment for fold in (0, 1) if _shows(moment := wall.replace(tzinfo=zone, fold=fold), wall, zone)]
    if not shown:
        return  # a gap: the unit tests say what becomes of it
    latest = max(moment.astimezone(UTC).replace(tzinfo=None) for moment in shown)
    assert from_local((wall - EPOCH) // timedelta(microseconds=1), zone) == (latest - EPOCH) // timedelta(
        microseconds=1
    )


def _shows(moment: datetime, wall: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


@given(WALLS, st.sampled_from(ZONES))
def test_a_day_or_a_minute_alone_is_where_it_begins(wall: datetime, name: str) -> None:
    zone, minute = ZoneInfo(name), wall.replace(second=0, microsecond=0)
    for text, begins in ((f"{wall:%Y-%m-%d}", minute.replace(hour=0, minute=0)), (f"{wall:%Y-%m-%dT%H:%M}", minute)):
        expected = from_local((begins - EPOCH) // timedelta(microseconds=1), zone)
        assert [instant(text, zone), instant(text, zone)] == [expected, expected]  # read, then from the look-up tables
    assert checked_date(f"{wall:%Y-%m-%d}") == f"{wall:%Y-%m-%d}"


@given(st.sampled_from([("epoch_s", 1), ("epoch_ms", 1_000), ("epoch_us", 1_000_000)]), st.integers(0, 7_000_000_000))
def test_plain_digits_are_the_same_number_as_with_blanks_and_zeros(form: tuple[str, int], seconds: int) -> None:
    name, times = form
    parse = parser_of(name, UTC)
    assert parse(str(seconds * times)) == parse(f" {seconds * times} ") == parse(f"{'0' * 20}{seconds * times}")
    assert parse(str(seconds * times))[0] == seconds * 1_000_000
