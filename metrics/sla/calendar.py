"""Calendars: working time between instants, and the instant after so much working time.

All instants are microseconds since 1970-01-01 UTC, all durations microseconds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import ZoneInfo

from metrics.sla.openings import (
    BLOCK_SHIFT,
    FIRST_BLOCK,
    LAST_BLOCK,
    Block,
    CalendarSpec,
    Plan,
    block,
    openings,
    plan_of,
)
from metrics.sla.zones import day_of, load_zone, start_of_day
from metrics.words import DAY

__all__ = ["ALWAYS", "EVERY_HOUR", "BusinessCalendar", "Calendar", "CalendarSpec", "compile_calendar"]

EVERY_HOUR: Mapping[int, Sequence[tuple[int, int]]] = dict.fromkeys(range(7), ((0, 1440),))


class Calendar:
    """A calendar that is open around the clock, and the contract of every other one.

    Openings are half open: the opening instant is open, the closing instant is not.
    `zone` decides local dates. `working_day` is the nominal length of a working day: the open hours
    of a week, DST and holidays apart, over its working days.
    """

    __slots__ = ("name", "working_day", "zone")

    def __init__(self, name: str, zone: ZoneInfo) -> None:
        self.name = name
        self.zone = zone
        self.working_day = DAY

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.zone.key!r})"

    def add(self, start: int, duration: int) -> int:
        """The first instant ≥ `start` by which `duration` ≥ 0 of open time has passed since `start`.

        So a duration that ends with a shift gives the closing instant itself, never the next
        opening; a start outside hours counts from the next opening; and 0 gives `start`.
        """
        return start + duration

    def between(self, start: int, end: int) -> int:
        """Open time from `start` to `end`; negative when `end` is before `start`."""
        return end - start

    def is_open(self, instant: int) -> bool:
        """Whether `instant` lies in an opening."""
        return True

    def intervals(self, start: int, end: int) -> list[tuple[int, int]]:
        """The openings within [start, end), clipped to it, sorted, never touching each other."""
        return [(start, end)] if start < end else []

    def without_dst(self) -> "Calendar":
        """This calendar on wall time: instants given to it are what a local clock shows, every day has 24 hours."""
        return self

    def day_of(self, instant: int) -> int:
        """The local date of `instant`, in days since 1970-01-01; never goes back as time goes on."""
        return day_of(instant, self.zone)

    def start_of_day(self, day: int) -> int:
        """The instant at which the local date `day` (days since 1970-01-01) begins."""
        return start_of_day(day, self.zone)


class BusinessCalendar(Calendar):
    """Opening hours in a zone, with holidays; made by `compile_calendar`.

    Openings are worked out once per block of 407 days, when first asked for: two threads may do
    so at once and get the same. Outside the years 2–9998 the calendar is closed.
    """

    __slots__ = ("_blocks", "_plan", "_wall")

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.name, load_zone(plan.zone))
        self._plan = plan
        self._blocks: dict[int, Block] = {}
        self._wall: Calendar | None = None
        self.working_day = _working_day(plan)

    def add(self, start: int, duration: int) -> int:
        """As in Calendar; saturates at the end of year 9998."""
        if duration <= 0:
            if duration == 0:
                return start
            raise ValueError(f"a duration must not be negative, got {duration}")
        index = start >> BLOCK_SHIFT
        known = self._blocks.get(index) or self._compile(index)
        need = duration + _open_before(known, start)
        while need > known.total:
            need -= known.total
            index = max(index + 1, FIRST_BLOCK)
            if index > LAST_BLOCK:
                return max(start, (LAST_BLOCK + 1) << BLOCK_SHIFT)
            known = self._blocks.get(index) or self._compile(index)
        i = bisect_left(known.before, need) - 1
        return known.opens[i] + need - known.before[i]

    def between(self, start: int, end: int) -> int:
        """As in Calendar."""
        first, last = start >> BLOCK_SHIFT, end >> BLOCK_SHIFT
        head = self._blocks.get(first) or self._compile(first)
        if first == last:
            return _open_before(head, end) - _open_before(head, start)
        tail = self._blocks.get(last) or self._compile(last)
        opened = _open_before(tail, end) - _open_before(head, start)
        if first < last:
            return opened + self._total(first, last)
        return opened - self._total(last, first)

    def is_open(self, instant: int) -> bool:
        """As in Calendar."""
        index = instant >> BLOCK_SHIFT
        known = self._blocks.get(index) or self._compile(index)
        i = bisect_right(known.opens, instant) - 1
        return i >= 0 and instant < known.closes[i]

    def intervals(self, start: int, end: int) -> list[tuple[int, int]]:
        """As in Calendar."""
        found: list[tuple[int, int]] = []
        for index in range(start >> BLOCK_SHIFT, (end >> BLOCK_SHIFT) + 1):
            opens, closes, _, _ = self._blocks.get(index) or self._compile(index)
            for i in range(bisect_right(closes, start), bisect_left(opens, end)):
                opened, closed = max(opens[i], start), min(closes[i], end)
                if found and found[-1][1] == opened:  # an opening that two blocks share
                    opened = found.pop()[0]
                found.append((opened, closed))
        return found

    def without_dst(self) -> Calendar:
        """As in Calendar."""
        if self._wall is None:
            self._wall = self if self._plan.zone == "UTC" else _compile(self._plan._replace(zone="UTC"))
        return self._wall

    def _total(self, first: int, last: int) -> int:
        """Open time of the blocks from `first` up to, not including, `last`."""
        inside = range(max(first, FIRST_BLOCK), min(last, LAST_BLOCK + 1))
        return sum((self._blocks.get(index) or self._compile(index)).total for index in inside)

    def _compile(self, index: int) -> Block:
        made = self._blocks[index] = block(self._plan, self.zone, index)
        return made


ALWAYS = Calendar("24x7", load_zone("UTC"))


def compile_calendar(spec: CalendarSpec) -> Calendar:
    """The calendar of a spec. Equal specs share one calendar, and with it the openings worked out so far.

    ValueError when the spec is wrong, naming the mistake and what is allowed.
    """
    return _compile(plan_of(spec))


def _open_before(known: Block, instant: int) -> int:
    """Open time from the beginning of the block to `instant` in it."""
    i = bisect_right(known.opens, instant) - 1
    if i < 0:
        return 0
    return known.before[i] + min(instant, known.closes[i]) - known.opens[i]


@cache
def _compile(plan: Plan) -> Calendar:
    if _never_closes(plan):
        return Calendar(plan.name, load_zone(plan.zone))
    return BusinessCalendar(plan)


def _never_closes(plan: Plan) -> bool:
    return not plan.country and not plan.closed and _plain_week(plan) == 7 * DAY


def _working_day(plan: Plan) -> int:
    return round(_plain_week(plan) / sum(1 for hours in plan.week if hours))


def _plain_week(plan: Plan) -> int:
    """Open time of a week without holidays and DST; shifts that overlap count once."""
    plain = plan._replace(country="", subdivision="", closed=frozenset(), open=frozenset())
    return sum(closed - opened for opened, closed in openings(plain, load_zone("UTC"), 0, 7 * DAY))
