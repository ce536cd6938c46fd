"""Days, weeks and months of a zone: to which an instant belongs, and which are closed."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

UNITS: Final = ("day", "week", "month")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Interval(NamedTuple):
    """`start`: its first day as YYYY-MM-DD; weeks begin on Monday."""

    unit: str
    start: str


def first_day(unit: str, day: date) -> date:
    """The first day of the interval in which a day lies."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def intervals_of(at: int, zone: ZoneInfo, units: tuple[str, ...] = UNITS) -> list[Interval]:
    """The intervals in which an instant (microseconds since 1970 UTC) lies."""
    day = local_day(at, zone)
    return [Interval(unit, first_day(unit, day).isoformat()) for unit in units]


def local_day(at: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone).date()


def begins(start: str, zone: ZoneInfo) -> int:
    """The instant at which a day begins; where its midnight does not exist, the first instant after the gap."""
    moment = datetime.combine(date.fromisoformat(start), datetime.min.time(), tzinfo=zone)
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def ends(interval: Interval, zone: ZoneInfo) -> int:
    """The instant at which the next interval begins."""
    first = date.fromisoformat(interval.start)
    if interval.unit == "month":
        following = (first + timedelta(days=32)).replace(day=1)
    else:
        following = first + timedelta(days=7 if interval.unit == "week" else 1)
    return begins(following.isoformat(), zone)


def last_closed(unit: str, now: int, zone: ZoneInfo) -> str:
    """The first day of the newest interval that is over at `now`."""
    running = first_day(unit, local_day(now, zone))
    return first_day(unit, running - timedelta(days=1)).isoformat()
