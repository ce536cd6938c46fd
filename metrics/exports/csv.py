"""Events as CSV (RFC 4180, UTF-8): one line an event; of one process case by case, else by time without cases.

Texts come from outside: one that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from metrics.commands.wording import rfc3339
from metrics.exports.rows import ExportedEvent

COLUMNS: Final = (
    "case_id", "event_id", "activity", "time", "started", "source", "actor", "amount", "currency", "trace_id",
    "simulated", "objects", "attributes",
)  # fmt: skip
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_PIECE: Final = 500
"""Lines that travel together."""


def csv_pieces(events: Iterable[ExportedEvent]) -> Iterator[bytes]:
    """The file in pieces, its head first."""
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow(COLUMNS)
    for number, event in enumerate(events, 1):
        lines.writerow(map(harmless, _cells(event)))
        if number % _PIECE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def harmless(text: str) -> str:
    """The text so that no spreadsheet runs it; numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _cells(event: ExportedEvent) -> tuple[str, ...]:
    objects = zip(event.object_types, event.object_ids, event.object_qualifiers, strict=True)
    named = " | ".join(f"{kind}/{id}" + (f" ({role})" if role else "") for kind, id, role in objects)
    return (
        event.case_id, event.event_id, event.activity, rfc3339(event.time_us) or "", rfc3339(event.started_us) or "",
        event.source, event.actor, event.amount, event.currency, event.trace_id, "true" if event.simulated else "",
        named, event.attributes,
    )  # fmt: skip


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data
