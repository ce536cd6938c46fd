"""Declared times: the forms in which systems write an instant, their zone, and how exact they are."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from metrics.texts.time_formats import parser_of
from metrics.texts.times import checked_date, instant
from metrics.texts.unreadable import BAD_TIME, Unreadable

TimeReader = Callable[[str], tuple[int, str]]
"""Text to (microseconds UTC, precision), or `Unreadable`."""

FORMATS: Final = ("iso", "epoch_s", "epoch_ms", "epoch_us", "odata", "dmy", "mdy")
PRECISIONS: Final = ("instant", "second", "minute", "day")
_NEED_ZONE: Final = frozenset({"dmy", "mdy"})
_ODATA: Final = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OFFSET_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_ORDER: Final = {name: place for place, name in enumerate(PRECISIONS)}


def needs_zone(formats: Sequence[str]) -> str:
    """The first format that never carries an offset of its own; empty when none."""
    return next((one for one in formats if one in _NEED_ZONE or ("%" in one and "%z" not in one)), "")


def time_reader(formats: Sequence[str], zone: tzinfo | None, precision: str = "") -> TimeReader:
    """The reader that tries `formats` in order; `precision` is the finest that the source can mean.

    A day alone is midnight in the zone with precision `day`, never an instant.
    """
    readers = [_reader(form, zone) for form in formats]
    first, rest = readers[0], readers[1:]
    least = _ORDER[precision or "instant"]
    if least == 0 and not rest:
        return first

    def read(text: str) -> tuple[int, str]:
        try:
            time, found = first(text)
        except Unreadable as error:
            time, found = _try_others(text, rest, error)
        return time, found if _ORDER[found] >= least else precision

    return read


def _try_others(text: str, readers: Sequence[TimeReader], error: Unreadable) -> tuple[int, str]:
    for reader in readers:
        try:
            return reader(text)
        except Unreadable:
            continue
    raise error


def _reader(form: str, zone: tzinfo | None) -> TimeReader:
    if form == "iso":
        return _iso(zone)
    if form == "odata":
        return _odata
    if form in _FND:
        return _fnd(zone or UTC)
    return parser_of(form, zone or UTC)


_FND: Final = frozenset({"%Y/%m/%d %H:%M:%S"})


def _iso(zone: tzinfo | None) -> TimeReader:
    def read(text: str) -> tuple[int, str]:
        time = instant(text, zone or _utc_for_days(text))
        if len(text) > 16 and ":" in text[10:17]:
            return time, "instant" if text[16] == ":" else "minute"
        return time, "minute" if ":" in text[10:] and "T" in text.upper() else "day"

    return read


def _utc_for_days(text: str) -> tzinfo | None:
    """A day without an offset and without a declared zone is that day in UTC: its precision says that it is a day."""
    return UTC if len(text) == 10 and _DAY.fullmatch(text) else None


def _odata(text: str) -> tuple[int, str]:
    """``/Date(1709078400000)/``: milliseconds UTC; an offset behind them only says how to show it."""
    match = _ODATA.fullmatch(text)
    if match is None:
        raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a time such as /Date(1709078400000)/")
    return parser_of("epoch_ms", UTC)(match[1])


def _fnd(zone: tzinfo) -> TimeReader:
    """``YYYY/MM/DD HH:MM:SS`` (Oracle's canonical text), which strptime reads more slowly."""

    def read(text: str) -> tuple[int, str]:
        if len(text) != 19 or text[4] != "/" or text[7] != "/":
            raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a time such as 2026/07/31 14:22:07")
        return instant(text.replace("/", "-"), zone), "instant"

    return read


def date_reader(formats: Sequence[str], zone: tzinfo | None) -> Callable[[str], str]:
    """A text to a calendar date: as it is written, or the day in the zone that an instant falls on."""
    readers = time_reader(formats, zone)

    def read(text: str) -> str:
        day = text[:10]
        if (day == text or text[10] in "T ") and _DAY.fullmatch(day):
            return checked_date(day)
        if match := _OFFSET_DAY.fullmatch(text):
            return checked_date(match[1])
        time, _ = readers(text)
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
        return local.astimezone(zone or UTC).date().isoformat()

    return read
