"""Small log files for tests of the readers."""

import gzip
from pathlib import Path

from metrics.words import DeadLetter, Event
from streams.intake.options import LogOptions
from streams.intake.reader import open_log

ROWS = "Case ID,Activity,Timestamp,Resource\n7,Create,2026-01-02T12:00:00Z,ann\n7,Pay,2026-01-03T12:00:00Z,\n"


def read(
    folder: Path, name: str, content: str | bytes, options: LogOptions | None = None
) -> tuple[list[Event], list[DeadLetter]]:
    """Write the content, read it back as a log: its events and dead letters."""
    path = folder / name
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") and not raw.startswith(b"\x1f\x8b") else raw)
    items = list(open_log(path, options or LogOptions(case_type="log.0")))
    return (
        [item for item in items if isinstance(item, Event)],
        [item for item in items if isinstance(item, DeadLetter)],
    )


def cases(events: list[Event]) -> list[str]:
    return [event.objects[0].id for event in events]
