"""A window of health: the stored hours, and those that are not judged yet as their spans and events tell them now."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from metrics.health.measures import CALLS, EVENTS, naming_of
from metrics.queries.health_rows import CallFigures, EventFigures, Judged
from metrics.words import HOUR

Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Stretch(NamedTuple):
    """Whole hours from `since` until before `until`: judged from `known` until before `judged`, open from there on."""

    since: int
    known: int
    judged: int
    until: int


def stretch_of(reader: Reader, measure: str, since: int, as_of: int) -> Stretch:
    """The hours from the one in which `since` lies to the one after `as_of`, where clocks that are ahead end up."""
    begin, end = since - since % HOUR, as_of - as_of % HOUR + 2 * HOUR
    judged = {one.measure: (one.since_us, one.until_us) for one in reader.rows("health_judged", Judged)}
    known, until = (min(max(at, begin), end) for at in judged.get(measure, (begin, begin)))
    return Stretch(begin, known, until, end)


def read_calls(
    reader: Reader, since: int, as_of: int, definitions: Path | None, interface: str = ""
) -> list[CallFigures]:
    """The operations of one interface, or of all, by hour or put together."""
    hours, asked = stretch_of(reader, CALLS, since, as_of), {"interface": interface}
    return [
        *_stored(reader, "health_stored_calls", CallFigures, hours, asked),
        *open_calls(reader, hours.judged, hours.until, as_of, definitions, interface),
    ]


def open_calls(
    reader: Reader, since: int, until: int, as_of: int, definitions: Path | None, interface: str
) -> list[CallFigures]:
    """The operations in each of these hours as the spans tell them now."""
    asked = {"as_of": as_of, "interface": interface, **naming_of(definitions).values(CALLS)}
    return reader.rows("health_call_hours", CallFigures, since=since, until=until, **asked) if since < until else []


def read_events(reader: Reader, since: int, as_of: int, definitions: Path | None) -> list[EventFigures]:
    """Events by source and type, by hour or put together."""
    hours, asked = stretch_of(reader, EVENTS, since, as_of), naming_of(definitions).values(EVENTS)
    found = _stored(reader, "health_stored_events", EventFigures, hours, {})
    if hours.judged < hours.until:
        found += reader.rows("health_event_hours", EventFigures, since=hours.judged, until=hours.until, **asked)
    return found


def _stored(reader: Reader, name: str, row_type: type[Row], hours: Stretch, asked: Mapping[str, Any]) -> list[Row]:
    if hours.since >= hours.judged:
        return []
    return reader.rows(name, row_type, since=hours.since, until=hours.judged, **asked)
