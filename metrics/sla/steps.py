"""Stretches of equal length that begin at each midnight of a zone: what charts by the hour or day count in."""

from zoneinfo import ZoneInfo

from metrics.sla.zones import day_of, start_of_day
from metrics.words import HOUR


def step_starts(since: int, until: int, hours: int, zone: ZoneInfo) -> list[int]:
    """The instants (microseconds UTC) at which stretches of so many hours begin, ascending.

    Each instant of [since, until] lies in exactly one: from the last start at or before it to the next. A day has as
    many stretches as it has hours for: where clocks change, its last one is shorter, or there is one less or more.
    """
    starts: list[int] = []
    for day in range(day_of(since, zone), day_of(until, zone) + 1):
        starts += range(start_of_day(day, zone), start_of_day(day + 1, zone), hours * HOUR)
    first = max(index for index, start in enumerate(starts) if start <= since)
    return [start for start in starts[first:] if start <= until]
