"""The fiscal calendar: each instant lies in one year and one of its quarters, and what is said of them fits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.ledger.fiscal import FiscalPeriod, before, bounds, fiscal_at, fiscal_period, offered, read_fiscal
from metrics.texts.shown import utc

FROM, TO = -2_000_000_000_000_000, 4_000_000_000_000_000  # 1906 to 2096
instants = st.integers(FROM, TO)
months = st.integers(1, 12)


@settings(max_examples=60)
@given(instants, months)
def test_each_instant_lies_in_its_year_and_in_just_one_quarter_of_it(at: int, first: int) -> None:
    year, quarter = fiscal_at(at, first)
    begins, ends = bounds(year, first)
    assert begins <= at < ends
    assert utc(begins).month == first
    within = [one for one in range(1, 5) if bounds(FiscalPeriod(year.year, one), first)[0] <= at]
    assert quarter == FiscalPeriod(year.year, within[-1])
    assert at < bounds(quarter, first)[1]


@settings(max_examples=60)
@given(instants, months)
def test_periods_follow_each_other_without_a_gap(at: int, first: int) -> None:
    for period in fiscal_at(at, first):
        assert bounds(before(period), first)[1] == bounds(period, first)[0]
        assert read_fiscal(period.key) == period


@settings(max_examples=60)
@given(instants, months)
def test_the_year_is_named_for_the_one_in_which_it_ends(at: int, first: int) -> None:
    year, _ = fiscal_at(at, first)
    assert utc(bounds(year, first)[1] - 1).year == year.year


@settings(max_examples=60)
@given(instants, months)
def test_what_is_offered_has_begun_and_stands_there_once(at: int, first: int) -> None:
    found = offered(at, first)
    assert len({one.key for one in found}) == len(found) == 7
    assert all(bounds(one, first)[0] <= at for one in found)


@settings(max_examples=60)
@given(instants, st.integers(0, 6), months)
def test_the_months_of_a_period_are_its_own_as_far_as_they_have_come(newest: int, which: int, first: int) -> None:
    fiscal = offered(newest, first)[which]
    period = fiscal_period(fiscal.key, newest, first)
    begins, ends = bounds(fiscal, first)
    assert period is not None
    assert period.since + 1 == begins
    assert period.as_of == min(newest, ends - 1)
    assert fiscal_period(fiscal.key, begins - 1, first) is None


@pytest.mark.parametrize(
    ("day_us", "first", "labels"),
    [
        (1_795_190_400_000_000, 10, ("FY27", "FY27 Q1")),  # 2026-11-20
        (1_795_190_400_000_000, 1, ("FY26", "FY26 Q4")),
        (1_795_190_400_000_000, 7, ("FY27", "FY27 Q2")),
        (1_790_812_799_999_999, 10, ("FY26", "FY26 Q4")),  # the last microsecond of September 2026
        (1_790_812_800_000_000, 10, ("FY27", "FY27 Q1")),
    ],
)
def test_labels(day_us: int, first: int, labels: tuple[str, str]) -> None:
    assert tuple(one.label for one in fiscal_at(day_us, first)) == labels


@pytest.mark.parametrize("key", ["", "27", "2027q5", "2027q0", "2027Q1", "2027q1 ", "q1", "20271", "9999q"])
def test_what_is_no_period_is_none(key: str) -> None:
    assert read_fiscal(key) is None
