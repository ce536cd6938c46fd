"""How sure an attainment is: the exact interval of Clopper and Pearson, from the binomial tails themselves."""

import msgspec

from metrics.sla.objective import Tally, binomial_tail

CONFIDENCE = 0.95
_HALVINGS = 45
"""Of the interval 0 to 1: an error below 1e-13."""


class Interval(msgspec.Struct, frozen=True):
    """Shares between 0 and 1."""

    low: float
    high: float


def attainment_interval(tally: Tally, confidence: float = CONFIDENCE) -> Interval | None:
    """The shares that the counts do not contradict; None without any case.

    Clopper-Pearson (1934): it holds the true share in at least `confidence` of all samples, however few the cases.
    """
    if not tally.total:
        return None
    outside = (1 - confidence) / 2
    low = _share_with_tail(tally.total, tally.met, outside) if tally.met else 0.0
    high = 1 - _share_with_tail(tally.total, tally.failed, outside) if tally.failed else 1.0
    return Interval(low, high)


def _share_with_tail(trials: int, hits: int, tail: float) -> float:
    """The share at which at least `hits` of `trials` have the chance `tail`; the tail grows with the share."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if binomial_tail(trials, hits, middle) < tail else (low, middle)
    return (low + high) / 2
