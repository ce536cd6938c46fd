"""The ledgers of many cases added up: by stage, and by cause with the case that each took longest."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from metrics.delay.parts import PRIORITY
from metrics.delay.reading import CaseLedger


class CauseSum(NamedTuple):
    """What one cause of one part took in all cases; `share` of their whole time. Durations in microseconds."""

    part: str
    cause: str
    lasts: int
    cases: int
    share: float
    worst_case: str
    worst: int


class StageSum(NamedTuple):
    """What cases spent in one stage, by part; `cases` passed it."""

    stage: str
    cases: int
    parts: dict[str, int]

    @property
    def lasts(self) -> int:
        """Microseconds of all cases together."""
        return sum(self.parts.values())


def by_cause(cases: Iterable[CaseLedger]) -> list[CauseSum]:
    """Causes over all cases, the most first."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    gross = 0
    for case in cases:
        gross += case.whole.gross
        for one in case.whole.by_cause():
            found.setdefault((one.part, one.cause), []).append((one.lasts, case.case_id))
    sums = []
    for (part, cause), told in found.items():
        lasts, (worst, worst_case) = sum(took for took, _ in told), max(told)
        sums.append(CauseSum(part, cause, lasts, len(told), lasts / gross, worst_case, worst))
    return sorted(sums, key=lambda one: (-one.lasts, PRIORITY.index(one.part), one.cause))


def by_stage(cases: Sequence[CaseLedger], most: int = 12) -> list[StageSum]:
    """Stages over all cases, those that took most first; beyond `most` they are one stage named ''."""
    found: dict[str, StageSum] = {}
    for case in cases:
        for stage, parts in case.whole.by_stage().items():
            known = found.get(stage) or StageSum(stage, 0, dict.fromkeys(PRIORITY, 0))
            found[stage] = _added(known, parts)
    ranked = sorted(found.values(), key=lambda one: (-one.lasts, one.stage))
    rest = StageSum("", 0, dict.fromkeys(PRIORITY, 0))
    for one in ranked[most:]:
        rest = _added(rest, one.parts)._replace(cases=rest.cases + one.cases)
    return [*ranked[:most], rest] if rest.cases else ranked


def _added(known: StageSum, parts: dict[str, int]) -> StageSum:
    return StageSum(known.stage, known.cases + 1, {part: known.parts[part] + parts[part] for part in PRIORITY})
