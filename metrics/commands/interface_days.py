"""The days of one interface, as `flowglass interfaces --interface` lists them."""

from collections.abc import Sequence
from typing import NamedTuple

from metrics.commands.output import print_table
from metrics.commands.wording import NONE, duration, moment, percent
from metrics.health.history import History
from metrics.words import DAY, HOUR


class Day(NamedTuple):
    """A day (UTC) of an interface. `quiet`: judged hours in which nobody called; `worst_us`: its slowest hour's p95."""

    start_us: int
    calls: int
    errors: int
    retries: int
    quiet: int
    worst_us: float
    judged: bool


def days_of(history: History, as_of: int) -> list[Day]:
    """Every day from the beginning of the history to `as_of` (microseconds), days without calls too."""
    first = history.since_us - history.since_us % DAY
    return [_day(history, start) for start in range(first, as_of + 1, DAY)]


def _day(history: History, start: int) -> Day:
    own = [one for one in history.hours if start <= one.hour_us < start + DAY]
    judged = range(max(start, history.known_us), min(start + DAY, history.judged_us), HOUR)
    called = {one.hour_us for one in own}
    return Day(
        start,
        sum(one.calls for one in own),
        sum(one.errors for one in own),
        sum(one.retries for one in own),
        sum(1 for hour in judged if hour not in called),
        max((one.p95_us for one in own), default=0.0),
        history.known_us < start + DAY <= history.judged_us,
    )


def _judged_part(day: Day, history: History) -> str:
    """Of a day that is not judged to its end."""
    begun = history.judged and history.known_us < day.start_us + DAY and history.judged_us > day.start_us
    return f"until {moment(history.judged_us)}" if begun else "no"


def print_days(days: Sequence[Day], history: History) -> None:
    """One row a day."""
    print_table(
        ("day (UTC)", "calls", "failed", "retries", "slowest p95", "hours without calls", "judged"),
        [
            (
                moment(one.start_us)[:10],
                str(one.calls),
                percent(one.errors / one.calls) if one.calls else NONE,
                str(one.retries),
                duration(one.worst_us) if one.calls else NONE,
                str(one.quiet),
                "yes" if one.judged else _judged_part(one, history),
            )
            for one in days
        ],
        title=f"Days ({len(days)})",
        right="calls, failed, retries, slowest p95, hours without calls",
    )
