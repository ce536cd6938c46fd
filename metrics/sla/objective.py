"""How a set of cases does against its objective: a target share of cases that must meet an SLA.

Counts, not ratios, decide: at low volume a burn rate leaps, so the tail of the binomial
distribution says how likely the misses would be if the objective were just met.
"""

import math
from fractions import Fraction
from typing import NamedTuple


class Tally(NamedTuple):
    """Cases of an objective's window. `overdue`: open and past their deadline, so missed already.

    Open cases that are not overdue have no outcome yet and are not in it.
    """

    met: int
    missed: int
    overdue: int = 0

    @property
    def failed(self) -> int:
        """Cases that did not meet, closed or not."""
        return self.missed + self.overdue

    @property
    def total(self) -> int:
        """Cases with an outcome."""
        return self.met + self.failed


def attainment(tally: Tally) -> float | None:
    """The share of cases that met, 0 to 1; None without any."""
    return tally.met / tally.total if tally.total else None


def allowed_misses(target: float, total: int) -> int:
    """The error budget in cases: the most of `total` that may miss with `target` (0 to 1) still reached."""
    return math.floor(_miss_share(target) * total)


def budget_left(target: float, tally: Tally) -> int:
    """Cases that may still miss; negative: how many too many did."""
    return allowed_misses(target, tally.total) - tally.failed


def burn(target: float, tally: Tally) -> float | None:
    """How many times faster than allowed the budget is used; None without cases, inf at a target of 1."""
    if not tally.total:
        return None
    share = _miss_share(target)
    if not share:
        return math.inf if tally.failed else 0.0
    return float(Fraction(tally.failed, tally.total) / share)


def largest_possible_burn(target: float) -> float:
    """The burn when every case misses, 1 / (1 - target); inf at a target of 1."""
    share = _miss_share(target)
    return float(1 / share) if share else math.inf


def can_fire(target: float, threshold: float) -> bool:
    """Whether a page at `threshold` times the budget's pace can ever fire at this target."""
    return largest_possible_burn(target) >= threshold


def chance_on_target(target: float, tally: Tally) -> float:
    """The chance of at least as many misses as `tally` has, were the objective exactly met."""
    return binomial_tail(tally.total, tally.failed, float(_miss_share(target)))


def binomial_tail(trials: int, hits: int, chance: float) -> float:
    """P(X >= hits) for X of `trials` independent ones that each hit with `chance` (0 to 1).

    Exact up to rounding (relative error below 1e-9 at 100,000 trials): no normal or Poisson
    approximation. The smaller of the two tails is summed.
    """
    if not 0 <= chance <= 1 or trials < 0:
        raise ValueError(f"needs trials >= 0 and a chance of 0 to 1, got {trials} and {chance}")
    if hits <= 0:
        return 1.0
    if hits > trials or chance == 0:
        return 0.0
    if chance == 1:
        return 1.0
    if hits > trials * chance:
        return min(1.0, _sum_upwards(trials, hits, chance))
    return max(0.0, 1.0 - _sum_upwards(trials, trials - hits + 1, 1 - chance))


def _sum_upwards(trials: int, hits: int, chance: float) -> float:
    """P(X >= hits) for hits above the mean, where terms fall: summed until they no longer count."""
    log_first = (
        math.lgamma(trials + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(trials - hits + 1)
        + hits * math.log(chance)
        + (trials - hits) * math.log1p(-chance)
    )
    ratio, sum_of_ratios = 1.0, 1.0
    for k in range(hits, trials):
        ratio *= (trials - k) / (k + 1) * chance / (1 - chance)
        sum_of_ratios += ratio
        if ratio < sum_of_ratios * 1e-17:
            break
    return math.exp(log_first) * sum_of_ratios


def _miss_share(target: float) -> Fraction:
    """1 - target as the decimal that was written: 1 - 0.9 is one tenth, not a little less."""
    if not 0 <= target <= 1:
        raise ValueError(f"a target is a share from 0 to 1, got {target}")
    return 1 - Fraction(repr(target))
