"""Follows a ladder over decided cases in their order: fires, holds on, lets go. Pure, and the same at every look.

What stands now follows from the cases alone: whoever looks, however often, and after whatever restart, sees the same.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from metrics.objectives.tiers import Ladder, Rung

Misses = npt.NDArray[np.bool_]


class Evidence(NamedTuple):
    """Of the last `cases` decided, `misses` missed; `rung` is what they are held against."""

    cases: int
    misses: int
    rung: Rung


class Watch(NamedTuple):
    """Whether a tier fires after the last case; `since` is the index of the case with which it began.

    `evidence`: the rung that is nearest to firing, or furthest above; None where none can fire yet.
    """

    firing: bool
    since: int | None
    evidence: Evidence | None


def watch(ladder: Ladder, missed: Misses) -> Watch:
    """How a ladder stands after the last of `missed` (one for each decided case, in order)."""
    states = firing_after_each(ladder, missed)
    evidence = _strongest(ladder, missed)
    if not len(states) or not states[-1]:
        return Watch(False, None, evidence)
    quiet = np.flatnonzero(~states)
    return Watch(True, int(quiet[-1]) + 1 if len(quiet) else 0, evidence)


def firing_after_each(ladder: Ladder, missed: Misses) -> Misses:
    """Whether the tier fires after each case: from a rung that fires until none holds."""
    count = len(missed)
    sums = np.concatenate(([0], np.cumsum(missed, dtype=np.int64)))
    fires, holds = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for rung in ladder.rungs:
        if rung.fires is None or rung.cases > count:
            continue
        whole, recent = _last(sums, rung.cases), _last(sums, rung.recent)[rung.cases - rung.recent :]
        fires[rung.cases - 1 :] |= (whole >= rung.fires) & (recent >= rung.recent_fires)
        holds[rung.cases - 1 :] |= (whole >= rung.holds) & (recent >= rung.recent_holds)
    places = np.arange(count)
    fired = np.maximum.accumulate(np.where(fires, places, -1))
    let_go = np.maximum.accumulate(np.where(fires | holds, -1, places))
    return fired > let_go


def _last(sums: npt.NDArray[np.int64], cases: int) -> npt.NDArray[np.int64]:
    """The misses among the last `cases`, at each place that has so many before it."""
    return sums[cases:] - sums[:-cases]


def _strongest(ladder: Ladder, missed: Misses) -> Evidence | None:
    """The rung that is furthest above the count it fires at; the longest of equals."""
    found = [
        Evidence(rung.cases, int(missed[-rung.cases :].sum()), rung)
        for rung in ladder.rungs
        if rung.fires is not None and rung.cases <= len(missed)
    ]
    return max(found, key=lambda one: (one.misses / (one.rung.fires or 1), one.cases), default=None)
