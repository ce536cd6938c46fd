"""Divides a stretch of time among those who claim parts of it: each instant belongs to exactly one.

One pass over the sorted ends of the claims with a heap of those under way: O(n log n) for n claims. Times are whole
microseconds, stretches half-open [start, stop), so lengths add up without rounding.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from typing import NamedTuple

from metrics.delay.parts import RANK, UNEXPLAINED


class Evidence(NamedTuple):
    """What proves a claim: kind 'event' with an event id, or 'span' with a span id and its trace; '' for nothing."""

    kind: str = ""
    id: str = ""
    trace_id: str = ""


NOTHING = Evidence()


class Claim(NamedTuple):
    """A stretch [start, stop) that a part claims; `cause` says what was waited for or busy: an interface, a reason.

    Of claims of one part the one with the smallest `order` wins, then the one that began first, then the longest.
    """

    start: int
    stop: int
    part: str
    cause: str = ""
    evidence: Evidence = NOTHING
    order: int = 0


class Slice(NamedTuple):
    """A stretch [start, stop) of the whole with the part it belongs to, and why. `stage`: the case's state then."""

    start: int
    stop: int
    part: str
    cause: str
    evidence: Evidence
    stage: str = ""

    @property
    def lasts(self) -> int:
        """Microseconds."""
        return self.stop - self.start


def divide(start: int, stop: int, claims: Iterable[Claim]) -> list[Slice]:
    """Slices in order of time without gap or overlap, from `start` to `stop`; none when nothing lies between.

    A slice is as long as one claim holds the time; what nobody claims is a slice of the part `unexplained`.
    """
    if stop <= start:
        return []
    ranked = sorted(
        (max(claim.start, start), rank_of(claim), min(claim.stop, stop), claim)
        for claim in claims
        if claim.start < stop and claim.stop > start and claim.start < claim.stop
    )
    ends = sorted({start, stop, *(one[0] for one in ranked), *(one[2] for one in ranked)})
    waiting: list[tuple[tuple[int, int, int, int, Evidence, str], int, Claim]] = []
    slices: list[Slice] = []
    holder: Claim | None = None
    since, coming = start, 0
    for at in ends:
        while coming < len(ranked) and ranked[coming][0] <= at:
            _, rank, end, claim = ranked[coming]
            heappush(waiting, (rank, end, claim))
            coming += 1
        while waiting and waiting[0][1] <= at:
            heappop(waiting)
        first = waiting[0][2] if waiting else None
        if at == stop or first != holder:
            if at > since:
                slices.append(_slice(since, at, holder))
            holder, since = first, at
    return slices


def rank_of(claim: Claim) -> tuple[int, int, int, int, Evidence, str]:
    """What decides between claims to one instant: the smallest wins. A total order, so the outcome is one."""
    return (RANK[claim.part], claim.order, claim.start, -claim.stop, claim.evidence, claim.cause)


def _slice(start: int, stop: int, holder: Claim | None) -> Slice:
    if holder is None:
        return Slice(start, stop, UNEXPLAINED, "", NOTHING)
    return Slice(start, stop, holder.part, holder.cause, holder.evidence)
