"""Facts and history as rows of the store: what was received, and how the truth was reached."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from metrics.words import DeadLetter, Event, Marker
from streams.cases.expected import ExpectationChange
from streams.cases.readings import Restatement, Transition
from streams.cases.rows import Row
from streams.correlation.object_state import ObjectState
from streams.correlation.shards import shard_of
from streams.engine.engine import Late
from streams.engine.feeds import NEVER, Feed

_told = attrgetter(
    "id", "origin", "position", "type", "activity", "time", "started", "recorded", "ingested", "source", "feed",
    "subject", "sequence", "effective_date", "precision", "objects", "attributes",
)  # fmt: skip
_traced = attrgetter("actor", "trace_id", "span_id", "trace_source", "simulated")


def event_rows(events: Iterable[Event]) -> list[Row]:
    """The rows of table `events`."""
    return [
        (*_told(event), "", "", *_traced(event))
        if event.amount is None
        else (*_told(event), event.amount.value, event.amount.currency, *_traced(event))
        for event in events
    ]


def dead_letter_columns(letters: Sequence[DeadLetter]) -> dict[str, list[Any]]:
    """The rows of table `dead_letters` as columns: a payload is any bytes."""
    return {name: [getattr(letter, name) for letter in letters] for name in DeadLetter.__struct_fields__}


def marker_rows(markers: Iterable[Marker], now: int) -> list[Row]:
    return [(m.feed, m.kind, m.partition, m.count, m.origin, m.position, now) for m in markers]


def object_rows(states: Iterable[ObjectState], version: int) -> list[Row]:
    """The rows of table `objects`: an object, its neighbours, and each way into a case with its proof."""
    return [
        (
            *state.key,
            shard_of(*state.key),
            version,
            list(state.parents.items()),
            list(state.children.items()),
            _links(state),
            state.capped,
            state.simulated,
        )
        for state in states
    ]


def _links(state: ObjectState) -> list[Row]:
    kept = state.kept
    return [(case, via, proof, case in kept) for case, ways in state.links.items() for via, proof in ways.items()]


def feed_rows(feeds: Iterable[Feed], version: int) -> list[Row]:
    return [
        (
            feed.name,
            version,
            feed.phase,
            0 if feed.watermark == NEVER else feed.watermark,
            feed.last_seen,
            feed.simulated,
        )
        for feed in feeds
    ]


def transition_rows(rows: Iterable[Transition], version: int, now: int) -> list[Row]:
    return [
        (case.process, case.id, clock, status, at, cause, revision, version, now)
        for case, clock, status, at, cause, revision in rows
    ]


def expectation_rows(rows: Iterable[ExpectationChange], version: int, now: int) -> list[Row]:
    return [
        (case.process, case.id, expectation, status, at, cause, revision, version, now)
        for case, expectation, status, at, cause, revision in rows
    ]


def restatement_rows(rows: Iterable[Restatement], now: int) -> list[Row]:
    return [
        (
            row.case.process,
            row.case.id,
            row.clock,
            row.revision,
            "late_event",
            row.event_id,
            row.old.status,
            row.new.status,
            row.old.net,
            row.new.net,
            now,
        )
        for row in rows
    ]


def late_rows(rows: Iterable[Late], now: int) -> list[Row]:
    return [(case.process, case.id, event.id, event.time, case_time, now) for case, event, case_time in rows]
