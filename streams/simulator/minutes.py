"""Opening minutes of the catalogue's calendars, marked one by one: the truth's own way to count time.

It reads the YAML for itself and shares no code with the arithmetic that it is there to check.
"""

from array import array
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from metrics.words import MINUTE

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 1440
_EPOCH = date(1970, 1, 1)


class OpenMinutes:
    """For every UTC minute from `since` on: how many minutes before it were open. Grows as it is asked."""

    def __init__(self, calendar: Mapping[str, Any], place: Mapping[str, Any], since: date) -> None:
        self._always = bool(calendar.get("always"))
        self._hours = {_DAYS.index(day): spans for day, spans in calendar.get("hours", {}).items()}
        self._zone = ZoneInfo(calendar.get("zone") or place["zone"])
        self._closed = {*calendar.get("closed", ()), *place.get("closed", ())}
        self._open = set(calendar.get("open", ()))
        country, part = place.get("country", ""), place.get("subdivision") or None
        self._holidays = holidays.country_holidays(country, subdiv=part) if calendar.get("holidays") and country else {}
        self._next = since - timedelta(days=2)
        self._base = (self._next - _EPOCH).days * _DAY_MINUTES
        self._marks = bytearray()
        self._before = array("q", [0])

    def between(self, start: int, end: int) -> int:
        """Open time from `start` to `end`, all in microseconds; 0 when `end` is not after `start`."""
        if end <= start:
            return 0
        return end - start if self._always else self._up_to(end) - self._up_to(start)

    def _up_to(self, at: int) -> int:
        minute, rest = divmod(at - self._base * MINUTE, MINUTE)
        while minute + 2 * _DAY_MINUTES >= len(self._marks):
            self._extend()
        while len(self._before) <= minute:
            index = len(self._before) - 1
            self._before.append(self._before[index] + self._marks[index])
        return self._before[minute] * MINUTE + (rest if self._marks[minute] else 0)

    def _extend(self) -> None:
        """Mark the minutes of one more local day, wherever in UTC they lie."""
        day, self._next = self._next, self._next + timedelta(days=1)
        needed = ((day - _EPOCH).days + 3) * _DAY_MINUTES - self._base
        self._marks.extend(bytes(max(needed - len(self._marks), 0)))
        if day in self._closed or (day in self._holidays and day not in self._open):
            return
        for span in self._hours.get(day.weekday(), ()):
            begin, finish = (self._minute(day, text) for text in span.split("-"))
            for minute in range(max(begin, 0), finish):
                self._marks[minute] = 1

    def _minute(self, day: date, text: str) -> int:
        hour, minute = (int(part) for part in text.split(":"))
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone)
        return int(local.astimezone(UTC).timestamp()) // 60 - self._base
