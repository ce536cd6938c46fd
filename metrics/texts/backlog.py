"""How a backlog reads to people: on every page, and in the doctor's findings."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from metrics.texts.shown import count, duration
from metrics.words import MINUTE, SECOND

MANY: Final = 20_000
"""So many are a backlog however new they are: the worker stores so many at once while it catches up."""
SOME, OLD = 1_000, 10 * SECOND
"""Fewer are on their way at any time; of these a backlog is what has lain for so long."""
SILENT: Final = MINUTE
"""A worker with a backlog stores every two seconds; one that has not for so long does not get on."""
READ: Final[Mapping[str, str]] = {
    "cases": "events",
    "sources": "messages of systems",
    "spans": "batches of spans",
    "quality": "events for data quality",
}


class Backlog(msgspec.Struct, frozen=True):
    """`backlog`: what a class of worker has still to read. `left_us` is negative where its pace does not tell."""

    worker: str
    records: int
    read_to_us: int
    left_us: int
    flushed_us: int


def is_backlog(row: Backlog, now: int) -> bool:
    """Whether it is more than what is always on its way; `now` is the wall clock's."""
    return row.records >= MANY or (row.records >= SOME and bool(row.read_to_us) and now - row.read_to_us >= OLD)


def catching_up(rows: Sequence[Backlog], now: int) -> str:
    """'Catching up: 120,000 events behind, about 4 min', of the longest backlog; '' when there is none."""
    behind = [row for row in rows if is_backlog(row, now)]
    if not behind:
        return ""
    row = max(behind, key=lambda one: (one.worker == "cases", one.records))  # figures come from events
    words = f"{count(row.records)} {READ.get(row.worker, 'records')} behind"
    if now - row.flushed_us > SILENT:
        return f"Standing still: {words}, nothing stored for {duration(now - row.flushed_us)}"
    return f"Catching up: {words}{_left(row.left_us)}"


def age_of_oldest(rows: Sequence[Backlog], now: int) -> str:
    """'The oldest of them came 12 min ago.', '' when nobody knows."""
    oldest = min((row.read_to_us for row in rows if row.read_to_us), default=0)
    return f"The oldest of them came {duration(now - oldest)} ago." if oldest else ""


def _left(left_us: int) -> str:
    return "" if left_us < 0 else f", about {duration(max(left_us, SECOND))}"
