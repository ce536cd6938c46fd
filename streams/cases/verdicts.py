"""What changed in a case's verdict since it was last written down."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from streams.cases.case_state import CaseState
from streams.cases.conformance import Deviation
from streams.correlation.messages import CaseKey

FOUND: Final = "found"
CHANGED: Final = "changed"
WITHDRAWN: Final = "withdrawn"

Row = tuple[Any, ...]


class VerdictChange(NamedTuple):
    """A deviation was found, became another kind, or was withdrawn; `cause`: the late event behind it, '' if none."""

    case: CaseKey
    deviation: Deviation
    change: str
    cause: str
    revision: int


def deviations_of(case: CaseState) -> tuple[Deviation, ...]:
    """In the order of their events."""
    verdict = case.fold.verdict
    return () if verdict is None else verdict.deviations


def verdict_changes(case: CaseState) -> list[VerdictChange]:
    """What is new since the last call; brings `case.told` up to now."""
    now, before = deviations_of(case), case.told
    if now is before or now == before:
        return []
    case.told = now
    cause = case.late[-1][0].id if case.late else ""
    return [
        VerdictChange(case.key, one, change, cause, case.revision)
        for one, change in _compared(_keyed(before), _keyed(now))
    ]


def _keyed(deviations: Iterable[Deviation]) -> dict[tuple[str, ...], Deviation]:
    return {(one.rule, one.milestone, one.object, one.event_id): one for one in deviations}


def _compared(
    before: dict[tuple[str, ...], Deviation], now: dict[tuple[str, ...], Deviation]
) -> Iterator[tuple[Deviation, str]]:
    for key, one in before.items():
        if key not in now:
            yield one, WITHDRAWN
    for key, one in now.items():
        known = before.get(key)
        if known is None:
            yield one, FOUND
        elif known.kind != one.kind:
            yield one, CHANGED


def change_rows(changes: Iterable[VerdictChange], version: int, now: int) -> list[Row]:
    """The rows of table `deviation_changes`."""
    return [
        (
            one.case.process,
            one.case.id,
            one.deviation.rule,
            one.deviation.milestone,
            one.deviation.object,
            one.deviation.event_id,
            one.deviation.kind,
            one.change,
            one.deviation.at,
            one.cause,
            one.revision,
            version,
            now,
        )
        for one in changes
    ]
