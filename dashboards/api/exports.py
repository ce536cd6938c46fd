"""Exports: the events of a window as files, sent piece by piece."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.operation import Desk, Operation, Stream
from dashboards.api.parameters import Process, Since, Until, microseconds
from dashboards.api.problems import Refused
from metrics.commands.wording import rfc3339
from metrics.exports.log import ENDING, MEDIA, Kind, log
from metrics.exports.window import Window
from metrics.queries.rows import Process as ProcessSize
from metrics.words import DAY

MOST_DAYS: Final = 400
_TEXT: Final = {"type": "string"}
_OCEL: Final = {
    "type": "object", "required": ["objectTypes", "eventTypes", "objects", "events"],
    "properties": {name: {"type": "array"} for name in ("objectTypes", "eventTypes", "objects", "events")},
    "description": "An event log of the OCEL 2.0 standard.",
}  # fmt: skip
_Start = Annotated[Since, Meta(description="Events at this time or later.")]
_Stop = Annotated[
    Until, Meta(description=f"Events before this time, at most {MOST_DAYS} days later, which is the standard.")
]


class ExportOfAny(msgspec.Struct, frozen=True, kw_only=True):
    """Which events."""

    since: _Start
    until: _Stop | UnsetType = UNSET
    process: Process | UnsetType = UNSET


class ExportOfOne(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of which process."""

    since: _Start
    process: Process
    until: _Stop | UnsetType = UNSET


def export(desk: Desk, kind: Kind, asked: ExportOfAny | ExportOfOne) -> Stream:
    """The file of a window; the look is noted before anything is sent."""
    window = _window(asked)
    sizes = {row.process: row for row in desk.reader.rows("processes", ProcessSize)}
    if window.process and window.process not in sizes:
        raise Refused(404, f"There is no process {window.process!r}: /slas lists them.")
    simulated = any(row.simulated for name, row in sizes.items() if window.process in ("", name))
    what = f"{kind} {window.process or 'all processes'} {rfc3339(window.since)} {rfc3339(window.until)}"
    desk.note("exported", what)
    name = f"{window.process or 'events'}.{ENDING[kind]}"

    def pieces() -> Iterator[bytes]:
        yield from log(desk.reader, kind, window, simulated=simulated).pieces

    return Stream(MEDIA[kind], name, pieces())  # nothing is asked of the store before the export has its place


def _window(asked: ExportOfAny | ExportOfOne) -> Window:
    since = microseconds(asked.since, 0)
    until = microseconds(asked.until, since + MOST_DAYS * DAY)
    if since >= until:
        raise Refused(400, "since must be before until.")
    if until - since > MOST_DAYS * DAY:
        raise Refused(400, f"The window is longer than {MOST_DAYS} days; ask for shorter ones, or `flowglass export`.")
    return Window(asked.process if isinstance(asked.process, str) else "", since, until)


def _operation(kind: Kind, name: str, summary: str, asked: type[msgspec.Struct], form: dict[str, Any]) -> Operation:
    def answer(desk: Desk, wanted: ExportOfAny | ExportOfOne) -> Stream:
        return export(desk, kind, wanted)

    about = f"{summary}; {MOST_DAYS} days at most. It is noted in the audit log."
    return Operation(f"/exports/{kind}", name, "exports", about, "/cases", asked, form, answer, MEDIA[kind], True)


OPERATIONS: Final = (
    _operation("ocel", "exportOcel", "Events of one process or all as OCEL 2.0 JSON, by time", ExportOfAny, _OCEL),
    _operation("xes", "exportXes", "Events of one process as XES, case by case", ExportOfOne, _TEXT),
    _operation("csv", "exportCsv", "Events as CSV: of one process case by case, of all by time", ExportOfAny, _TEXT),
)  # fmt: skip
