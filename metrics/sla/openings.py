"""What a business calendar is made of, and the opening hours that follow from it, block by block."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from metrics.sla.zones import FIRST, LAST, to_instant
from metrics.words import DAY, MINUTE

Hours = tuple[tuple[int, int], ...]

BLOCK_SHIFT = 45  # a block is 2**45 microseconds, 407 days: finding it is one shift
FIRST_BLOCK, LAST_BLOCK = (FIRST >> BLOCK_SHIFT) + 1, (LAST >> BLOCK_SHIFT) - 1
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar as its author writes it.

    `hours` maps a weekday (0 Monday … 6 Sunday) to its shifts, (from, to) in minutes after local
    midnight. `to` 1440 is midnight at the end of the day; `to` before `from` ends on the next day.
    A shift belongs to the date on which it begins: a holiday cancels the shifts that begin on it,
    and the night shift of the day before still ends on it.
    `country` and `subdivision` (ISO 3166, as in the `holidays` package; '' for none) give public
    holidays; years the package does not cover have none. `closed` dates have no shifts. `open`
    dates are worked though they are holidays; one whose weekday has no hours takes those of the
    first working weekday.
    """

    name: str
    zone: str
    hours: Mapping[int, Sequence[tuple[int, int]]]
    country: str = ""
    subdivision: str = ""
    closed: frozenset[date] = field(default_factory=frozenset)
    open: frozenset[date] = field(default_factory=frozenset)


class Plan(NamedTuple):
    """A checked CalendarSpec that can be hashed: shifts in microseconds, dates as days since 1970-01-01."""

    name: str
    zone: str
    week: tuple[Hours, ...]
    country: str
    subdivision: str
    closed: frozenset[int]
    open: frozenset[int]


class Block(NamedTuple):
    """Openings within one block, sorted and disjoint; `before[i]` is the open time ahead of opening i."""

    opens: list[int]
    closes: list[int]
    before: list[int]
    total: int


def plan_of(spec: CalendarSpec) -> Plan:
    """The checked form of a spec; ValueError says what is wrong and what is allowed."""
    strange = [day for day in spec.hours if day not in range(7)]
    if strange:
        raise ValueError(f"calendar {spec.name!r}: weekday {strange[0]!r} is not one of 0 (Monday) to 6 (Sunday)")
    week = tuple(tuple(_shift(spec.name, day, *pair) for pair in spec.hours.get(day, ())) for day in range(7))
    if not any(week):
        raise ValueError(f"calendar {spec.name!r} is never open: give hours for at least one weekday")
    both = sorted(spec.closed & spec.open)
    if both:
        raise ValueError(f"calendar {spec.name!r}: {both[0].isoformat()} is both closed and open")
    if spec.subdivision and not spec.country:
        raise ValueError(f"calendar {spec.name!r}: subdivision {spec.subdivision!r} needs a country")
    if spec.country:
        _check_country(spec)
    return Plan(
        spec.name, spec.zone, week, spec.country, spec.subdivision, _day_numbers(spec.closed), _day_numbers(spec.open)
    )


def openings(plan: Plan, zone: ZoneInfo, start: int, end: int) -> list[tuple[int, int]]:
    """The open intervals within [start, end), merged and sorted."""
    merged: list[tuple[int, int]] = []
    # a night shift that began two dates ago may still run where the wall is behind UTC
    for opened, closed in sorted(_shifts(plan, zone, start // DAY - 2, end // DAY + 1)):
        opened, closed = max(opened, start), min(closed, end)
        if opened >= closed:
            continue
        if merged and opened <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closed))
        else:
            merged.append((opened, closed))
    return merged


def block(plan: Plan, zone: ZoneInfo, index: int) -> Block:
    """The openings of block `index`; none outside the years that `datetime` can hold."""
    if not FIRST_BLOCK <= index <= LAST_BLOCK:
        return Block([], [], [], 0)
    pairs = openings(plan, zone, index << BLOCK_SHIFT, (index + 1) << BLOCK_SHIFT)
    before, total = [], 0
    for opened, closed in pairs:
        before.append(total)
        total += closed - opened
    return Block([pair[0] for pair in pairs], [pair[1] for pair in pairs], before, total)


@cache
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[int]:
    """Public holidays that fall in `year`, as days since 1970-01-01; empty when unknown."""
    if not country:
        return frozenset()
    return _day_numbers(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def _shifts(plan: Plan, zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Each shift that begins on the local days `first` to `last`; what falls into a DST gap whole has no length."""
    years = range(_year(first), _year(last) + 1)
    off = plan.closed.union(*(public_holidays(plan.country, plan.subdivision, year) for year in years)) - plan.open
    spare = next(hours for hours in plan.week if hours)
    for day in range(first, last + 1):
        if day in off:
            continue
        hours = plan.week[(day + 3) % 7]  # 1970-01-01 was a Thursday
        if not hours and day in plan.open:
            hours = spare
        midnight = day * DAY
        for begin, end in hours:
            yield to_instant(midnight + begin, zone), to_instant(midnight + end, zone)


def _shift(name: str, day: int, begin: int, end: int) -> tuple[int, int]:
    if not (0 <= begin < 1440 and 0 <= end <= 1440) or begin == end:
        raise ValueError(
            f"calendar {name!r}, {_WEEKDAYS[day]}: ({begin}, {end}) is no shift: from 0–1439, to 0–1440 minutes "
            "after midnight and not equal; a whole day is (0, 1440), a night (1140, 420)"
        )
    return begin * MINUTE, end * MINUTE + (DAY if end < begin else 0)


def _check_country(spec: CalendarSpec) -> None:
    known = holidays.list_supported_countries(include_aliases=True)
    if spec.country not in known:
        near = difflib.get_close_matches(spec.country.upper(), known, n=3, cutoff=0.4)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"calendar {spec.name!r}: no holidays are known for country {spec.country!r}{hint}")
    if spec.subdivision:
        try:
            holidays.country_holidays(spec.country, subdiv=spec.subdivision, years=2020)
        except NotImplementedError as error:
            allowed = ", ".join(known[spec.country]) or "none"
            raise ValueError(
                f"calendar {spec.name!r}: {spec.country} has no subdivision {spec.subdivision!r}; it has: {allowed}"
            ) from error


def _day_numbers(dates: "frozenset[date] | holidays.HolidayBase") -> frozenset[int]:
    return frozenset(day.toordinal() - _EPOCH_ORDINAL for day in dates)


def _year(day: int) -> int:
    return date.fromordinal(day + _EPOCH_ORDINAL).year
