"""What is to be exported, read in slices so that memory does not grow with the log."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

import msgspec

from metrics.exports.rows import CaseSlice, ExportedEvent, ExportedObject, ObjectKind, TimeSlice
from metrics.words import DAY

Row = TypeVar("Row")
SLICE: Final = 20_000
"""Events or objects that are held at once."""
BEGINNING: Final = -70 * 365 * DAY - 18 * DAY
"""1900-01-01: nothing older is ever stored."""
END: Final = 230 * 366 * DAY

Told = Callable[[int], None]


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


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
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def time_slices(reader: Reader, window: Window, most: int = SLICE) -> list[TimeSlice]:
    """Stretches of whole minutes with about `most` events each, or one minute that has more."""
    return reader.rows("export_slices", TimeSlice, **window.parameters, most=most)


def events_by_time(reader: Reader, window: Window, slices: Sequence[TimeSlice]) -> Iterator[ExportedEvent]:
    """The events in the order of time."""
    for one in slices:
        about = window.parameters | {"since": max(one.start_us, window.since), "until": min(one.stop_us, window.until)}
        yield from reader.rows("export_events", ExportedEvent, **about)


def case_slices(reader: Reader, window: Window, most: int = SLICE) -> list[CaseSlice]:
    """Ranges of whole cases with about `most` events each, or one case that has more."""
    return reader.rows("export_case_slices", CaseSlice, **window.parameters, most=most)


def events_by_case(reader: Reader, window: Window, slices: Sequence[CaseSlice]) -> Iterator[ExportedEvent]:
    """The events case by case, each case in the order of its fold."""
    for one in slices:
        about = {"first": one.first, "last": one.last}
        yield from reader.rows("export_case_events", ExportedEvent, **window.parameters, **about)


def objects(reader: Reader, window: Window, kinds: Sequence[ObjectKind], most: int = SLICE) -> Iterator[ExportedObject]:
    """The objects that the events name, each once."""
    parts = max(1, -(-sum(kind.objects for kind in kinds) // most))
    for part in range(parts):
        yield from reader.rows("export_objects", ExportedObject, **window.parameters, parts=parts, part=part)
