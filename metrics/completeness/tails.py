"""Tails of the negative binomial distribution, exact: how improbable is a count as low, or as high, as this one?

P(X ≤ x) = I_p(r, x + 1) and P(X ≥ x) = I_q(x, r), where I is the regularised incomplete beta function, r = m² / (v - m)
and p = m / v for the mean m and the variance v > m. I is summed as the continued fraction of DLMF 8.17.22 (Lentz's
algorithm, relative error about 1e-10 for counts up to a million): nothing is approximated by a normal distribution.
"""

from collections.abc import Callable
from math import ceil, lgamma, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-12
_MOST_STEPS: Final = 5_000
_log_gamma = np.vectorize(lgamma, otypes=[np.float64])


def at_most(counts: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X ≤ count) for each count ≥ 0."""
    size, success = _shape(mean, variance)
    return incomplete_beta(size, counts + 1.0, success, 1.0 - success)


def at_least(counts: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(X ≥ count) for each count ≥ 1."""
    size, success = _shape(mean, variance)
    return incomplete_beta(counts, size, 1.0 - success, success)


def none_at_all(mean: Floats, variance: Floats) -> Floats:
    """P(X = 0)."""
    size, success = _shape(mean, variance)
    return np.asarray(np.exp(size * np.log(success)))


def least_usual(mean: float, variance: float, chance: float) -> int:
    """The smallest count that is no rarer than `chance` from below: P(X ≤ it) ≥ chance."""
    return _first(mean, variance, lambda count: _tail(at_most, count, mean, variance) >= chance)


def most_usual(mean: float, variance: float, chance: float) -> int:
    """The largest count that is no rarer than `chance` from above: P(X ≥ it) ≥ chance."""
    return _first(mean, variance, lambda count: _tail(at_least, count + 1, mean, variance) < chance)


def incomplete_beta(a: Floats, b: Floats, x: Floats, y: Floats) -> Floats:
    """I_x(a, b) with y = 1 - x, given apart so that neither loses digits; element by element."""
    a, b, x, y = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (a, b, x, y))
    turned = x > (a + 1.0) / (a + b + 2.0)
    first, second = np.where(turned, b, a), np.where(turned, a, b)
    part, rest = np.where(turned, y, x), np.where(turned, x, y)
    with np.errstate(divide="ignore"):
        logs = first * np.log(part) + second * np.log(rest)
    logs += _log_gamma(first + second) - _log_gamma(first) - _log_gamma(second)
    value = np.exp(logs) / first * _fraction(first, second, part)
    return np.asarray(np.clip(np.where(turned, 1.0 - value, value), 0.0, 1.0))


def _fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function, by Lentz's algorithm."""
    c = np.ones_like(a)
    d = _reciprocal(1.0 - (a + b) * x / (a + 1.0))
    value = d.copy()
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d, c = _reciprocal(1.0 + even * d), _away_from_zero(1.0 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d, c = _reciprocal(1.0 + odd * d), _away_from_zero(1.0 + odd / c)
        step = d * c
        value *= step
        if np.all(np.abs(step - 1.0) < _ENOUGH):
            break
    return value


def _shape(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Size r and success p of the distribution with this mean and variance."""
    return mean * mean / (variance - mean), mean / variance


def _first(mean: float, variance: float, holds: Callable[[int], bool]) -> int:
    """The smallest count from which on `holds` is true."""
    low, high = 0, ceil(mean + 60.0 * sqrt(variance)) + 60
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _tail(tail: Callable[[Floats, Floats, Floats], Floats], count: int, mean: float, variance: float) -> float:
    return float(tail(np.array([float(count)]), np.array([mean]), np.array([variance]))[0])


def _away_from_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _reciprocal(values: Floats) -> Floats:
    return np.asarray(1.0 / _away_from_zero(values))
