"""How an interface went hour by hour: the stored hours, and after them those that are not judged yet."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from metrics.health.durations import percentile, put_together
from metrics.health.measures import CALLS
from metrics.health.sums import at_best_kind
from metrics.health.window import Reader, open_calls, stretch_of
from metrics.queries.health_rows import CallFigures, HistoryHour
from metrics.words import HOUR


class History(NamedTuple):
    """`hours` with calls, in order of time; those from `judged_us` on are as the spans tell them now.

    An hour from `known_us` until before `judged_us` that is not among them had no calls; of others nobody knows.
    """

    since_us: int
    known_us: int
    judged_us: int
    hours: list[HistoryHour]

    @property
    def judged(self) -> bool:
        """Whether any of its hours is."""
        return self.judged_us > self.known_us


def read_history(reader: Reader, interface: str, since: int, as_of: int, definitions: Path | None) -> History:
    """The hours of one interface from the one in which `since` lies to `as_of` (microseconds)."""
    reach = stretch_of(reader, CALLS, since, as_of)
    asked = {"interface": interface, "since": reach.since, "until": reach.judged}
    found = reader.rows("health_history", HistoryHour, **asked) if reach.since < reach.judged else []
    now = open_calls(reader, reach.judged, reach.until, as_of, definitions, interface)
    return History(reach.since, reach.known, reach.judged, at_best_kind([*found, *_by_hour(now)]))


def _by_hour(rows: Iterable[CallFigures]) -> list[HistoryHour]:
    groups: dict[tuple[int, str], list[CallFigures]] = {}
    for row in rows:
        groups.setdefault((row.hour_us, row.kind), []).append(row)
    return [
        HistoryHour(
            hour_us=hour,
            kind=kind,
            calls=sum(row.calls for row in some),
            errors=sum(row.errors for row in some),
            retries=sum(row.retries for row in some),
            p95_us=percentile(put_together((row.took_us, row.took_calls) for row in some), 0.95),
        )
        for (hour, kind), some in sorted(groups.items())
    ]


def gaps(history: History, until: int) -> Iterable[int]:
    """The judged hours before `until` in which nobody called."""
    called = {one.hour_us for one in history.hours}
    return (hour for hour in range(history.known_us, min(history.judged_us, until), HOUR) if hour not in called)
