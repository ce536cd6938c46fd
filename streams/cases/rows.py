"""Cases as rows (`metrics.store.wire`): a case's row is what readers see and what a worker restarts from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from metrics.sla.clock import ClockReading
from metrics.words import Event
from streams.cases.case_state import CaseState
from streams.cases.fold import ClockMarks
from streams.cases.timers import NEVER_DUE
from streams.cases.verdicts import deviations_of
from streams.correlation.shards import shard_of

Row = tuple[Any, ...]

_SHOWN = ClockReading._fields.index("next_due")
"""A reading's fields up to this one are columns, in their order."""


def case_rows(cases: Iterable[CaseState], version: int) -> list[Row]:
    """The rows of table `cases`."""
    return [_case_row(case, version) for case in cases]


def _case_row(case: CaseState, version: int) -> Row:
    key, fold, definition = case.key, case.fold, case.plan.definition
    about = fold.attributes
    return (
        key.process,
        key.id,
        shard_of(key.type, key.id),
        version,
        case.revision,
        definition.version,
        fold.feed,
        "closed" if fold.outcome else "open",
        fold.outcome,
        fold.state,
        fold.state_since,
        fold.first_time,
        fold.last_time,
        fold.first_started,
        fold.events,
        fold.variant,
        about.get("facility", ""),
        about.get("department", ""),
        definition.owner,
        fold.amount,
        fold.currency,
        about,
        fold.milestones,
        _clocks(case),
        definition.conformance.rule_count,
        _deviations(case),
        _expected(case),
        NEVER_DUE if case.due is None else case.due,
        fold.simulated,
        case.checkpoint(),
    )


def _clocks(case: CaseState) -> list[Row]:
    """The clocks that have started: name, reading, target and pauses of each."""
    rules, facility = case.plan.definition.slas, case.facility
    return [
        (rule.name, *reading[:_SHOWN], rule.rule_for(facility).target, _pauses(rule.pauses, marks))
        for rule, reading, marks in zip(rules, case.readings, case.fold.clocks, strict=False)
        if reading is not None
    ]


def _expected(case: CaseState) -> list[Row]:
    """What is expected since: name, status, since, due, seen, and who should have told it to whom."""
    return [
        (rule.name, *one[:4], rule.told_by, rule.owner)
        for rule, one in zip(case.plan.definition.expects, case.expected, strict=True)
        if one is not None
    ]


def _deviations(case: CaseState) -> list[Row]:
    """In the order of their events."""
    return [
        (one.kind, one.rule, one.milestone, one.object, one.at, one.event_id, one.count) for one in deviations_of(case)
    ]


def _pauses(rules: Sequence[tuple[int, int, str]], marks: ClockMarks) -> list[Row]:
    return [(start, end, rules[number][2]) for start, end, number in marks.pauses]


def case_event_rows(cases: Iterable[CaseState], version: int) -> list[Row]:
    """The rows of table `case_events` for what entered or left these cases since the last flush."""
    return [_case_event_row(case, event, withdrawn, version) for case, event, withdrawn in _moved(cases)]


def _moved(cases: Iterable[CaseState]) -> Iterator[tuple[CaseState, Event, int]]:
    for case in cases:
        for event in case.pending.values():
            yield case, event, 0
        for event in case.withdrawn:
            yield case, event, 1


def _case_event_row(case: CaseState, event: Event, withdrawn: int, version: int) -> Row:
    return (
        case.key.process,
        case.key.id,
        event.id,
        version,
        withdrawn,
        event.time,
        event.started,
        case.plan.rank(event.source),
        event.sequence,
        event.type,
        event.activity,
        event.source,
        event.trace_id,
        event.trace_source,
    )
