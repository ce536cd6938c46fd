"""The tails of the negative binomial distribution against sums of its terms."""

from math import exp, fsum, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.completeness.tails import at_least, at_most, least_usual, most_usual, none_at_all


def term(count: int, mean: float, variance: float) -> float:
    """P(X = count), from the definition."""
    size, success = mean * mean / (variance - mean), mean / variance
    ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return exp(ways + size * log(success) + count * log(1.0 - success))


def one(value: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([value])


@settings(max_examples=60, deadline=None)
@given(
    mean=st.floats(0.05, 400.0),
    dispersion=st.floats(0.002, 2.0),
    count=st.integers(0, 500),
)
def test_tails_are_the_sums_of_the_terms(mean: float, dispersion: float, count: int) -> None:
    variance = mean + dispersion * mean * mean
    below = fsum(term(each, mean, variance) for each in range(count + 1))
    assert float(at_most(one(count), one(mean), one(variance))[0]) == pytest.approx(below, rel=1e-6, abs=1e-300)
    above = float(at_least(one(count + 1), one(mean), one(variance))[0])
    assert above == pytest.approx(1.0 - below, rel=1e-6, abs=1e-9)


def test_tails_far_out_keep_their_digits() -> None:
    far = sum(term(each, 5.0, 6.0) for each in range(60, 400))
    assert float(at_least(one(60), one(5.0), one(6.0))[0]) == pytest.approx(far, rel=1e-8)


def test_large_counts_are_answered() -> None:
    counts, mean = one(900_000.0), one(1_000_000.0)
    assert 0.0 < float(at_most(counts, mean, mean + 0.002 * mean * mean)[0]) < 0.05


def test_nothing_at_all_is_the_first_term() -> None:
    assert float(none_at_all(one(3.0), one(4.5))[0]) == pytest.approx(term(0, 3.0, 4.5), rel=1e-12)


@pytest.mark.parametrize(("mean", "variance"), [(0.4, 0.5), (7.0, 9.0), (120.0, 400.0)])
def test_the_edges_of_what_is_usual_are_just_not_rare(mean: float, variance: float) -> None:
    low, high = least_usual(mean, variance, 0.01), most_usual(mean, variance, 0.01)
    assert float(at_most(one(low), one(mean), one(variance))[0]) >= 0.01
    assert low == 0 or float(at_most(one(low - 1), one(mean), one(variance))[0]) < 0.01
    assert float(at_least(one(high + 1), one(mean), one(variance))[0]) < 0.01
    assert high == 0 or float(at_least(one(high), one(mean), one(variance))[0]) >= 0.01
