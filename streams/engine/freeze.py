"""Turning a harvest into blocks of bytes that can be sent as often as needed.

Case rows stand before object rows: an object that knows of a case proves that the case has its events.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from metrics.contracts.checker import Breach
from metrics.contracts.rows import breach_rows
from metrics.ledger.posting import PostingRow
from metrics.words import DeadLetter
from streams.cases.rows import Row, case_event_rows, case_rows
from streams.cases.verdicts import change_rows
from streams.engine import event_rows as rows
from streams.engine.aside_letters import aside_letters
from streams.engine.engine import Harvest
from streams.engine.feeds import NEVER, WallClock
from streams.engine.flush import Frozen, Positions
from streams.engine.ports import StoreWriter

SEQUENCE_BITS = 40

Columns = Mapping[str, Sequence[Any]]


class Freezer:
    """Gives each flush of one epoch its version, above all earlier ones (a version is never a time)."""

    def __init__(self, writer: StoreWriter, *, worker: str, epoch: int, incarnation: str, clock: WallClock) -> None:
        self._writer = writer
        self._worker = worker
        self._version = epoch << SEQUENCE_BITS
        self._incarnation = incarnation
        self._clock = clock

    def next_version(self) -> int:
        """A version above all that this epoch gave before, for rows that are written beside the flushes."""
        self._version += 1
        return self._version

    def freeze_cases(
        self,
        harvest: Harvest,
        positions: Positions,
        breaches: Sequence[Breach] = (),
        postings: Sequence[PostingRow] = (),
    ) -> Frozen:
        """Everything the engine harvested, the contracts that its events break, and what they say in the ledger."""
        self._version += 1
        now = self._clock()
        dead = [*harvest.dead_letters, *aside_letters(harvest.aside, now)]
        letters = self._columns([("dead_letters", rows.dead_letter_columns(dead))])
        broken = self._rows([("contract_breaches", breach_rows(breaches, now))])
        facts, state = self._rows(self._facts(harvest, now)), self._rows(self._state(harvest, now))
        booked = self._rows([("ledger_postings", postings)])
        return Frozen(
            [*letters, *broken, *facts, *booked],
            harvest.outbox,
            [*state, *self._checkpoints(positions, now)],
            positions,
        )

    def freeze_facts(self, tables: Mapping[str, Columns], positions: Positions) -> Frozen:
        """Facts alone, for a worker without state."""
        self._version += 1
        return Frozen(self._columns(tables.items()), (), self._checkpoints(positions, self._clock()), positions)

    def freeze_mapped(
        self,
        letters: Sequence[DeadLetter],
        outbox: Sequence[Any],
        state: Mapping[str, Callable[[int], Sequence[Row]]],
        positions: Positions,
    ) -> Frozen:
        """What a worker that answers messages with messages did; `state` gives each table's rows for a version."""
        self._version += 1
        facts = self._columns([("dead_letters", rows.dead_letter_columns(letters))])
        made = self._rows((table, rows_for(self._version)) for table, rows_for in state.items())
        return Frozen(facts, outbox, [*made, *self._checkpoints(positions, self._clock())], positions)

    def _columns(self, tables: Iterable[tuple[str, Columns]]) -> list[Any]:
        return [self._writer.prepare(table, columns) for table, columns in tables if any(map(len, columns.values()))]

    def _rows(self, tables: Iterable[tuple[str, Sequence[Row]]]) -> list[Any]:
        return [self._writer.prepare_rows(table, rows) for table, rows in tables if rows]

    def _facts(self, harvest: Harvest, now: int) -> Iterator[tuple[str, Sequence[Row]]]:
        yield "events", rows.event_rows(harvest.events)
        yield "markers", rows.marker_rows(harvest.markers, now)
        yield "case_events", case_event_rows(harvest.cases, self._version)

    def _state(self, harvest: Harvest, now: int) -> Iterator[tuple[str, Sequence[Row]]]:
        yield "late_events", rows.late_rows(harvest.late, now)
        yield "transitions", rows.transition_rows(harvest.transitions, self._version, now)
        yield "expectation_transitions", rows.expectation_rows(harvest.expectations, self._version, now)
        yield "restatements", rows.restatement_rows(harvest.restatements, now)
        yield "deviation_changes", change_rows(harvest.verdicts, self._version, now)
        yield "cases", case_rows(harvest.cases, self._version)
        yield "objects", rows.object_rows((state for state in harvest.objects if state.dirty), self._version)
        yield "feeds", rows.feed_rows(harvest.feeds, self._version)

    def _checkpoints(self, positions: Positions, now: int) -> list[Any]:
        made = [
            (
                self._worker,
                topic,
                partition,
                self._version,
                self._incarnation,
                at.next_offset,
                at.high_water,
                0 if at.watermark == NEVER else at.watermark,
                now,
                at.read_to,
                at.left_us,
            )
            for (topic, partition), at in positions.items()
        ]
        return self._rows([("checkpoints", made)])
