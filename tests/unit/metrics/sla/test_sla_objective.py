"""Objectives on few cases: counts and exact tails instead of ratios."""

import math
from fractions import Fraction

import pytest

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


def test_an_open_overdue_case_counts_as_missed() -> None:
    assert attainment(Tally(met=8, missed=1, overdue=1)) == 0.8
    assert Tally(8, 1, 1).failed == 2


def test_no_cases_have_no_attainment_and_no_burn() -> None:
    assert attainment(Tally(0, 0)) is None
    assert burn(0.95, Tally(0, 0)) is None
    assert chance_on_target(0.95, Tally(0, 0)) == 1.0


def test_the_budget_is_whole_cases_of_the_decimal_target() -> None:
    assert allowed_misses(0.9, 10) == 1  # 10 * (1 - 0.9) is 0.99… in binary floating point
    assert allowed_misses(0.95, 19) == 0
    assert allowed_misses(0.95, 20) == 1
    assert budget_left(0.9, Tally(met=17, missed=2, overdue=1)) == -1


def test_the_largest_possible_burn_decides_which_page_can_fire() -> None:
    assert largest_possible_burn(0.95) == 20
    assert largest_possible_burn(1.0) == math.inf
    assert not can_fire(0.9305, 14.4)
    assert can_fire(0.9306, 14.4)
    assert not can_fire(0.833, 6)
    assert can_fire(0.8334, 6)
    assert can_fire(0.95, 20)


def test_one_breach_in_five_on_a_95_percent_target_is_burn_4_and_no_surprise() -> None:
    tally = Tally(met=4, missed=1)
    assert burn(0.95, tally) == 4
    assert chance_on_target(0.95, tally) == pytest.approx(1 - 0.95**5)  # 23 %


def test_a_target_of_all_cases_burns_without_limit_at_the_first_miss() -> None:
    assert burn(1.0, Tally(5, 0)) == 0
    assert burn(1.0, Tally(5, 1)) == math.inf
    assert chance_on_target(1.0, Tally(5, 1)) == 0
    assert chance_on_target(1.0, Tally(5, 0)) == 1


def exact_tail(trials: int, hits: int, chance: Fraction) -> float:
    terms = (math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(max(hits, 0), trials + 1))
    return float(sum(terms, Fraction(0)))


@pytest.mark.parametrize("chance", [Fraction(1, 20), Fraction(1, 2), Fraction(1, 5), Fraction(99, 100)])
@pytest.mark.parametrize("trials", [1, 2, 5, 37, 120])
def test_the_tail_equals_the_sum_of_exact_fractions(trials: int, chance: Fraction) -> None:
    for hits in range(-1, trials + 2):
        expected = exact_tail(trials, hits, chance)
        assert binomial_tail(trials, hits, float(chance)) == pytest.approx(expected, rel=1e-11, abs=1e-300)


def test_the_tail_holds_for_many_cases() -> None:
    # expected: summed with 60 decimal digits
    assert binomial_tail(100_000, 5_000, 0.05) == pytest.approx(0.5020259614598006, rel=1e-9)
    assert binomial_tail(100_000, 5_500, 0.05) == pytest.approx(4.669950136580421e-13, rel=1e-9)
    assert binomial_tail(100_000, 40_000, 0.5) == pytest.approx(1.0)
    assert binomial_tail(100_000, 1, 1e-12) == pytest.approx(1e-7, rel=1e-6)


@pytest.mark.parametrize(("trials", "chance"), [(-1, 0.5), (5, -0.1), (5, 1.1), (5, math.nan)])
def test_a_chance_that_is_none_is_refused(trials: int, chance: float) -> None:
    with pytest.raises(ValueError, match="chance of 0 to 1"):
        binomial_tail(trials, 1, chance)


def test_a_target_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="share from 0 to 1"):
        allowed_misses(95, 20)
