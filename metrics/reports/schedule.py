"""When a report is due: once a calendar month or once a week, at a time of a zone. Pure.

A time that the clock skips stands for the first instant after the gap, one that it shows twice for the later, so that
each period has one instant.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from metrics.sla.zones import day_of, to_instant
from metrics.words import DAY, MINUTE

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH: Final = date(1970, 1, 1)
_MONDAY: Final = date(1969, 12, 29)


class Due(NamedTuple):
    """One period of a schedule, counted from 0, and the instant at which its report is due; microseconds UTC."""

    period: int
    at: int


class Schedule(NamedTuple):
    """Once a month on `day` (1 to 31; in shorter months the last), else once a week on `weekday` (0 is Monday).

    `minute` of the day in `zone`.
    """

    minute: int
    zone: ZoneInfo
    day: int = 0
    weekday: int = 0

    @property
    def kind(self) -> str:
        """monthly or weekly."""
        return "monthly" if self.day else "weekly"

    def due(self, period: int) -> Due:
        """The instant of a period: a month counted from January 1970, a week from the one of 29 December 1969."""
        day = _day_of_month(period, self.day) if self.day else _MONDAY + timedelta(days=7 * period + self.weekday)
        return Due(period, to_instant((day - _EPOCH).days * DAY + self.minute * MINUTE, self.zone))

    def newest(self, now: int) -> Due:
        """The newest one that is due at an instant."""
        found = self.due(self.period_of(now))
        return found if found.at <= now else self.due(found.period - 1)

    def next(self, now: int) -> Due:
        """The first one after an instant."""
        return self.due(self.newest(now).period + 1)

    def period_of(self, instant: int) -> int:
        """The period that an instant lies in, by the date of the zone."""
        return self._of(_EPOCH + timedelta(days=day_of(instant, self.zone)))

    def month_before(self, due: Due) -> date:
        """The first day of the calendar month before the date on which one is due."""
        day = _EPOCH + timedelta(days=day_of(due.at, self.zone))
        return (day.replace(day=1) - timedelta(days=1)).replace(day=1)

    def _of(self, day: date) -> int:
        return (day.year - 1970) * 12 + day.month - 1 if self.day else (day - _MONDAY).days // 7


def _day_of_month(month: int, day: int) -> date:
    year, month = 1970 + month // 12, month % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def minute_of(text: str) -> int:
    """The minute of the day of a time such as 07:30. Raises ValueError."""
    try:
        at = datetime.strptime(text, "%H:%M")
    except ValueError:
        raise ValueError(f"{text!r} is no time such as 07:30") from None
    return at.hour * 60 + at.minute
