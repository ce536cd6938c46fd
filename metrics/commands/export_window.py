"""What is to be exported, read in slices so that memory does not grow with the log."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from metrics.commands.opened import Reader
from metrics.commands.rows import CaseSize, ExportedEvent, Span
from metrics.words import DAY, MINUTE

SLICE_EVENTS = 50_000
BEGINNING = -70 * 365 * DAY - 18 * DAY
"""1900-01-01: nothing older is ever stored."""
END = 230 * 366 * DAY

Progress = Callable[[int], None]


class Window(msgspec.Struct, frozen=True):
    """Events of one process ('' for all events) with `since` <= time < `until`, in microseconds since 1970 UTC."""

    process: str = ""
    since: int = BEGINNING
    until: int = END

    @property
    def parameters(self) -> dict[str, str | int]:
        return {"process": self.process, "since": self.since, "until": self.until}


def parse_time(text: str) -> int:
    """Microseconds of a date (its start, UTC) or an RFC 3339 time; without an offset it is UTC. Raises ValueError."""
    time = datetime.fromisoformat(text)
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return round((aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)


def count_events(reader: Reader, window: Window) -> list[Span]:
    """The minutes with events; their sum is what will be exported."""
    return reader.rows("cli_export_minutes", Span, **window.parameters)


def events_by_time(reader: Reader, window: Window, minutes: Sequence[Span]) -> Iterator[ExportedEvent]:
    """The events in the order of time."""
    for start, end in slices(minutes):
        about = window.parameters | {"since": max(start, window.since), "until": min(end, window.until)}
        yield from reader.rows("cli_export_events", ExportedEvent, **about)


def slices(minutes: Sequence[Span], most: int = SLICE_EVENTS) -> Iterator[tuple[int, int]]:
    """Stretches of whole minutes [start, end) with about `most` events each, or one minute that has more."""
    first, held = 0, 0
    for index, minute in enumerate(minutes):
        if index > first and held + minute.events > most:
            yield minutes[first].minute_us, minutes[index - 1].minute_us + MINUTE
            first, held = index, 0
        held += minute.events
    if minutes:
        yield minutes[first].minute_us, minutes[-1].minute_us + MINUTE


def cases_of(reader: Reader, window: Window) -> list[CaseSize]:
    """The cases to export, by id."""
    return reader.rows("cli_export_cases", CaseSize, **window.parameters)


def events_by_case(reader: Reader, window: Window, cases: Sequence[CaseSize]) -> Iterator[ExportedEvent]:
    """The events case by case, each case in the order of its fold."""
    for first, last in ranges(cases):
        yield from reader.rows("cli_export_case_events", ExportedEvent, **window.parameters, first=first, last=last)


def ranges(cases: Sequence[CaseSize], most: int = SLICE_EVENTS) -> Iterator[tuple[str, str]]:
    """First and last case of groups with about `most` events each, or one case that has more."""
    first, held = 0, 0
    for index, case in enumerate(cases):
        if index > first and held + case.events > most:
            yield cases[first].case_id, cases[index - 1].case_id
            first, held = index, 0
        held += case.events
    if cases:
        yield cases[first].case_id, cases[-1].case_id
