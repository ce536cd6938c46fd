"""Working time: when a facility's offices are open, and the desks of limited staff that make work wait.

All times are microseconds UTC, all amounts of work microseconds of opening time.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from metrics.words import SECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXTEND_DAYS = 60


def micros(moment: datetime) -> int:
    """Microseconds UTC of an aware datetime, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The aware datetime of microseconds UTC."""
    return EPOCH + timedelta(microseconds=at)


class OfficeHours:
    """Opening hours of one zone: every day in `weekdays` that is no holiday, from `opens` to `closes` (local hours).

    Grows towards the future as it is asked, so that a live run has no end.
    """

    def __init__(
        self, zone: str, weekdays: Iterable[int], opens: int, closes: int, holiday: Callable[[date], bool], since: int
    ) -> None:
        self._zone = ZoneInfo(zone)
        self._weekdays = frozenset(weekdays)
        self._hours = (opens, closes)
        self._holiday = holiday
        self._next = moment(since).date() - timedelta(days=1)
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        self._total = 0
        self._extend()

    def opening(self, at: int) -> int:
        """The first open instant that is not before `at`."""
        index = self._index(at)
        if at < self._ends[index]:
            return max(at, self._starts[index])
        return self._starts[index + 1]

    def after(self, at: int, work: int) -> int:
        """When `work` of opening time has passed since `at`."""
        index = self._index(at)
        target = self._before[index] + min(max(at - self._starts[index], 0), self._ends[index] - self._starts[index])
        target += max(work, SECOND)
        while target >= self._total:
            self._extend()
        found = bisect_right(self._before, target) - 1
        return self._starts[found] + target - self._before[found]

    def _index(self, at: int) -> int:
        while at >= self._starts[-1]:
            self._extend()
        return max(bisect_right(self._starts, at) - 1, 0)

    def _extend(self) -> None:
        for _ in range(_EXTEND_DAYS):
            day, self._next = self._next, self._next + timedelta(days=1)
            if day.weekday() not in self._weekdays or self._holiday(day):
                continue
            midnight = micros(datetime.combine(day, time(), self._zone))
            opens, closes = (self._local(day, midnight, hour) for hour in self._hours)
            self._starts.append(opens)
            self._ends.append(closes)
            self._before.append(self._total)
            self._total += closes - opens

    def _local(self, day: date, midnight: int, hour: int) -> int:
        if hour == 24:
            return micros(datetime.combine(day + timedelta(days=1), time(), self._zone))
        return micros(datetime.combine(day, time(hour), self._zone)) if hour else midnight


class Desk:
    """A few people who serve one queue, first come first served; what they cannot serve waits."""

    def __init__(self, hours: OfficeHours, staff: Iterable[str]) -> None:
        self.hours = hours
        self._free = [(0, worker) for worker in staff]
        heapify(self._free)

    def serve(self, at: int, work: int) -> tuple[int, str]:
        """Queue work that arrives at `at` and takes `work`: (when it is done, who did it)."""
        free, worker = heappop(self._free)
        done = self.hours.after(self.hours.opening(max(at, free)), work)
        heappush(self._free, (done, worker))
        return done, worker

    def backlog(self, at: int) -> int:
        """How long work that arrives at `at` would wait for the next free person (wall time)."""
        return max(self._free[0][0] - at, 0)
