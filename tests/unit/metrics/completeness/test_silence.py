"""How long a feed may say nothing, learned from its own gaps."""

import numpy as np
import pytest

from metrics.completeness.silence import gaps_in_expected, limit, until

RARE_WEEKS, WEEKS = 13.0, 8.0


def gaps_of(events: int, seed: int, burst: float = 0.0) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Gaps in expected events: exponential ones, or those of events that come in bursts."""
    random = np.random.default_rng(seed)
    gaps = random.exponential(1.0, events)
    if burst:
        gaps = gaps * random.gamma(1.0 / burst, burst, events)
    return gaps


@pytest.mark.parametrize("burst", [0.0, 1.0])
def test_a_healthy_feed_is_called_silent_about_once_in_the_declared_time(burst: float) -> None:
    events, wrong = 4_000, 0
    for seed in range(12):
        most = limit(gaps_of(events, seed, burst), float(events), WEEKS, RARE_WEEKS)
        assert most is not None
        wrong += int((gaps_of(events * 13, seed + 100, burst) > most).sum())
    quarters = 12 * 13 * WEEKS / RARE_WEEKS
    assert wrong / quarters < 2.0


def test_the_limit_of_a_busy_feed_is_a_small_multiple_of_its_mean_gap() -> None:
    most = limit(gaps_of(10_000, 1), 10_000.0, WEEKS, RARE_WEEKS)
    assert most is not None
    assert 8.0 < most < 16.0


def test_outages_among_the_gaps_teach_nothing() -> None:
    usual = gaps_of(2_000, 3)
    before = limit(usual, 2_000.0, WEEKS, RARE_WEEKS)
    after = limit(np.append(usual, [171.0, 134.0, 97.0, 64.0]), 2_000.0, WEEKS, RARE_WEEKS)
    assert before is not None
    assert after is not None
    assert after < before + 3.0


def test_too_few_gaps_have_no_limit() -> None:
    assert limit(gaps_of(30, 2), 30.0, WEEKS, RARE_WEEKS) is None


def test_gaps_count_what_was_to_be_expected_in_them() -> None:
    rate = np.array([0.0, 10.0, 10.0, 0.0, 4.0])
    assert gaps_in_expected([(0.0, 1.0), (1.5, 2.5), (2.5, 4.5)], rate) == pytest.approx([0.0, 10.0, 7.0])


def test_a_night_without_events_does_not_bring_silence_nearer() -> None:
    day, night = [10.0] * 4, [0.0] * 8
    rate = np.array(day + night + day)
    assert until(rate, 3.0, 25.0) == pytest.approx(13.5)
    assert until(rate, 0.0, 20.0) == pytest.approx(2.0)
    assert until(rate, 14.0, 100.0) is None
