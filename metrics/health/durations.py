"""Durations counted by their value to 8 bits, so that those of several hours can be put together. Pure.

A count is a mapping of microseconds to how often they were seen. What stands for a duration is 0.4 % away at most.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

Counted = Mapping[int, int]
NOT_A_NUMBER = float("nan")


def put_together(parts: Iterable[tuple[Sequence[int], Sequence[int]]]) -> Counted:
    """Parallel lists of durations and how often they were seen, as one count."""
    found = Counter[int]()
    for durations, times in parts:
        found.update(dict(zip(durations, times, strict=True)))
    return found


def percentile(counted: Counted, share: float) -> float:
    """The duration below which this share lies, between two neighbours by the distance to each; NaN of nothing."""
    durations = sorted(counted)
    if not durations:
        return NOT_A_NUMBER
    until = list(accumulate(counted[one] for one in durations))
    place = share * (until[-1] - 1)
    below = int(place)
    low, high = (durations[bisect_right(until, at)] for at in (below, min(below + 1, until[-1] - 1)))
    return low + (high - low) * (place - below)


def lower_median(counted: Counted) -> int:
    """The lower one of the two in the middle, 0 of nothing."""
    durations = sorted(counted)
    until = list(accumulate(counted[one] for one in durations))
    return durations[bisect_right(until, (until[-1] - 1) // 2)] if durations else 0
