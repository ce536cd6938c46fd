"""Turning a harvest into blocks of bytes that can be sent as often as needed.

Case rows stand before object rows: an object that knows of a case proves that the case has its events.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streams.cases.rows import case_columns, case_event_columns
from streams.engine import event_rows as rows
from streams.engine.engine import Harvest
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Frozen, Positions
from streams.engine.ports import StoreWriter

SEQUENCE_BITS = 40

Columns = Mapping[str, Sequence[Any]]
Tables = Iterator[tuple[str, Columns]]


class Freezer:
    """Gives each flush of one epoch its version, above all earlier ones (a version is never a time)."""

    def __init__(self, writer: StoreWriter, *, worker: str, epoch: int, incarnation: str, clock: WallClock) -> None:
        self._writer = writer
        self._worker = worker
        self._version = epoch << SEQUENCE_BITS
        self._incarnation = incarnation
        self._clock = clock

    def freeze_cases(self, harvest: Harvest, positions: Positions) -> Frozen:
        """Everything the engine harvested."""
        self._version += 1
        now = self._clock()
        facts, state = self._blocks(self._facts(harvest, now)), self._blocks(self._state(harvest, now))
        return Frozen(facts, harvest.outbox, [*state, *self._checkpoints(positions, now)], positions)

    def freeze_facts(self, tables: Mapping[str, Columns], positions: Positions) -> Frozen:
        """Facts alone, for a worker without state."""
        self._version += 1
        return Frozen(self._blocks(iter(tables.items())), (), self._checkpoints(positions, self._clock()), positions)

    def _blocks(self, tables: Tables) -> list[Any]:
        return [self._writer.prepare(table, columns) for table, columns in tables if any(map(len, columns.values()))]

    def _facts(self, harvest: Harvest, now: int) -> Tables:
        yield "events", rows.event_columns(harvest.events)
        yield "dead_letters", rows.dead_letter_columns(harvest.dead_letters)
        yield "markers", rows.marker_columns(harvest.markers, now)
        yield "case_events", case_event_columns(harvest.cases, self._version)

    def _state(self, harvest: Harvest, now: int) -> Tables:
        yield "late_events", rows.late_columns(harvest.late, now)
        yield "transitions", rows.transition_columns(harvest.transitions, self._version, now)
        yield "restatements", rows.restatement_columns(harvest.restatements, now)
        yield "cases", case_columns(harvest.cases, self._version)
        yield "objects", rows.object_columns([state for state in harvest.objects if state.dirty], self._version)
        yield "feeds", rows.feed_columns(harvest.feeds, self._version)

    def _checkpoints(self, positions: Positions, now: int) -> list[Any]:
        if not positions:
            return []
        count, values = len(positions), list(positions.values())
        columns: Columns = {
            "worker": [self._worker] * count,
            "topic": [topic for topic, _ in positions],
            "partition": [partition for _, partition in positions],
            "version": [self._version] * count,
            "incarnation": [self._incarnation] * count,
            "committed": [position.next_offset for position in values],
            "high_water": [position.high_water for position in values],
            "watermark": [0 if position.watermark == NEVER else position.watermark for position in values],
            "flushed_at": [now] * count,
        }
        return [self._writer.prepare("checkpoints", columns)]
