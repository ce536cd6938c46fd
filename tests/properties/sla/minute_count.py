"""The truth about working time, counted minute by minute: no code shared with the SLA maths.

A window is a run of UTC minutes. For each, the wall clock is asked what it shows; a shift has begun
once the wall shows its beginning for the last time, and is over once it shows its end for the last
time. So in a gap both come with the first minute after it, and of two passes of an hour the later counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WALL_EPOCH = datetime(1970, 1, 1)
MARGIN = 2 * 1440  # minutes looked at after the window, so that its end is settled

Hours = Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Window:
    """`minutes` minutes from `start` on (UTC); `wall`: what the wall has settled on in each, in minutes since 1970."""

    zone: str
    start: datetime
    minutes: int
    wall: tuple[int, ...] = field(repr=False)

    def instant(self, minute: int) -> int:
        """Microseconds since 1970 at the beginning of a minute of the window."""
        return (self.start - EPOCH + minute * MINUTE) // timedelta(microseconds=1)


@cache
def window_around(zone: str, middle: datetime, days: int) -> Window:
    """The window of 2 × `days` days around `middle` (UTC)."""
    minutes = 2 * days * 1440
    start = middle - timedelta(days=days)
    zone_info = ZoneInfo(zone)
    settled: list[int] = []
    lowest_later = 10**12
    for minute in range(minutes + MARGIN, -1, -1):
        shown = ((start + minute * MINUTE).astimezone(zone_info).replace(tzinfo=None) - WALL_EPOCH) // MINUTE
        if minute < minutes:
            settled.append(min(shown, lowest_later - 1))
        lowest_later = min(lowest_later, shown)
    return Window(zone, start, minutes, tuple(reversed(settled)))


def open_minutes(window: Window, hours: Hours, closed: frozenset[date], opened: frozenset[date]) -> list[bool]:
    """Whether each minute of the window lies in a shift."""
    shifts: dict[int, list[tuple[int, int]]] = {}
    for day in range(window.wall[0] // 1440 - 1, window.wall[-1] // 1440 + 1):
        found = [
            (day * 1440 + begin, day * 1440 + (end if end > begin else end + 1440))
            for begin, end in shifts_on(date(1970, 1, 1) + timedelta(days=day), hours, closed, opened)
        ]
        shifts.setdefault(day, []).extend(found)
        shifts.setdefault(day + 1, []).extend(found)
    return [any(begin <= wall < end for begin, end in shifts[wall // 1440]) for wall in window.wall]


def shifts_on(day: date, hours: Hours, closed: frozenset[date], opened: frozenset[date]) -> Sequence[tuple[int, int]]:
    """The shifts that begin on a date."""
    if day in opened:
        return hours.get(day.weekday()) or next(hours[weekday] for weekday in sorted(hours) if hours[weekday])
    return () if day in closed else hours.get(day.weekday(), ())
