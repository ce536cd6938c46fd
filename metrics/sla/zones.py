"""Zones by IANA name, and the two ways between an instant and what the clock on the wall shows.

Zones come from the `tzdata` package and not from the host, so that every machine computes the same
instants. A wall time is a count of microseconds since 1970-01-01 00:00 as the wall shows it.
"""

import difflib
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from metrics.words import DAY, SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH = datetime(1970, 1, 1)
_TICK = timedelta(microseconds=1)

# Between these instants `datetime` can hold every local date and its neighbours; outside, a wall shows UTC.
FIRST = (datetime(2, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK
LAST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name that there is."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def load_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; ValueError naming the nearest ones when there is none."""
    package, known = resources.files("tzdata"), zone_names()
    if name not in known:
        near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else ", such as Europe/Berlin or UTC"
        raise ValueError(f"unknown time zone {name!r}: give an IANA name{hint}")
    with package.joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def to_instant(wall: int, zone: ZoneInfo) -> int:
    """The instant at which the wall shows `wall`.

    A wall time that is skipped (clocks go forward) stands for the first valid instant after the
    gap; one that occurs twice (clocks go back) stands for the later.
    """
    if zone.key == "UTC" or not FIRST <= wall <= LAST:
        return wall
    shown = _WALL_EPOCH + timedelta(microseconds=wall)
    first = _microseconds(zone.utcoffset(shown))
    second = _microseconds(zone.utcoffset(shown.replace(fold=1)))
    if second > first:
        return _change_between(wall - second, wall - first, zone)
    return wall - second


def day_of(instant: int, zone: ZoneInfo) -> int:
    """The local date of `instant` as days since 1970-01-01; it never goes back as time goes on.

    Where clocks go back across midnight, a date begins at the later of its two midnights.
    """
    day = instant // DAY + 1  # no zone is a whole day ahead of UTC
    while start_of_day(day, zone) > instant:
        day -= 1
    return day


@lru_cache(maxsize=65_536)
def start_of_day(day: int, zone: ZoneInfo) -> int:
    """The instant at which the local date `day` (days since 1970-01-01) begins."""
    return to_instant(day * DAY, zone)


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """The instant in (before, after] at which the zone's offset changes (whole seconds, as in tzdata)."""
    low, high = before // SECOND, -(-after // SECOND)
    old = _offset_at(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(middle, zone) == old:
            low = middle
        else:
            high = middle
    return high * SECOND


def _offset_at(second: int, zone: ZoneInfo) -> timedelta | None:
    return (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()


def _microseconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // _TICK
