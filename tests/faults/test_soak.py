"""A steady load: nothing is left behind, no descriptor stays open; in its full length, memory does not grow either."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import FULL, record
from tests.faults.soak import Plan, soak
from tests.faults.soak_figures import Sample, slope

PLAN = Plan(3_600.0, 2_000, 4_000, kafka=True) if FULL else Plan(45.0, 200, 400, warm_up=15.0)
MAY_GROW = 1.0
"""Percent per ten minutes."""
DESCRIPTORS = 24
"""So many more may stay open than just after the warm-up: connections come and go."""


def told(figures: Mapping[str, Any]) -> str:
    """The figures in one line."""
    rates = f"{figures['events_a_second']} events and {figures['spans_a_second']} spans a second"
    programs = "; ".join(
        f"{name} {one['slope']}, {one['cpu_percent']} % CPU" for name, one in figures["programs"].items()
    )
    return f"{figures['seconds']:.0f} s of {rates}: lag p99 {figures['lag_p99_seconds']} s; {programs}"


@pytest.mark.timeout(PLAN.seconds + 600)
def test_a_steady_load_leaves_nothing_behind(tmp_path: Path) -> None:
    figures = soak(PLAN, tmp_path, print).figures(PLAN)
    is_told = all(one["slope_is_valid"] for one in figures["programs"].values())
    record(18, told(figures), enough=True if is_told else None)
    assert figures["sent"]["events"] >= 0.8 * PLAN.seconds * PLAN.events
    for name, one in figures["programs"].items():
        first, last = one["descriptors_kept"]
        assert last <= first + DESCRIPTORS, f"{name}: {first} descriptors stayed open at first, {last} at the end"
        assert one["slope_percent_per_10_min"] < MAY_GROW or not one["slope_is_valid"], f"{name}: {one['slope']}"


def test_a_slope_is_that_of_the_line_through_the_samples() -> None:
    growing = [Sample(at, 100_000_000 + at * 10_000, 10, 0.0) for at in range(0, 1_200, 10)]
    found = slope(growing)
    assert found.percent == pytest.approx(100 * 6_000_000 / 105_950_000)
    assert found.error == pytest.approx(0.0, abs=1e-6)
    assert found.is_valid


def test_a_short_window_gives_no_valid_slope() -> None:
    found = slope([Sample(at, 100_000_000, 10, 0.0) for at in range(0, 300, 5)])
    assert not found.is_valid
    assert "not valid" in str(found)
