"""Hours and days as a feed's own clock on the wall counts them: what is usual follows that clock, not UTC."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from metrics.completeness.forecast import Flags
from metrics.completeness.tails import Floats
from metrics.sla.calendar import Calendar
from metrics.words import HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday."""


@lru_cache(maxsize=262_144)
def local_hour(hour: int, zone: ZoneInfo) -> int:
    """The wall's hour (since 1970-01-01 00:00 of the wall) in which an hour (since 1970 UTC) begins."""
    offset = (_EPOCH + timedelta(hours=hour)).astimezone(zone).utcoffset() or timedelta(0)
    return (hour * 3600 + round(offset.total_seconds())) // 3600


def hour_starts(first: int, after: int, zone: ZoneInfo) -> dict[int, list[int]]:
    """For hours (since 1970 UTC) from `first` until before `after`: the wall's hour, and those that fall into it."""
    found: dict[int, list[int]] = {}
    for hour in range(first, after):
        found.setdefault(local_hour(hour, zone), []).append(hour)
    return found


def counted(counts: Mapping[int, int], first: int, after: int, zone: ZoneInfo) -> Floats:
    """Events of each of the wall's hours from `first` until before `after` (wall hours)."""
    found = np.zeros(after - first)
    for hour, number in counts.items():
        at = local_hour(hour, zone) - first
        if 0 <= at < len(found):
            found[at] += number
    return found


def special_days(first: int, after: int, calendar: Calendar) -> Flags:
    """For local days (since 1970-01-01) from `first` until before `after`: is it a working day that is closed?"""
    return np.array([_is_special(day, calendar) for day in range(first, after)], dtype=np.bool_)


def special_hours(days: Flags, starts: Mapping[int, Iterable[int]], first: int, after: int) -> Flags:
    """The same for the wall's hours from midnight `first` on; an hour that clocks skip or show twice is special."""
    found = np.repeat(days, 24)[: after - first]
    for at in range(len(found)):
        if len(list(starts.get(first + at, ()))) != 1:
            found[at] = True
    return found


@lru_cache(maxsize=65_536)
def _is_special(day: int, calendar: Calendar) -> bool:
    weekday = (day + _FIRST_WEEKDAY) % 7
    begin, end = calendar.start_of_day(day), calendar.start_of_day(day + 1)
    return weekday < 5 and not calendar.intervals(begin, end)


def start_of(hour: int) -> int:
    """The instant at which an hour (since 1970 UTC) begins, microseconds."""
    return hour * HOUR
