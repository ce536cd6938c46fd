"""Alarms of objectives against brute force and simulation: as rare as promised, however often they are looked at."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.objectives.interval import attainment_interval
from metrics.objectives.tiers import MONTH_DAYS, PAGE, TICKET, Ladder, Tier, critical_count, ladder, looks_of
from metrics.objectives.watch import firing_after_each, watch
from metrics.sla.objective import Tally

TARGETS = st.sampled_from([0.5, 0.8, 0.85, 0.9, 0.95, 0.99, 0.999])
TIERS = st.sampled_from([PAGE, TICKET])


def exact_tail(cases: int, misses: int, share: Fraction) -> Fraction:
    """P(at least so many misses) by the sum of its definition."""
    return sum(
        (comb(cases, k) * share**k * (1 - share) ** (cases - k) for k in range(misses, cases + 1)), start=Fraction(0)
    )


def followed(steps: Ladder, missed: list[bool]) -> list[bool]:
    """The oracle: one case after the other, every rung counted anew."""
    firing, states = False, []
    for end in range(1, len(missed) + 1):
        fires = holds = False
        for rung in steps.rungs:
            if rung.fires is None or rung.cases > end:
                continue
            whole, recent = sum(missed[end - rung.cases : end]), sum(missed[end - rung.recent : end])
            fires |= whole >= rung.fires and recent >= rung.recent_fires
            holds |= whole >= rung.holds and recent >= rung.recent_holds
        firing = fires or (firing and holds)
        states.append(firing)
    return states


@settings(max_examples=25)
@given(st.integers(1, 60), TARGETS, st.floats(1e-9, 0.2))
def test_a_rung_fires_from_the_fewest_misses_that_are_rare_enough(cases: int, target: float, chance: float) -> None:
    share = Fraction(1 - target)
    found = critical_count(cases, float(share), chance)
    tails = [exact_tail(cases, misses, share) for misses in range(cases + 1)]
    rare = [misses for misses, tail in enumerate(tails) if tail <= Fraction(chance)]
    near = any(abs(float(tail) / chance - 1) < 1e-9 for tail in tails)
    assert near or found == (rare[0] if rare else None)


@given(TIERS, TARGETS, st.lists(st.booleans(), max_size=150), st.integers(1, 5000))
def test_a_ladder_is_followed_case_by_case(tier: Tier, target: float, missed: list[bool], decided: int) -> None:
    steps = ladder(tier, target, decided, 28)
    outcomes = np.array(missed, dtype=np.bool_)
    expected = followed(steps, missed)
    assert firing_after_each(steps, outcomes).tolist() == expected
    now = watch(steps, outcomes)
    assert now.firing == bool(expected and expected[-1])
    if now.firing:
        assert now.since is not None
        assert all(expected[now.since :])
        assert not now.since or not expected[now.since - 1]


@pytest.mark.parametrize("target", [0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("a_day", [3, 30, 300])
def test_false_alarms_are_at_most_as_frequent_as_a_tier_promises(target: float, a_day: int) -> None:
    months = min(400, 900_000 // (a_day * MONTH_DAYS))
    missed = np.random.default_rng((a_day, round(1000 * target))).random(a_day * MONTH_DAYS * months) < 1 - target
    for tier in (PAGE, TICKET):
        firing = firing_after_each(ladder(tier, target, a_day * 28, 28), missed)
        began = np.count_nonzero(firing[1:] & ~firing[:-1])
        assert began / months <= tier.false_alarms, tier.name


def test_without_the_correction_for_looks_the_promise_would_be_broken() -> None:
    a_day, months, target = 30, 100, 0.9
    missed = np.random.default_rng(7).random(a_day * MONTH_DAYS * months) < 1 - target
    honest = ladder(TICKET, target, a_day * 28, 28)
    unlooked = TICKET._replace(false_alarms=TICKET.false_alarms * honest.looks * len(honest.rungs) / 20)
    firing = firing_after_each(ladder(unlooked, target, a_day * 28, 28), missed)
    assert np.count_nonzero(firing[1:] & ~firing[:-1]) / months > 4 * TICKET.false_alarms


def test_the_expected_false_alarms_of_all_looks_stay_within_the_promise() -> None:
    for tier in (PAGE, TICKET):
        for decided in (10, 84, 900, 9000):
            steps = ladder(tier, 0.9, decided, 28)
            tails = [exact_tail(r.cases, r.fires, Fraction(1, 10)) for r in steps.rungs[:8] if r.fires is not None]
            assert float(sum(tails)) * looks_of(decided, 28) <= tier.false_alarms


@settings(max_examples=40)
@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_interval_holds_the_true_share_as_often_as_it_says(cases: int, share: float) -> None:
    held = 0.0
    for met in range(cases + 1):
        interval = attainment_interval(Tally(met, cases - met))
        assert interval is not None
        assert interval.low <= met / cases <= interval.high
        if interval.low <= share <= interval.high:
            held += comb(cases, met) * share**met * (1 - share) ** (cases - met)
    assert held >= 0.95 - 1e-9


def test_an_alarm_holds_on_between_its_counts_and_does_not_flutter() -> None:
    missed = np.random.default_rng(3).random(600) < np.repeat([0.1, 0.3, 0.1], 200)
    steps = ladder(TICKET, 0.9, 600, 28)
    states = firing_after_each(steps, missed)
    assert states.tolist() == followed(steps, missed.tolist())
    strict = steps._replace(rungs=tuple(rung._replace(holds=rung.fires or 0) for rung in steps.rungs))
    began = [np.count_nonzero(one[1:] & ~one[:-1]) for one in (states, firing_after_each(strict, missed))]
    assert began[0] == 1
    assert began[1] > 1, "without a lower count for holding on it would flutter"


def test_what_is_over_lets_go_within_a_quarter_of_the_rung() -> None:
    steps = ladder(PAGE, 0.9, 300, 28)
    missed = np.array([False, True] * 150 + [False] * 300)
    states = firing_after_each(steps, missed)
    assert states[299]
    assert not states[300 + steps.rungs[-1].recent]
