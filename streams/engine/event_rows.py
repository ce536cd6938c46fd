"""Facts and history as columns: what was received, and how the truth was reached."""

from collections.abc import Sequence
from typing import Any

import msgspec

from metrics.words import DeadLetter, Event, Marker
from streams.cases.readings import Restatement, Transition
from streams.correlation.checkpoint import save
from streams.correlation.object_state import ObjectState
from streams.correlation.shards import shard_of
from streams.engine.engine import Late
from streams.engine.feeds import NEVER, Feed

Columns = dict[str, list[Any]]

_json = msgspec.json.Encoder()


def event_columns(events: Sequence[Event]) -> Columns:
    """The rows of table `events`, column by column."""
    encode = _json.encode
    return {
        "event_id": [e.id for e in events],
        "origin": [e.origin for e in events],
        "position": [e.position for e in events],
        "type": [e.type for e in events],
        "activity": [e.activity for e in events],
        "time": [e.time for e in events],
        "started": [e.started for e in events],
        "recorded": [e.recorded for e in events],
        "ingested": [e.ingested for e in events],
        "source": [e.source for e in events],
        "feed": [e.feed for e in events],
        "subject": [e.subject for e in events],
        "sequence": [e.sequence for e in events],
        "effective_date": [e.effective_date for e in events],
        "precision": [e.precision for e in events],
        "object_types": [[ref.type for ref in e.objects] for e in events],
        "object_ids": [[ref.id for ref in e.objects] for e in events],
        "object_qualifiers": [[ref.qualifier for ref in e.objects] for e in events],
        "attributes": [encode(e.attributes) if e.attributes else b"{}" for e in events],
        "amount": ["" if e.amount is None else e.amount.value for e in events],
        "currency": ["" if e.amount is None else e.amount.currency for e in events],
        "actor": [e.actor for e in events],
        "trace_id": [e.trace_id for e in events],
        "span_id": [e.span_id for e in events],
        "trace_source": [e.trace_source for e in events],
        "simulated": [int(e.simulated) for e in events],
    }


def _fields(rows: Sequence[Any], *names: str) -> Columns:
    return {name: [getattr(row, name) for row in rows] for name in names}


def dead_letter_columns(letters: Sequence[DeadLetter]) -> Columns:
    return _fields(letters, *DeadLetter.__struct_fields__)


def marker_columns(markers: Sequence[Marker], now: int) -> Columns:
    return _fields(markers, *Marker.__struct_fields__) | {"ingested": [now] * len(markers)}


def object_columns(states: Sequence[ObjectState], version: int) -> Columns:
    """The rows of table `objects`: an object, its neighbours, and each case with the proof of the link."""
    return {
        "object_type": [state.key[0] for state in states],
        "object_id": [state.key[1] for state in states],
        "shard": [shard_of(*state.key) for state in states],
        "version": [version] * len(states),
        "parent.type": [[key[0] for key in state.parents] if state.parents else [] for state in states],
        "parent.id": [[key[1] for key in state.parents] if state.parents else [] for state in states],
        "parent.event_id": [[proof[1] for proof in state.parents.values()] for state in states],
        "child.type": [[key[0] for key in state.children] if state.children else [] for state in states],
        "child.id": [[key[1] for key in state.children] if state.children else [] for state in states],
        **_link_columns(states),
        "capped": [state.capped for state in states],
        "simulated": [int(state.simulated) for state in states],
        "checkpoint": [save(state) for state in states],
    }


def _link_columns(states: Sequence[ObjectState]) -> Columns:
    names = ("link.process", "link.case_id", "link.via_type", "link.via_id", "link.event_id")
    return (
        dict(zip(names, map(list, zip(*map(_links, states), strict=True)), strict=True))
        if states
        else {name: [] for name in names}
    )


def _links(state: ObjectState) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    """Process, case, neighbour's type and id, and proving event of each way into a case, in a fixed order."""
    kept = state.kept
    if len(kept) == 1:  # most objects belong to one case in one way
        (case,) = kept
        ways = state.links[case]
        if len(ways) == 1:
            ((via, proof),) = ways.items()
            return [case.process], [case.id], [via[0]], [via[1]], [proof[1]]
    rows = [(case, via, proof) for case in sorted(kept) for via, proof in sorted(state.links[case].items())]
    return (
        [case.process for case, _, _ in rows],
        [case.id for case, _, _ in rows],
        [via[0] for _, via, _ in rows],
        [via[1] for _, via, _ in rows],
        [proof[1] for _, _, proof in rows],
    )


def feed_columns(feeds: Sequence[Feed], version: int) -> Columns:
    return {
        "feed": [feed.name for feed in feeds],
        "version": [version] * len(feeds),
        "phase": [feed.phase for feed in feeds],
        "watermark": [0 if feed.watermark == NEVER else feed.watermark for feed in feeds],
        "last_seen": [feed.last_seen for feed in feeds],
        "simulated": [int(feed.simulated) for feed in feeds],
    }


def transition_columns(rows: Sequence[Transition], version: int, now: int) -> Columns:
    return {
        "process": [row.case.process for row in rows],
        "case_id": [row.case.id for row in rows],
        **_fields(rows, "clock", "status", "at", "cause", "revision"),
        "version": [version] * len(rows),
        "noticed": [now] * len(rows),
    }


def restatement_columns(rows: Sequence[Restatement], now: int) -> Columns:
    return {
        "process": [row.case.process for row in rows],
        "case_id": [row.case.id for row in rows],
        **_fields(rows, "clock", "revision", "event_id"),
        "cause": ["late_event"] * len(rows),
        "old_status": [row.old.status for row in rows],
        "new_status": [row.new.status for row in rows],
        "old_net_us": [row.old.net for row in rows],
        "new_net_us": [row.new.net for row in rows],
        "noticed": [now] * len(rows),
    }


def late_columns(rows: Sequence[Late], now: int) -> Columns:
    return {
        "process": [row.case.process for row in rows],
        "case_id": [row.case.id for row in rows],
        "event_id": [row.event.id for row in rows],
        "time": [row.event.time for row in rows],
        "case_time": [row.case_time for row in rows],
        "noticed": [now] * len(rows),
    }
