"""The ledger of truth: what really happened, told while it happens, for tests to hold the store against.

Each record is one JSON object; `docs/simulator.md` describes them. A case's newest record is the valid one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from metrics.words import Event, ObjectRef
from streams.simulator.carriers import Carrier
from streams.simulator.faults import Fault
from streams.simulator.outcome import Outcomes
from streams.simulator.step import Case, Step
from streams.simulator.step_trace import StepTrace
from streams.simulator.ways import Ways, Went

Write = Callable[[dict[str, Any]], None]
About = Callable[[Sequence[Case]], dict[str, Any]]
"""A record about the cases that have begun."""


@dataclass(frozen=True, slots=True)
class OpenTrace:
    """The trace of a step under way: how it is carried, its business key, and the cases it serves."""

    trace: StepTrace
    carrier: Carrier
    key: ObjectRef
    cases: Sequence[Case]


def discard(_record: dict[str, Any]) -> None:
    """A ledger's reader who does not care."""


class Ledger:
    """Takes in what the stage does and writes records; holds every case's milestones."""

    def __init__(self, outcomes: Outcomes, write: Write = discard) -> None:
        self.cases: dict[tuple[str, str], Case] = {}
        self._unnamed: dict[tuple[str, str], Sequence[Case]] = {}
        self._open: dict[int, OpenTrace] = {}
        self._to_be: dict[tuple[str, str], list[tuple[Sequence[Case], About]]] = {}
        self.live = False
        self._outcomes = outcomes
        self._ways = Ways()
        self._write = write

    def member(self, ref: ObjectRef, cases: Sequence[Case]) -> None:
        """An object will belong to `cases`; it comes to be with the first event that names it."""
        self._unnamed[ref.type, ref.id] = cases
        for case in cases:
            self.cases.setdefault((case.process, case.id), case)

    def event(self, event: Event, cases: Sequence[Case], step: Step) -> None:
        """A step happened as `event` in `cases`."""
        for ref in event.objects:
            members = self._unnamed.pop((ref.type, ref.id), None)
            if members is not None:
                self._tell(members, partial(_object_record, ref))
        for case in cases:
            reached = step.reached_in(case)
            case.occurred.extend((event.time, name) for name in reached)
            if reached:
                case.went.append(Went(event.time, event.source, event.sequence, reached, event.objects))
            if not case.begun and case.begins in reached:
                self._begin(case)
            if self.live and case.begun:
                self._write(self.case_record(case, event.time))

    def _tell(self, cases: Sequence[Case], about: About) -> None:
        """Write what names cases: those that have begun, and once more whenever another of them begins."""
        self._write(about([case for case in cases if case.begun]))
        for case in cases:
            if not case.begun:
                self._to_be.setdefault((case.process, case.id), []).append((cases, about))

    def _begin(self, case: Case) -> None:
        case.begun = True
        for cases, about in self._to_be.pop((case.process, case.id), ()):
            self._write(about([one for one in cases if one.begun]))

    def stray(self, record: dict[str, Any]) -> None:
        """A case departs from its declared way on purpose."""
        self._write(record)

    def lost(self, record: dict[str, Any]) -> None:
        """What should have come never does."""
        self._write(record)

    def effect(self, fault: Fault, event_type: str, cases: Sequence[Case], delay: int) -> None:
        """A fault held a step up for `delay` microseconds (its calls included)."""
        self._write(
            {
                "record": "effect",
                "fault": fault.id,
                "kind": fault.kind,
                "interface": fault.interface,
                "event_type": event_type,
                "cases": _names([case for case in cases if case.begun]),
                "delay_us": delay,
            }
        )

    def trace_begins(self, trace: StepTrace, carrier: Carrier, key: ObjectRef, cases: Sequence[Case]) -> None:
        """A step is on its way: its spans may arrive long before its event does, or without it."""
        self._open[id(trace)] = OpenTrace(trace, carrier, key, cases)

    def trace_ends(self, trace: StepTrace) -> None:
        """The step arrived: its event happens now."""
        begun = self._open.pop(id(trace))
        self._trace(begun, begun.carrier.proofs, begun.cases)

    def trace_alone(self, trace: StepTrace, carrier: Carrier) -> None:
        """A trace that serves no case."""
        self._trace(OpenTrace(trace, carrier, ObjectRef("", ""), ()), (), ())

    def settle(self, now: int) -> Iterator[dict[str, Any]]:
        """Write what is known of the traces under way, then give a record of every case as it stands at `now`."""
        for begun in self._open.values():
            if begun.trace.seen:
                proofs = tuple(proof for proof in begun.carrier.proofs if proof != "traceparent")
                named = (begun.key.type, begun.key.id) not in self._unnamed
                known = begun.cases[0].occurred if begun.carrier.derived and begun.cases else named
                self._trace(begun, proofs if known else (), begun.cases)
        for case in self.cases.values():
            if case.begun and case.occurred:
                yield self.case_record(case, now)

    def case_record(self, case: Case, now: int) -> dict[str, Any]:
        """The truth about one case as it stands at `now` (microseconds UTC)."""
        reached: dict[str, list[int]] = {}
        for time, name in case.occurred:
            reached.setdefault(name, []).append(time)
        return {
            "record": "case",
            "process": case.process,
            "case": case.id,
            "facility": case.facility,
            "now": now,
            "milestones": [[name, times[0], times[-1], len(times)] for name, times in reached.items()],
            "slas": self._outcomes.judge(case.process, case.facility, case.occurred, now),
            "expected": self._outcomes.expect(case.process, case.facility, case.occurred, now),
            "deviations": [list(one) for one in self._ways.judge(case.process, case.went)],
        }

    def _trace(self, begun: OpenTrace, proofs: Sequence[str], cases: Sequence[Case]) -> None:
        """The producer's trace, and the consumer's where a span link is all that binds it."""
        carrier = begun.carrier
        bound = (cases[:1] if carrier.derived else cases) if proofs else ()
        for number, trace_id in enumerate(begun.trace.trace_ids):
            said = ("span_link",) if number else proofs
            self._tell(bound, partial(_trace_record, trace_id, carrier.kind, said, begun.trace.travel))


def _object_record(ref: ObjectRef, cases: Sequence[Case]) -> dict[str, Any]:
    return {"record": "object", "type": ref.type, "id": ref.id, "cases": _names(cases)}


def _trace_record(
    trace_id: str, carrier: str, proofs: Sequence[str], travel: dict[str, Any], cases: Sequence[Case]
) -> dict[str, Any]:
    said = list(proofs) if cases else []
    told = {"record": "trace", "trace": trace_id, "carrier": carrier, "proofs": said, "cases": _names(cases)}
    return told | {"travel": travel}


def _names(cases: Sequence[Case]) -> list[list[str]]:
    return [[case.process, case.id] for case in cases]
