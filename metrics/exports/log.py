"""A whole export: how many events it will hold, and its pieces. Nothing is read before the first piece is asked for
but what says how much there is."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from metrics.exports.csv import csv_pieces
from metrics.exports.ocel import ObjectNames, attribute_types, ocel_pieces
from metrics.exports.rows import AttributeKind, ExportedEvent, ObjectKind, SharedId
from metrics.exports.window import Reader, Window, case_slices, events_by_case, events_by_time, objects, time_slices
from metrics.exports.xes import xes_pieces

Kind = Literal["ocel", "xes", "csv"]
MEDIA: Final = {"ocel": "application/json", "xes": "application/xml", "csv": "text/csv"}
ENDING: Final = {"ocel": "jsonocel", "xes": "xes", "csv": "csv"}
Watched = Callable[[Iterable[ExportedEvent], int], Iterable[ExportedEvent]]


class Log(NamedTuple):
    """`events` that will be written, and the pieces of the file."""

    events: int
    pieces: Iterator[bytes]


def log(reader: Reader, kind: Kind, window: Window, *, simulated: bool, watched: Watched | None = None) -> Log:
    """The export of a window; XES needs its process. `watched` sees every event go by and gives it on."""
    watch = watched or (lambda events, _: events)
    if kind == "ocel" or (kind == "csv" and not window.process):
        times = time_slices(reader, window)
        total = sum(one.events for one in times)
        events = watch(events_by_time(reader, window, times), total)
        return Log(total, _ocel(reader, window, events) if kind == "ocel" else csv_pieces(events))
    cases = case_slices(reader, window)
    total = sum(one.events for one in cases)
    events = watch(events_by_case(reader, window, cases), total)
    return Log(total, csv_pieces(events) if kind == "csv" else xes_pieces(window.process, events, simulated=simulated))


def _ocel(reader: Reader, window: Window, events: Iterable[ExportedEvent]) -> Iterator[bytes]:
    types = attribute_types(reader.rows("export_attributes", AttributeKind, **window.parameters))
    kinds = reader.rows("export_object_types", ObjectKind, **window.parameters)
    shared = reader.rows("export_shared_ids", SharedId, **window.parameters)
    names = ObjectNames({row.object_id for row in shared})
    yield from ocel_pieces(types, kinds, names, objects(reader, window, kinds), events)
