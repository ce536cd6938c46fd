"""Stretches of a zone's days: each instant lies in exactly one, also where clocks change."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.sla.steps import step_starts
from metrics.sla.zones import day_of, load_zone, start_of_day
from metrics.words import DAY, HOUR

ZONES = [
    load_zone(name)
    for name in (
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
        "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu",
    )
]  # fmt: skip
FROM, TO = 946_684_800_000_000, 1_893_456_000_000_000  # 2000 to 2030
CHANGES = [
    1_761_440_400_000_000,
    1_774_746_000_000_000,
    1_325_239_200_000_000,
]
"""Berlin's clocks back and forth, and the day that Apia left out."""
instants = st.one_of(
    st.integers(FROM, TO), st.sampled_from(CHANGES).flatmap(lambda at: st.integers(at - DAY, at + DAY))
)


@settings(max_examples=40)
@given(instants, st.integers(0, 9 * DAY), st.sampled_from([1, 6, 24]), st.sampled_from(ZONES), st.data())
def test_each_instant_lies_in_exactly_one_stretch(since, long, hours, zone, data) -> None:  # type: ignore[no-untyped-def]
    starts = step_starts(since, since + long, hours, zone)
    assert starts[0] <= since
    assert all(one < other for one, other in pairwise(starts))
    assert all(other - one <= hours * HOUR for one, other in pairwise(starts))
    at = data.draw(st.integers(since, since + long))
    holding = [one for one, other in pairwise([*starts, starts[-1] + 30 * DAY]) if one <= at < other]
    assert len(holding) == 1
    assert day_of(holding[0], zone) == day_of(at, zone)


@settings(max_examples=40)
@given(instants, st.integers(0, 9 * DAY), st.sampled_from([1, 6, 24]), st.sampled_from(ZONES))
def test_every_midnight_begins_a_stretch(since, long, hours, zone) -> None:  # type: ignore[no-untyped-def]
    starts = set(step_starts(since, since + long, hours, zone))
    days = range(day_of(since, zone) + 1, day_of(since + long, zone) + 1)
    assert {start_of_day(day, zone) for day in days} <= starts


def test_a_day_of_twenty_five_hours_has_as_many_stretches() -> None:
    berlin = load_zone("Europe/Berlin")
    back = start_of_day(day_of(CHANGES[0], berlin), berlin)
    assert len(step_starts(back, back + 25 * HOUR - 1, 1, berlin)) == 25
    forth = start_of_day(day_of(CHANGES[1], berlin), berlin)
    assert len(step_starts(forth, forth + 23 * HOUR - 1, 1, berlin)) == 23
