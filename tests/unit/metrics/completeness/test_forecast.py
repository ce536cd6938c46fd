"""What is expected of an interval, and when what came is called odd."""

import numpy as np
import pytest

from metrics.completeness.forecast import (
    COMPLETE,
    FEW_WEEKS,
    LOW_VOLUME,
    REASONS,
    SHORT,
    SILENT,
    SPECIAL_DAY,
    SURGE,
    UNKNOWN,
    VERDICTS,
    Flags,
    Judged,
    judge,
)
from metrics.completeness.tails import Floats
from tests.unit.metrics.completeness.simulated import WEEK, counts

WEEKS, RARE_WEEKS = 8, 13
CHANCE = 1.0 / (RARE_WEEKS * WEEK * 3)


def plain(size: int) -> Flags:
    return np.zeros(size, dtype=np.bool_)


def judged(seen: Floats, special: Flags | None = None, chance: float = CHANCE) -> Judged:
    return judge(seen, plain(len(seen)) if special is None else special, WEEK, WEEKS, chance)


def verdict(found: Judged, at: int) -> str:
    return VERDICTS[found.verdict[at]]


def low(found: Judged) -> int:
    return int(np.isin(found.verdict, [VERDICTS.index(SHORT), VERDICTS.index(SILENT)])[WEEK * 10 :].sum())


@pytest.mark.parametrize("mean", [20.0, 200.0])
@pytest.mark.parametrize("dispersion", [0.0, 0.1])
def test_a_healthy_feed_is_rarely_called_short(mean: float, dispersion: float) -> None:
    weeks, runs = 36, 2
    wrong = sum(low(judged(counts(mean, weeks, dispersion, seed))) for seed in range(runs))
    quarters = runs * (weeks - 10) / RARE_WEEKS
    assert wrong / quarters <= 1.0  # hours have a third of the budget of one in a quarter; the rest is for chance


def test_a_dead_hour_is_silent_and_half_of_it_short() -> None:
    seen = counts(100.0, 12, 0.05, 3)
    busy = 11 * WEEK + 13
    seen[busy], seen[busy + 1] = 0.0, seen[busy + 1] // 4
    found = judged(seen)
    assert (verdict(found, busy), verdict(found, busy + 1)) == (SILENT, SHORT)
    assert verdict(found, busy - 1) == COMPLETE


def test_an_hour_that_usually_has_few_events_is_never_called_short() -> None:
    seen = counts(1.0, 12, 0.0, 4)
    seen[11 * WEEK :] = 0.0
    found = judged(seen)
    assert low(found) == 0
    assert {REASONS[found.reason[at]] for at in range(11 * WEEK, 12 * WEEK)} == {LOW_VOLUME}


def test_too_few_weeks_say_nothing() -> None:
    found = judged(counts(100.0, 5, 0.0, 5))
    assert {verdict(found, at) for at in range(4 * WEEK)} == {UNKNOWN}
    assert REASONS[found.reason[4 * WEEK - 1]] == FEW_WEEKS
    assert verdict(found, 4 * WEEK + 13) == COMPLETE


def test_special_days_are_neither_judged_nor_learned_from() -> None:
    seen = counts(100.0, 14, 0.0, 6)
    special = plain(len(seen))
    for week in (9, 12):
        holiday = slice(week * WEEK, week * WEEK + 24)
        special[holiday], seen[holiday] = True, 0.0
    found = judged(seen, special)
    assert REASONS[found.reason[9 * WEEK + 13]] == SPECIAL_DAY
    assert found.samples[10 * WEEK + 13] == WEEKS - 1
    assert found.expected[10 * WEEK + 13] == pytest.approx(found.expected[8 * WEEK + 13], rel=0.15)


def test_a_load_of_old_records_is_a_surge_and_hardly_teaches() -> None:
    seen = counts(50.0, 14, 0.0, 7)
    at = 10 * WEEK + 13
    seen[at] = 40_000.0
    found = judged(seen)
    assert verdict(found, at) == SURGE
    assert found.expected[at + WEEK] < 1.3 * found.expected[at]


def test_outages_hardly_teach_and_a_lasting_change_does() -> None:
    seen = counts(100.0, 26, 0.02, 8)
    at = 10 * WEEK + 13
    seen[at] = seen[at + WEEK] = 0.0
    seen[14 * WEEK :] = np.floor(seen[14 * WEEK :] / 3)
    found = judged(seen)
    assert found.expected[at + 2 * WEEK] > 0.82 * found.expected[at]
    assert low(found) > 50
    assert np.isin(found.verdict[24 * WEEK :], [VERDICTS.index(SHORT), VERDICTS.index(SILENT)]).mean() < 0.02


def test_judging_again_and_later_gives_the_same() -> None:
    seen = counts(30.0, 16, 0.1, 9)
    first, again, later = judged(seen), judged(seen.copy()), judged(counts(30.0, 16, 0.1, 9)[: 14 * WEEK])
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)
    for one, other in zip(first, later, strict=True):
        assert np.array_equal(one[: 14 * WEEK], other)


def test_a_late_event_changes_its_own_interval_and_what_it_taught_only() -> None:
    seen = counts(100.0, 14, 0.02, 10)
    at = 10 * WEEK + 13
    healed, seen[at] = seen.copy(), 0.0
    before, after = judged(seen), judged(healed)
    assert (verdict(before, at), verdict(after, at)) == (SILENT, COMPLETE)
    assert np.array_equal(before.verdict[:at], after.verdict[:at])
