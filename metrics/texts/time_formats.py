"""The time format of a column, found from its values, and a quick parser for it."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from metrics.texts.times import HORIZON_END, HORIZON_START, clock_time, day_number, from_local, instant, offset_of
from metrics.texts.unreadable import BAD_TIME, TIME_OUT_OF_RANGE, Unreadable
from metrics.words import DAY

TimeParser = Callable[[str], tuple[int, str]]
"""Text to (microseconds, precision), or `Unreadable`."""


class UnclearFormat(ValueError):
    """The format of times is not known, or their values do not decide it; the message says what to name."""


_SAMPLE: Final = 200  # values that decide the format
_YEAR_FIRST: Final = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}(\D.*)?", re.ASCII)
_COMPACT: Final = re.compile(r"(19|20|21)\d{6}(T?\d{4}(\d{2})?Z?)?", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_YEAR_LAST: Final = re.compile(
    r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})"
    r"(?:[ T,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([AaPp][Mm])?)?\s?([Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_UNITS: Final = {"epoch_s": 6, "epoch_ms": 3, "epoch_us": 0, "epoch_ns": -3}  # powers of ten to microseconds
_LARGEST_EPOCH: Final = (("epoch_s", 8e9), ("epoch_ms", 8e12), ("epoch_us", 8e15), ("epoch_ns", 8e18))


def parser_of(form: str, zone: tzinfo) -> TimeParser:
    """The parser of a named format, or of a strptime pattern (it contains a ``%``). Raises UnclearFormat."""
    if form == "iso":
        return _iso_parser(zone)
    if form in ("dmy", "mdy"):
        return _year_last_parser(day_first=form == "dmy", zone=zone)
    if form in _UNITS:
        return _epoch_parser(_UNITS[form])
    if "%" in form:
        return _pattern_parser(form, zone)
    known = ", ".join(["iso", "dmy", "mdy", *_UNITS])
    raise UnclearFormat(f"unknown time format {form!r}: use one of {known}, or a pattern such as '%d %b %Y %H:%M'")


def detect_format(values: Iterable[str], column: str) -> str:
    """The format's name. A few unreadable values among many do not decide; they become dead letters.

    `values` is read no further than needed. Raises UnclearFormat when no known format fits, or when day and month
    cannot be told apart.
    """
    rest = (value.strip() for value in values if value.strip())
    sample = list(islice(rest, _SAMPLE))
    counts: dict[str, int] = {}
    for value in sample:
        kind = _kind_of(value)
        counts[kind] = counts.get(kind, 0) + 1
    if not sample:
        return "iso"
    kind = max(counts, key=lambda name: counts[name])
    if kind == "epoch":
        return _epoch_unit(sample)
    if kind == "year last":
        return _day_or_month_first(sample, rest, column)
    if kind == "unknown":
        shown = next(value for value in sample if _kind_of(value) == "unknown")
        raise UnclearFormat(
            f"column {column!r}: cannot tell the time format of {shown[:40]!r}; name it, for example '%d %b %Y %H:%M'"
        )
    return "iso"


def _kind_of(value: str) -> str:
    if _YEAR_FIRST.fullmatch(value) or _COMPACT.fullmatch(value):
        return "iso"
    if _NUMBER.fullmatch(value):
        return "epoch"
    return "year last" if _YEAR_LAST.fullmatch(value) else "unknown"


def _epoch_unit(sample: list[str]) -> str:
    largest = max(abs(float(value)) for value in sample if _NUMBER.fullmatch(value))
    return next((name for name, limit in _LARGEST_EPOCH if largest < limit), "epoch_ns")


def _day_or_month_first(sample: list[str], rest: Iterable[str], column: str) -> str:
    for values in (sample, rest):
        for value in values:
            match = _YEAR_LAST.fullmatch(value)
            if match is None:
                continue
            if match[2] == "." or int(match[1]) > 12:
                return "dmy"
            if int(match[3]) > 12:
                return "mdy"
    raise UnclearFormat(
        f"column {column!r}: in times such as {sample[0]!r} day and month cannot be told apart; "
        "name which comes first: dmy or mdy"
    )


def _checked(time: int, text: str) -> int:
    if HORIZON_START <= time < HORIZON_END:
        return time
    raise Unreadable(TIME_OUT_OF_RANGE, f"{text!r} lies outside 1900-01-01 to 2199-12-31")


def _iso_parser(zone: tzinfo) -> TimeParser:
    """ISO 8601 with ``-``, ``/`` or ``.`` in the date, or in its compact form."""
    ending = "Z" if zone is UTC else ""

    def parse(text: str) -> tuple[int, str]:
        text = text.strip()
        if text[4:5] in "/." and text[7:8] == text[4:5]:
            text = f"{text[:4]}-{text[5:7]}-{text[8:]}"
        if len(text) == 23 and text[19] == "." and text[10] in " T":
            return instant(text + ending, zone), "instant"  # no offset: the usual form of exports
        if ":" in text:
            return instant(text, zone), "instant" if text.count(":") > 1 else "minute"
        return _plain_iso(text, zone)

    return parse


def _plain_iso(text: str, zone: tzinfo) -> tuple[int, str]:
    """A date only, or the compact form ``20110216T143100``."""
    if "-" not in text[:8] and _COMPACT.fullmatch(text):
        digits = text.replace("T", "").rstrip("Z")
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        if len(digits) == 8:
            return instant(day, zone), "day"
        clock = f"T{digits[8:10]}:{digits[10:12]}:{digits[12:] or '00'}"
        return instant(day + clock + ("Z" if text.endswith("Z") else ""), zone), "instant"
    return instant(text, zone), "day"


def _year_last_parser(day_first: bool, zone: tzinfo) -> TimeParser:
    def parse(text: str) -> tuple[int, str]:
        text = text.strip()
        match = _YEAR_LAST.fullmatch(text)
        if match is None:
            raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a time such as 16/02/2011 14:31:00")
        first, _, second, year, hour, minute, seconds, fraction, half, offset = match.groups()
        day, month = (first, second) if day_first else (second, first)
        local = day_number(int(year), int(month), int(day), text) * DAY
        if hour is not None:
            local += clock_time(_hour(int(hour), half, text), int(minute), int(seconds or 0), text)
            local += int((fraction or "")[:6].ljust(6, "0"))
        time = local - offset_of(offset) if offset else from_local(local, zone)
        return _checked(time, text), "day" if hour is None else "instant" if seconds else "minute"

    return parse


def _hour(hour: int, half: str | None, text: str) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise Unreadable(BAD_TIME, f"{text!r} has an hour of {hour} with {half}")
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _epoch_parser(power: int) -> TimeParser:
    """Decimal digits are shifted as text, so that no binary float is in between."""

    whole_numbers = "instant" if power < 6 else "second"

    def parse(text: str) -> tuple[int, str]:
        if power >= 0 and text.isdecimal() and text.isascii() and len(text) <= 19:
            return _checked(int(text) * 10**power, text), whole_numbers
        text = text.strip()
        if not _NUMBER.fullmatch(text) or len(text) > 40:
            raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a number of seconds or parts of them since 1970")
        whole, _, part = text.lstrip("-").partition(".")
        digits = part[: max(power, 0)].ljust(max(power, 0), "0")
        time = int(whole + digits) // (1 if power >= 0 else 10**-power)
        return _checked(-time if text[0] == "-" else time, text), "instant" if power < 6 or part else "second"

    return parse


def _pattern_parser(pattern: str, zone: tzinfo) -> TimeParser:
    precision = "instant" if "%S" in pattern or "%T" in pattern else "minute" if "%M" in pattern else "day"

    def parse(text: str) -> tuple[int, str]:
        try:
            moment = datetime.strptime(text.strip(), pattern)
        except ValueError as error:
            raise Unreadable(BAD_TIME, str(error)[:200]) from None
        wall = (moment.replace(tzinfo=None) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        offset = moment.utcoffset()
        time = from_local(wall, zone) if offset is None else wall - offset // timedelta(microseconds=1)
        return _checked(time, text), precision

    return parse
