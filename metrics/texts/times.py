"""Texts to instants and back: whole microseconds since 1970-01-01 UTC, negative before it.

RFC 3339 with any offset, lower-case ``t`` and ``z`` allowed, no to nine fractional digits
(truncated to microseconds). A leap second (``23:59:60`` UTC) is the first instant of the next
minute, as in POSIX time. A time without an offset needs a zone: in a gap of daylight saving it is
the first valid instant after the gap, in an overlap the later of the two.

The usual form is read by three table look-ups (day, minute, second) without a datetime object.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from metrics.texts.unreadable import BAD_TIME, TIME_OUT_OF_RANGE, Unreadable
from metrics.words import DAY, HOUR, MINUTE, SECOND

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
HORIZON_START: Final = (date(1900, 1, 1).toordinal() - _EPOCH_DAY) * DAY
HORIZON_END: Final = (date(2200, 1, 1).toordinal() - _EPOCH_DAY) * DAY  # exclusive

_MEMO_LIMIT: Final = 100_000  # entries a table: 270 years of days, or a hundred offsets with milliseconds
_DAYS: Final[dict[str, int]] = {}
_TAILS: Final[dict[str, int]] = {"Z": 0, "z": 0, ".000Z": 0}
_DAY_TEXTS: Final[dict[int, str]] = {}
_DAY_OFFSETS: Final[dict[tuple[tzinfo, int], int | None]] = {}
_MINUTES: Final = {
    f"{letter}{hour:02}:{minute:02}": hour * HOUR + minute * MINUTE
    for letter in "Tt "
    for hour in range(24)
    for minute in range(60)
} | {"": 0}  # a day alone, and below a minute alone
_SECONDS: Final = {f":{second:02}": second * SECOND for second in range(60)} | {"": 0}
_ENDINGS: Final = frozenset(".,+-")
_MINUTE_TEXTS: Final = tuple(f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))

_FORM: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?"
    r"([Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def instant(text: str, zone: tzinfo | None = None) -> int:
    """The instant a text names. Without an offset in it, `zone` decides; without both it is unreadable."""
    try:
        time = _DAYS[text[:10]] + _MINUTES[text[10:16]] + _SECONDS[text[16:19]]
        tail = text[19:]
        if tail in _TAILS:
            time += _TAILS[tail]
        elif not tail and zone is not None:
            time = from_local(time, zone)
        elif len(tail) == 8 and tail[0] == "." and tail[7] == "Z" and tail[1:7].isdigit() and tail.isascii():
            time += int(tail[1:7])
        else:
            time = _read(text, zone)
    except KeyError:
        time = _read(text, zone)
    if HORIZON_START <= time < HORIZON_END:
        return time
    raise Unreadable(TIME_OUT_OF_RANGE, f"{text!r} lies outside 1900-01-01 to 2199-12-31")


def _read(text: str, zone: tzinfo | None) -> int:
    match = _FORM.fullmatch(text)
    if match is None:
        raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a time such as 2026-01-02T03:04:05.123456Z")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    days = day_number(int(year), int(month), int(day), text)
    clock = clock_time(int(hour or 0), int(minute or 0), int(second or 0), text)
    micros = int((fraction or "")[:6].ljust(6, "0"))
    leap = second == "60"
    _remember(text, days, micros, offset, leap)
    local = days * DAY + clock + micros
    if offset is None:
        if zone is None:
            raise Unreadable(BAD_TIME, f"{text!r} has no offset from UTC, and no zone is declared")
        time = from_local(local, zone)
    else:
        time = local - offset_of(offset)
    if leap and (time - micros) % DAY:
        raise Unreadable(BAD_TIME, f"{text!r} is no leap second: those end a day in UTC")
    return time


def _remember(text: str, days: int, micros: int, offset: str | None, leap: bool) -> None:
    """Fill the look-up tables, so that the next time of this day, or with this ending, is quick."""
    if len(_DAYS) < _MEMO_LIMIT:
        _DAYS[text[:10]] = days * DAY
    ending = text[19:]
    if offset is not None and not leap and ending[:1] in _ENDINGS and len(_TAILS) < _MEMO_LIMIT:
        _TAILS[ending] = micros - offset_of(offset)


def day_number(year: int, month: int, day: int, text: str) -> int:
    """Days since 1970-01-01; `text` is what a complaint shows."""
    try:
        return date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError as error:
        raise Unreadable(BAD_TIME, f"{text!r} is no day of the calendar: {error}") from None


def clock_time(hour: int, minute: int, second: int, text: str) -> int:
    """Microseconds since midnight; a second of 60 is let through (leap seconds)."""
    if hour > 23 or minute > 59 or second > 60:
        raise Unreadable(BAD_TIME, f"{text!r} is no time of the day")
    return hour * HOUR + minute * MINUTE + second * SECOND


def offset_of(text: str) -> int:
    """``Z``, ``+01:00``, ``+0100`` or ``+01`` as microseconds to subtract from local time."""
    if text in ("Z", "z"):
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 23 or minutes > 59:
        raise Unreadable(BAD_TIME, f"{text!r} is no offset from UTC")
    return (hours * HOUR + minutes * MINUTE) * (-1 if text[0] == "-" else 1)


def from_local(local: int, zone: tzinfo) -> int:
    """The instant of a wall-clock reading (microseconds as if it were UTC) in a zone."""
    if zone is UTC:
        return local
    of_day = (zone, local // DAY)
    offset = _DAY_OFFSETS.get(of_day)
    if offset is None and of_day not in _DAY_OFFSETS and len(_DAY_OFFSETS) < _MEMO_LIMIT:
        offset = _DAY_OFFSETS[of_day] = _offset_of_day(*of_day)
    return _at_the_edge(local, zone) if offset is None else local - offset


def _offset_of_day(zone: tzinfo, day: int) -> int | None:
    """The offset of a zone if it is the same all day; no zone changes its clocks twice within an hour."""
    try:
        walls = [datetime(1970, 1, 1) + timedelta(days=day, hours=hour) for hour in range(25)]
    except OverflowError:
        return None
    found = {_offset_at(wall, zone, fold) for wall in walls for fold in (0, 1)}
    return found.pop() if len(found) == 1 else None


def _at_the_edge(local: int, zone: tzinfo) -> int:
    """The instant in a day that may have a gap or an overlap."""
    try:
        wall = datetime(1970, 1, 1) + timedelta(microseconds=local)
    except OverflowError:
        raise Unreadable(TIME_OUT_OF_RANGE, "the year lies outside 1900 to 2199") from None
    earlier = local - _offset_at(wall, zone, fold=0)
    later = local - _offset_at(wall, zone, fold=1)
    if earlier <= later:
        return later  # ordinary (both equal), or an overlap: the later
    return _first_valid(later, earlier, zone)


def _offset_at(wall: datetime, zone: tzinfo, fold: int) -> int:
    offset = wall.replace(tzinfo=zone, fold=fold).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def _first_valid(low: int, high: int, zone: tzinfo) -> int:
    """The end of a gap: the first instant in (low, high] with the new offset, found by halving to the second."""
    before, after = low // SECOND, high // SECOND
    new = _offset_of_instant(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_of_instant(middle, zone) == new:
            after = middle
        else:
            before = middle
    return after * SECOND


def _offset_of_instant(second: int, zone: tzinfo) -> int:
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)


def checked_date(text: str) -> str:
    """A calendar date ``YYYY-MM-DD`` as it is; any year, since systems write 9999-12-31 for 'for ever'."""
    if text in _DAYS:
        return text
    if not _DATE.fullmatch(text):
        raise Unreadable(BAD_TIME, f"{text[:64]!r} is not a date such as 2026-01-02")
    days = day_number(int(text[:4]), int(text[5:7]), int(text[8:]), text)
    if len(_DAYS) < _MEMO_LIMIT:
        _DAYS[text] = days * DAY
    return text


def written(time: int) -> str:
    """RFC 3339 in UTC with six fractional digits."""
    days, rest = divmod(time, DAY)
    day = _DAY_TEXTS.get(days)
    if day is None:
        day = date.fromordinal(days + _EPOCH_DAY).isoformat()
        if len(_DAY_TEXTS) < _MEMO_LIMIT:
            _DAY_TEXTS[days] = day
    minutes, rest = divmod(rest, MINUTE)
    return f"{day}{_MINUTE_TEXTS[minutes]}{rest // SECOND:02}.{rest % SECOND:06}Z"
