"""Reading the clocks and verdicts of touched cases; one that cannot be read is set aside, and the others go on."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import structlog

from streams.cases.aside import Failure, failure_of
from streams.cases.case_state import CaseState
from streams.cases.expected import ExpectationChange
from streams.cases.readings import Restatement, Transition, read_clocks
from streams.cases.verdicts import VerdictChange, verdict_changes
from streams.correlation.messages import CaseKey

log = structlog.get_logger(__name__)


class Aside(NamedTuple):
    """A case that is set aside, and why."""

    case: CaseKey
    failure: Failure


class Findings(NamedTuple):
    """What changed in the cases since they were last read."""

    transitions: list[Transition]
    restatements: list[Restatement]
    expectations: list[ExpectationChange]
    verdicts: list[VerdictChange]
    aside: list[Aside]


async def read_cases(
    cases: Iterable[CaseState], now: Mapping[str, int], woken: Collection[CaseKey], breath: int
) -> Findings:
    """Bring every case up to its feed's present; `woken`: those that only the passing of time has touched.

    After each `breath` cases the loop may do other things.
    """
    found = Findings([], [], [], [], [])
    for number, case in enumerate(cases):
        if number % breath == 0:
            await asyncio.sleep(0)
        if case.failure is None:
            try:
                changes = read_clocks(case, now[case.fold.feed], by_timer=case.key in woken)
                verdicts = verdict_changes(case)
            except Exception as error:  # whatever it was, it must not hold up the others
                case.set_aside(failure_of(error))
            else:
                found.transitions.extend(changes.transitions)
                found.restatements.extend(changes.restatements)
                found.expectations.extend(changes.expectations)
                found.verdicts.extend(verdicts)
        if case.failure is not None:
            log.error("a case is set aside", process=case.key.process, why=case.failure.why.partition(":")[0])
            found.aside.append(Aside(case.key, case.failure))
    return found
