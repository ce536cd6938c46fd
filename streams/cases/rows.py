"""Cases as columns: one row a case, which readers see and a worker restarts from."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from metrics.sla.clock import ClockReading
from streams.cases.case_state import CaseState
from streams.cases.fold import ClockMarks
from streams.correlation.shards import shard_of

Columns = dict[str, list[Any]]

_SHOWN = ClockReading._fields.index("next_due")
"""A reading's fields up to this one are columns, in their order."""

_json = msgspec.json.Encoder()
_pack = msgspec.msgpack.Encoder()


def case_columns(cases: Sequence[CaseState], version: int) -> Columns:
    """The rows of table `cases`."""
    folds = [case.fold for case in cases]
    definitions = [case.plan.definition for case in cases]
    columns: Columns = {
        "process": [case.key.process for case in cases],
        "case_id": [case.key.id for case in cases],
        "shard": [shard_of(case.key.type, case.key.id) for case in cases],
        "version": [version] * len(cases),
        "revision": [case.revision for case in cases],
        "definition_version": [definition.version for definition in definitions],
        "feed": [fold.feed for fold in folds],
        "status": ["closed" if fold.outcome else "open" for fold in folds],
        "outcome": [fold.outcome for fold in folds],
        "state": [fold.state for fold in folds],
        "state_since": [fold.state_since for fold in folds],
        "first_time": [fold.first_time for fold in folds],
        "last_time": [fold.last_time for fold in folds],
        "first_started": [fold.first_started for fold in folds],
        "events": [fold.events for fold in folds],
        "variant": [fold.variant for fold in folds],
        "facility": [fold.attributes.get("facility", "") for fold in folds],
        "department": [fold.attributes.get("department", "") for fold in folds],
        "owner": [definition.owner for definition in definitions],
        "amount": [fold.amount for fold in folds],
        "currency": [fold.currency for fold in folds],
        "attributes": [_json.encode(fold.attributes) if fold.attributes else b"{}" for fold in folds],
        "simulated": [int(fold.simulated) for fold in folds],
        "checkpoint": [_pack.encode(case.checkpoint()) for case in cases],
    }
    columns.update(_milestone_columns(cases))
    columns.update(_clock_columns(cases))
    return columns


def _milestone_columns(cases: Sequence[CaseState]) -> Columns:
    reached = [case.fold.milestones for case in cases]
    return {
        "milestone.name": [list(milestones) for milestones in reached],
        "milestone.first": [[mark.first for mark in milestones.values()] for milestones in reached],
        "milestone.last": [[mark.last for mark in milestones.values()] for milestones in reached],
        "milestone.count": [[mark.count for mark in milestones.values()] for milestones in reached],
    }


_CLOCK_COLUMNS = tuple(
    f"clock.{name}"
    for name in (
        "name", "status", "started", "stopped", "at_risk_at", "deadline", "gross_us", "net_us", "target_us", "pauses",
    )
)  # fmt: skip


def _clock_columns(cases: Sequence[CaseState]) -> Columns:
    if not cases:
        return {name: [] for name in _CLOCK_COLUMNS}
    return dict(zip(_CLOCK_COLUMNS, map(list, zip(*map(_shown, cases), strict=True)), strict=True))


def _shown(case: CaseState) -> list[list[Any]]:
    """The clocks that have started, a list for each of `_CLOCK_COLUMNS`; pauses as JSON."""
    rules, facility = case.plan.definition.slas, case.facility
    rows = [
        (rule.name, *reading[:_SHOWN], rule.rule_for(facility).target, _pauses(rule.pauses, marks))
        for rule, reading, marks in zip(rules, case.readings, case.fold.clocks, strict=True)
        if reading is not None
    ]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in _CLOCK_COLUMNS]


def _pauses(rules: Sequence[tuple[int, int, str]], marks: ClockMarks) -> bytes:
    if not marks.pauses:
        return b"[]"
    return _json.encode([(start, end, rules[number][2]) for start, end, number in marks.pauses])


def case_event_columns(cases: Iterable[CaseState], version: int) -> Columns:
    """The rows of table `case_events` for what entered or left these cases since the last flush."""
    rows = [(case, event, 0) for case in cases for event in case.pending.values()]
    rows += [(case, event, 1) for case in cases for event in case.withdrawn]
    events = [event for _, event, _ in rows]
    return {
        "process": [case.key.process for case, _, _ in rows],
        "case_id": [case.key.id for case, _, _ in rows],
        "event_id": [event.id for event in events],
        "version": [version] * len(rows),
        "withdrawn": [withdrawn for _, _, withdrawn in rows],
        "time": [event.time for event in events],
        "started": [event.started for event in events],
        "rank": [case.plan.rank(event.source) for case, event, _ in rows],
        "sequence": [event.sequence for event in events],
        "type": [event.type for event in events],
        "activity": [event.activity for event in events],
        "source": [event.source for event in events],
        "trace_id": [event.trace_id for event in events],
        "trace_source": [event.trace_source for event in events],
    }
