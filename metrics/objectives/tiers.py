"""When misses are too many to be luck: ladders of exact counts, honest about how often they are looked at.

A tier looks at the last 4, 8, 16 ... decided cases. On each rung it fires from the count of misses on that would, at
exactly the target, come up with a chance of at most `false_alarms / (looks * rungs)`: `looks` is how many cases are
decided in a month, and a look is new only when a case is. By the union bound the false alarms a month are then at most
`false_alarms`, however often the clock ticks (Bonferroni; no independence between looks is needed).
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from metrics.sla.objective import binomial_tail, largest_possible_burn

SMALLEST_RUNG = 4
MONTH_DAYS = 30
FEWEST_LOOKS = 16
_LAXER = 1000.0
"""A rung holds on up to a chance this many times greater than that at which it fires."""


class Tier(NamedTuple):
    """How sure, and how bad. `pace`: burns below it never fire; `false_alarms`: at most so many a month on target."""

    name: str
    pace: float
    false_alarms: float


PAGE = Tier("page", 2.0, 0.1)
TICKET = Tier("ticket", 1.0, 0.5)


class Rung(NamedTuple):
    """Of the last `cases` decided, `fires` or more misses fire; fewer than `holds` let go. None: it can't fire.

    The last `recent` of them must have `recent_fires` (`recent_holds`) too, so that what is over lets go soon.
    """

    cases: int
    fires: int | None
    holds: int
    recent: int
    recent_fires: int
    recent_holds: int


class Ladder(NamedTuple):
    """A tier on one target at one volume. `chance` is that at which a rung fires."""

    tier: Tier
    target: float
    looks: int
    chance: float
    rungs: tuple[Rung, ...]

    @property
    def can_fire(self) -> bool:
        return any(rung.fires is not None for rung in self.rungs)

    @property
    def why_not(self) -> str:
        """Why it can't fire, in a sentence; '' when it can."""
        if self.can_fire:
            return ""
        worst = largest_possible_burn(self.target)
        if worst < self.tier.pace:
            return f"If every case missed, the burn were {worst:.2g}×, below the {self.tier.pace:g}× of this tier."
        needed = fewest_cases(self.target, self.chance)
        return f"It needs {needed} misses in a row to be sure; too few cases are decided in the window for that."


def looks_of(decided: int, window_days: int) -> int:
    """Looks a month, from the cases decided in a window: rounded up to a power of two, so that it rarely changes."""
    monthly = max(decided * MONTH_DAYS / window_days, FEWEST_LOOKS)
    return int(1 << math.ceil(math.log2(monthly)))


def ladder(tier: Tier, target: float, decided: int, window_days: int) -> Ladder:
    """The rungs for a target (0 to 1) on a window in which so many cases were decided."""
    rungs = max((decided // SMALLEST_RUNG).bit_length(), 1)
    return _ladder(tier, target, looks_of(decided, window_days), rungs)


def critical_count(cases: int, share: float, chance: float) -> int | None:
    """The fewest misses of `cases` whose tail is at most `chance` at a miss share; None when even all are not."""
    if binomial_tail(cases, cases, share) > chance:
        return None
    low, high = 0, cases
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if binomial_tail(cases, middle, share) <= chance else (middle + 1, high)
    return low


def fewest_cases(target: float, chance: float) -> int:
    """How many cases must miss in a row to be as unlikely as `chance`."""
    share = 1 - target
    return math.ceil(math.log(chance) / math.log(share)) if 0 < share < 1 else 1


@lru_cache(maxsize=4096)
def _ladder(tier: Tier, target: float, looks: int, rungs: int) -> Ladder:
    chance = tier.false_alarms / (looks * rungs)
    sizes = (SMALLEST_RUNG << step for step in range(rungs))
    return Ladder(tier, target, looks, chance, tuple(_rung(tier, target, chance, size) for size in sizes))


def _rung(tier: Tier, target: float, chance: float, cases: int) -> Rung:
    share = 1 - Fraction(str(target))
    recent = max(cases // 4, 1)
    critical = critical_count(cases, float(share), chance)
    at_pace = math.ceil(Fraction(str(tier.pace)) * share * cases)
    fires = None if critical is None or max(critical, at_pace) > cases else max(critical, at_pace)
    lax = critical_count(cases, float(share), min(chance * _LAXER, 0.05))
    holds = max(lax if lax is not None else cases, 1)
    allowed = share * recent
    return Rung(
        cases=cases,
        fires=fires,
        holds=holds if fires is None else min(holds, fires),
        recent=recent,
        recent_fires=max(math.ceil(Fraction(str(tier.pace)) * allowed), 1),
        recent_holds=math.floor(allowed) + 1,
    )
