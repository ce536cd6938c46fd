"""Reads what is known of cases and keeps their ledgers: one case with its clocks, or a sample of a process."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from metrics.delay.calls import Span, call_claims
from metrics.delay.flow import Flow, Happened, attributes_of, read_flow
from metrics.delay.ledger import Ledger, Life, Pause, keep_ledger, life_of
from metrics.queries.delay_rows import DelayCase, DelayDefinition, DelayEvent, DelaySpan

MOST_EVENTS = 2_000
"""Events read of one case."""
MOST_SPANS = 50_000
"""Spans read in one question."""
MOST_CASES = 200
"""Cases whose ledgers make up a process's: the newest of the window."""

Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class ClockLedger(NamedTuple):
    """The ledger of one SLA clock from its start to its stop, or to now: of all its pauses only its own count."""

    sla: str
    status: str
    ledger: Ledger


class CaseLedger(NamedTuple):
    """The ledgers of a case: of its whole life, where the pauses of all its clocks count, and of each clock.

    `cut`: more spans or events are stored than were read.
    """

    case_id: str
    flow: Flow
    whole: Ledger
    clocks: tuple[ClockLedger, ...]
    cut: bool


class Sample(NamedTuple):
    """The ledgers of some of a process's cases: the newest of `total` in the window."""

    cases: tuple[CaseLedger, ...]
    total: int
    cut: bool


def read_ledger(reader: Reader, process: str, case_id: str, now: int) -> CaseLedger | None:
    """The ledgers of one case as of `now` (microseconds); None when there is no such case."""
    asked = {"case_ids": [case_id], "since": 0, "facility": "", "department": "", "sample": 1}
    sample = _read(reader, process, now, True, **asked)
    return sample.cases[0] if sample.cases else None


def read_sample(
    reader: Reader,
    process: str,
    now: int,
    since: int,
    *,
    facility: str = "",
    department: str = "",
    most: int = MOST_CASES,
    clocks: bool = False,
) -> Sample:
    """The ledgers of the newest cases under way since `since`, at most `most`; an open one ends at `now`.

    Those of their clocks only with `clocks`.
    """
    asked = {"case_ids": [], "since": since, "facility": facility, "department": department, "sample": most}
    return _read(reader, process, now, clocks, **asked)


def _read(reader: Reader, process: str, now: int, clocks: bool, **asked: object) -> Sample:
    cases = reader.rows("delay_cases", DelayCase, process=process, **asked)
    if not cases:
        return Sample((), 0, False)
    flows = _flows(reader, process)
    wanted = sorted({activity for flow in flows.values() for activity in _conditional(flow)})
    about = {"process": process, "case_ids": [case.case_id for case in cases]}
    events = reader.rows("delay_events", DelayEvent, **about, with_attributes=wanted, limit=MOST_EVENTS)
    spans = reader.rows("delay_spans", DelaySpan, **about, limit=MOST_SPANS)
    cut = len(spans) >= MOST_SPANS
    found = tuple(ledger_of(*one, now, cut, clocks) for one in _known(cases, flows, events, spans))
    return Sample(found, cases[0].total, cut)


def _flows(reader: Reader, process: str) -> dict[int, Flow]:
    return {
        row.version: read_flow(row.yaml) for row in reader.rows("delay_definitions", DelayDefinition, process=process)
    }


def _conditional(flow: Flow) -> list[str]:
    """Activities of which some milestone asks for attributes."""
    return [activity for activity, found in flow.matches.items() if any(where for _, where in found)]


Known = tuple[DelayCase, Flow, Sequence[Happened], Sequence[Span]]


def _known(
    cases: Sequence[DelayCase], flows: Mapping[int, Flow], events: Sequence[DelayEvent], spans: Sequence[DelaySpan]
) -> list[Known]:
    """Each case with the flow of its version, its events and the spans of its traces."""
    happened: dict[str, list[Happened]] = defaultdict(list)
    for event in events:
        told = attributes_of(event.attributes)
        happened[event.case_id].append(Happened(event.event_id, event.time_us, event.activity, told))
    called: dict[str, list[Span]] = defaultdict(list)
    for row in spans:
        span = _span(row)
        for case_id in row.case_ids:
            called[case_id].append(span)
    newest = flows[max(flows)] if flows else Flow()
    return [
        (case, flows.get(case.definition_version, newest), happened[case.case_id], called[case.case_id])
        for case in cases
    ]


def _span(row: DelaySpan) -> Span:
    return Span(
        row.trace_id,
        row.span_id,
        row.parent_span_id,
        row.service,
        row.name,
        row.kind,
        row.interface,
        row.start_us,
        row.stop_us,
        bool(row.failed),
        row.attempt,
        tuple(row.links),
    )


def ledger_of(
    case: DelayCase,
    flow: Flow,
    events: Sequence[Happened],
    spans: Sequence[Span],
    now: int,
    cut: bool = False,
    clocks: bool = True,
) -> CaseLedger:
    """The ledgers of a case from what is known of it."""
    until = case.last_us if case.status == "closed" else max(now, case.last_us)
    latest = max([until, *(stop for stop in case.stopped_us if stop is not None)])
    life = life_of(flow, events, call_claims(spans), latest)
    pauses = [_pauses(text) for text in case.pauses]
    whole = keep_ledger(life, case.first_us, until, {pause for some in pauses for pause in some})
    kept = _clock_ledgers(case, life, pauses, until) if clocks else ()
    return CaseLedger(case.case_id, flow, whole, kept, cut or len(events) >= MOST_EVENTS)


def _clock_ledgers(
    case: DelayCase, life: Life, pauses: Sequence[Sequence[Pause]], until: int
) -> tuple[ClockLedger, ...]:
    ends = map(_clock_stop, case.clock_statuses, case.started_us, case.stopped_us, case.gross_us, repeat(until))
    told = zip(case.clocks, case.clock_statuses, case.started_us, ends, pauses, strict=True)
    return tuple(
        ClockLedger(name, status, keep_ledger(life, start, stop, own, life.flow.lines.get(name, 0)))
        for name, status, start, stop, own in told
    )


def _clock_stop(status: str, start: int, stop: int | None, gross: int, until: int) -> int:
    """When a clock ended: at its stop, at its cancelling (its gross time says when), else not yet."""
    if status == "cancelled":
        return start + gross
    return until if stop is None else stop


def _pauses(text: str) -> list[Pause]:
    return [Pause(*one) for one in msgspec.json.decode(text or "[]", type=list[tuple[int, int | None, str]])]
