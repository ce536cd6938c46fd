"""Durations as people write and read them; inside they are whole microseconds.

Units: `w` 7 d, `d` 24 h, `h`, `m` (or min) minutes, `s`, `ms`, `us` (or µs), and `wd`, the working day of a
calendar. On a business calendar every unit but `wd` counts hours in which the calendar is open: with
8 open hours a day, 1 d (24 h) lasts three working days, and 1 wd (8 h) one.
"""

import re
from fractions import Fraction
from itertools import pairwise

from metrics.words import DAY, HOUR, MINUTE, SECOND

_UNITS = {"w": 7 * DAY, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": 1_000, "us": 1}
_NAMES = {
    "w": "w,week,weeks",
    "wd": "wd,working day,working days,business day,business days",
    "d": "d,day,days",
    "h": "h,hr,hrs,hour,hours",
    "m": "m,min,mins,minute,minutes",
    "s": "s,sec,secs,second,seconds",
    "ms": "ms",
    "us": "us,µs,μs",  # the micro sign and the Greek letter
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names.split(",")}

_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zµμ]+(?: days?)?)\s*,?", re.ASCII)
_ISO = re.compile(
    r"P(?=.)(?:(?P<w>N)W|(?:(?P<d>N)D)?(?:T(?=.)(?:(?P<h>N)H)?(?:(?P<m>N)M)?(?:(?P<s>N)S)?)?)".replace(
        "N", r"[0-9]+(?:[.,][0-9]+)?"
    )
)

_ALLOWED = (
    "write numbers with units, such as '3d 4h 30m', '90 min' or '2 wd' "
    "(w, d = 24 h, wd = working day of the calendar, h, m or min, s, ms, us), or ISO 8601 such as 'P3DT4H30M'; "
    "months and years have no fixed length"
)


def parse_duration(text: str, *, working_day: int | None = None) -> int:
    """Microseconds that `text` stands for, such as '3d 4h 30m', '1.5 hours', '2 wd' or 'P3DT4H'.

    `working_day` is the length of a working day in microseconds (`Calendar.working_day`); without
    it `wd` is refused. Units go from large to small, each once. ValueError says what is allowed.
    """
    iso = text.strip().upper()
    parts = _iso_parts(iso) if iso.startswith("P") else _plain_parts(text.strip().lower())
    if not parts:
        raise ValueError(f"cannot read the duration {text!r}: {_ALLOWED}")
    ranks = [list(_NAMES).index(unit) for _, unit in parts]
    if ranks != sorted(set(ranks)):
        raise ValueError(f"cannot read the duration {text!r}: units go from large to small, each once; {_ALLOWED}")
    if working_day is None and any(unit == "wd" for _, unit in parts):
        raise ValueError(f"the duration {text!r} counts working days (wd), but no calendar says how long one is")
    sizes = _UNITS if working_day is None else {**_UNITS, "wd": working_day}
    total = sum(Fraction(number) * sizes[unit] for number, unit in parts)
    if total.denominator != 1:
        raise ValueError(f"the duration {text!r} is finer than a microsecond")
    return int(total)


def format_duration(duration: int) -> str:
    """A duration for people: its two largest units, cut and not rounded ('3 d 4 h', '59 s', '-2 h', '0 s').

    Cut, so that a clock with 59 s left never shows a minute. `d` is 24 h.
    """
    left, sign = abs(duration), "-" if duration < 0 else ""
    units = [(unit, size) for unit, size in _UNITS.items() if unit != "w"]
    for (unit, size), (finer, finer_size) in pairwise(units):
        if left >= size:
            rest = left % size // finer_size
            return f"{sign}{left // size} {unit}" + (f" {rest} {finer}" if rest else "")
    return f"{sign}{left} us" if left else "0 s"


def _plain_parts(text: str) -> list[tuple[str, str]]:
    parts, at = [], 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2] not in _UNIT_OF:
            return []
        parts.append((part[1], _UNIT_OF[part[2]]))
        at = part.end()
    return parts


def _iso_parts(text: str) -> list[tuple[str, str]]:
    match = _ISO.fullmatch(text)
    if match is None:
        return []
    return [(number.replace(",", "."), unit) for unit, number in match.groupdict().items() if number is not None]
