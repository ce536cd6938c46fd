"""How every objective stands: attainment and how sure it is, the budget in cases and in money, burn, and its tiers.

A case is in the window of an objective by the instant its outcome became certain: its deadline when it missed, the stop
of its clock when it met. So what happened cannot change later but by a restatement, and no outcome is known before its
time. An open case past its deadline is a miss from its deadline on, for as long as it waits.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from metrics.objectives.interval import Interval, attainment_interval
from metrics.objectives.money import MoneyBudget, money_budget
from metrics.objectives.tiers import PAGE, TICKET, Ladder, Tier, ladder
from metrics.objectives.watch import Evidence, Misses, watch
from metrics.queries.objective_rows import ObjectiveOutcomes
from metrics.sla.objective import (
    Tally,
    allowed_misses,
    attainment,
    binomial_tail,
    budget_left,
    burn,
    can_fire,
    chance_on_target,
    largest_possible_burn,
)

PACES: Mapping[int, float] = {1: 14.4, 6: 6.0, 24: 3.0, 72: 1.0}
"""Hours looked back at: the burn at which the usual rule for a month fires (The Site Reliability Workbook, ch. 5)."""


class Objective(NamedTuple):
    """What is aimed at: `target` is the share (0 to 1) of the cases of `window_days` that must meet the SLA."""

    process: str
    sla: str
    title: str
    target: float
    window_days: int
    owner: str

    @property
    def key(self) -> str:
        return f"{self.process}/{self.sla}"


class BurnWindow(msgspec.Struct, frozen=True):
    """The burn of the last `hours`. `usual` is the burn at which the usual rule fires, if `can_fire`.

    `chance`: that of as many misses or more on target, by this one look.
    """

    hours: int
    cases: int
    misses: int
    burn: float | None
    usual: float
    can_fire: bool
    why_not: str
    chance: float


class TierStanding(msgspec.Struct, frozen=True):
    """A tier now. Of the last `cases` decided `misses` missed; it fires from `fires` on. `why_not`: why it never can.

    `chance` is that of so many misses on target, all looks of a month counted in (0 to 1). `held` is for how many
    decided cases it has fired.
    """

    tier: str
    firing: bool
    can_fire: bool
    why_not: str
    cases: int
    misses: int
    fires: int | None
    chance: float
    held: int


class ObjectiveStanding(msgspec.Struct, frozen=True):
    """An objective now. Shares between 0 and 1; `allowed` and `left` in cases (left negative: too many missed)."""

    process: str
    sla: str
    title: str
    owner: str
    simulated: bool
    target: float
    window_days: int
    met: int
    missed: int
    overdue: int
    long_overdue: int
    attainment: float | None
    interval: Interval | None
    allowed: int
    left: int
    chance: float
    money: tuple[MoneyBudget, ...]
    windows: tuple[BurnWindow, ...]
    tiers: tuple[TierStanding, ...]

    @property
    def decided(self) -> int:
        return self.met + self.missed + self.overdue

    @property
    def failed(self) -> int:
        return self.missed + self.overdue


def standings(outcomes: Iterable[ObjectiveOutcomes], aims: Iterable[Objective]) -> list[ObjectiveStanding]:
    """How each objective with a decided case stands, in the order of `aims`; simulated and real cases apart."""
    known = {one.key: (index, one) for index, one in enumerate(aims)}
    found = [(*known[key], row) for row in outcomes if (key := f"{row.process}/{row.sla}") in known]
    found.sort(key=lambda one: (one[0], one[2].simulated))
    return [standing(aim, row) for _, aim, row in found]


def standing(aim: Objective, row: ObjectiveOutcomes) -> ObjectiveStanding:
    """One objective against what was decided."""
    tally = Tally(row.met, row.missed, row.overdue)
    missed = misses_of(row)
    return ObjectiveStanding(
        process=row.process,
        sla=row.sla,
        title=aim.title,
        owner=aim.owner,
        simulated=bool(row.simulated),
        target=aim.target,
        window_days=aim.window_days,
        met=row.met,
        missed=row.missed,
        overdue=row.overdue,
        long_overdue=row.long_overdue,
        attainment=attainment(tally),
        interval=attainment_interval(tally),
        allowed=allowed_misses(aim.target, tally.total),
        left=budget_left(aim.target, tally),
        chance=chance_on_target(aim.target, tally),
        money=tuple(map(partial(money_budget, target=aim.target), row.currencies, row.money, row.money_missed)),
        windows=tuple(map(partial(_window, target=aim.target), PACES, row.recent, row.recent_missed)),
        tiers=tuple(tier_standing(tier, aim, missed) for tier in (PAGE, TICKET)),
    )


def misses_of(row: ObjectiveOutcomes) -> Misses:
    """Whether each case decided in the window missed, in order."""
    missed: Misses = np.frombuffer(row.misses.encode(), dtype=np.uint8) == ord("1")
    return missed


def ladder_for(tier: Tier, aim: Objective, decided: int) -> Ladder:
    """The ladder of a tier for an objective by which so many cases were decided in its window."""
    return ladder(tier, aim.target, decided, aim.window_days)


def tier_standing(tier: Tier, aim: Objective, missed: Misses) -> TierStanding:
    """Where a tier stands after the last case."""
    steps = ladder_for(tier, aim, len(missed))
    now = watch(steps, missed)
    evidence = now.evidence
    return TierStanding(
        tier=tier.name,
        firing=now.firing,
        can_fire=steps.can_fire,
        why_not=steps.why_not,
        cases=evidence.cases if evidence else 0,
        misses=evidence.misses if evidence else 0,
        fires=evidence.rung.fires if evidence else None,
        chance=month_chance(steps, evidence) if evidence else 1.0,
        held=len(missed) - now.since if now.since is not None else 0,
    )


def month_chance(steps: Ladder, evidence: Evidence) -> float:
    """The chance of such evidence on target, in all looks of a month at all rungs (0 to 1)."""
    one_look = binomial_tail(evidence.cases, evidence.misses, 1 - steps.target)
    return min(1.0, one_look * steps.looks * len(steps.rungs))


def _window(hours: int, cases: int, misses: int, target: float) -> BurnWindow:
    tally = Tally(cases - misses, misses)
    usual = PACES[hours]
    fires = can_fire(target, usual)
    worst = largest_possible_burn(target)
    why = "" if fires else f"If every case missed, the burn were {worst:.3g}×: it can never reach {usual:g}×."
    return BurnWindow(hours, cases, misses, burn(target, tally), usual, fires, why, chance_on_target(target, tally))
