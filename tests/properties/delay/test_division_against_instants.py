"""The division of a stretch of time is what looking at each single microsecond says."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.delay.parts import PRIORITY, UNEXPLAINED
from metrics.delay.sweep import Claim, Evidence, divide, rank_of

MOST = 40
instants = st.integers(-5, MOST + 5)
claims = st.lists(
    st.builds(
        Claim,
        start=instants,
        stop=instants,
        part=st.sampled_from(PRIORITY[:-1]),
        cause=st.sampled_from(("", "a", "b")),
        evidence=st.builds(Evidence, st.just("span"), st.sampled_from(("1", "2", "3"))),
        order=st.integers(0, 2),
    ),
    max_size=14,
)


def holder_at(at: int, found: list[Claim]) -> Claim | None:
    """Who holds the microsecond `at`: the first in rank of all that cover it."""
    return min((claim for claim in found if claim.start <= at < claim.stop), key=rank_of, default=None)


@given(st.integers(0, MOST), st.integers(0, MOST), claims)
@settings(max_examples=150, deadline=None)
def test_each_instant_belongs_to_the_first_claim_in_the_declared_order(a: int, b: int, found: list[Claim]) -> None:
    start, stop = min(a, b), max(a, b)
    told = {at: piece for piece in divide(start, stop, found) for at in range(piece.start, piece.stop)}
    assert set(told) == set(range(start, stop))
    for at, piece in told.items():
        holder = holder_at(at, found)
        wanted = (UNEXPLAINED, "", Evidence()) if holder is None else (holder.part, holder.cause, holder.evidence)
        assert (piece.part, piece.cause, piece.evidence) == wanted


times = st.integers(-(10**15), 10**16)
long_claims = st.lists(
    st.builds(Claim, times, times, st.sampled_from(PRIORITY[:-1]), st.just(""), st.just(Evidence()), st.integers(0, 3)),
    max_size=60,
)


@given(times, times, long_claims)
@settings(max_examples=100, deadline=None)
def test_the_parts_add_up_to_the_microsecond_over_centuries(a: int, b: int, found: list[Claim]) -> None:
    start, stop = min(a, b), max(a, b)
    slices = divide(start, stop, found)
    assert sum(piece.lasts for piece in slices) == stop - start
    assert all(piece.lasts > 0 for piece in slices)
    assert all(one.stop == two.start for one, two in pairwise(slices))


@given(claims, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_claims_come_does_not_matter(found: list[Claim], chance: object) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert divide(0, MOST, mixed) == divide(0, MOST, found)
