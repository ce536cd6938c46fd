"""How long a feed may say nothing before that is odd, learned from its own gaps.

Gaps are measured in events that were to be expected in them, not in hours: a night and a lunch hour then count alike.
Of a feed whose events come independently such gaps are exponential; real feeds come in bursts, so the tail is fitted to
the feed's own longest gaps (peaks over a threshold, exponential excesses). The limit is the gap that comes less than
once in so many weeks, and never below that of independent events.

The very longest gaps may be outages, which are not what is usual, and hours of few events do not show them. They
count as no shorter than the next one, and how much longer they are teaches nothing (censoring of the second type, under
which the mean of exponential excesses stays unbiased).
"""

from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np

from metrics.completeness.tails import Floats

_PEAKS: Final = 20
"""So many of the longest gaps show the tail ..."""
_APART: Final = 5
"""So many of the very longest ones may be outages."""
_LEAST_GAPS: Final = 40
"""... of so many at least."""
LONGEST_HOURS: Final = 14 * 24
"""A limit that lies further ahead says nothing."""


def limit(gaps: Floats, expected: float, weeks: float, rare_weeks: float) -> float | None:
    """The longest usual gap, in expected events; None where there are too few gaps to tell.

    `gaps`: those of the last `weeks`, in expected events; `expected`: events to be expected in `weeks`; the limit is
    exceeded less than once in `rare_weeks`.
    """
    if len(gaps) < _LEAST_GAPS or expected <= 1.0:
        return None
    longest = np.sort(gaps)[-(_APART + _PEAKS + 1) :]
    threshold, peaks = float(longest[0]), longest[1 : _PEAKS + 1] - longest[0]
    excess = (float(peaks.sum()) + _APART * float(peaks[-1])) / _PEAKS
    # Predicted, not plugged in: the mean of so few excesses is uncertain, and its exponential becomes a Lomax tail.
    fitted = threshold + _PEAKS * excess * (((_APART + _PEAKS) * rare_weeks / weeks) ** (1.0 / _PEAKS) - 1.0)
    return max(float(fitted), log(max(expected * rare_weeks / weeks, 1.0)))


def gaps_in_expected(times: Sequence[tuple[float, float]], rate: Floats) -> Floats:
    """Gaps as (begin, end) in hours from the first hour of `rate`, in expected events; `rate`: events an hour."""
    if not times:
        return np.zeros(0)
    grown = np.concatenate([[0.0], np.cumsum(rate)])
    edges = np.arange(len(grown), dtype=np.float64)
    bounds = np.asarray(times, dtype=np.float64)
    found = np.interp(bounds[:, 1], edges, grown) - np.interp(bounds[:, 0], edges, grown)
    return np.asarray(found)


def until(rate: Floats, begin: float, limit_events: float) -> float | None:
    """Hours from the first of `rate` at which `limit_events` were to be expected since `begin`; None: not in it."""
    grown = np.concatenate([[0.0], np.cumsum(rate)])
    edges = np.arange(len(grown), dtype=np.float64)
    target = float(np.interp(begin, edges, grown)) + limit_events
    if target > grown[-1]:
        return None
    at = int(np.searchsorted(grown, target, side="left"))
    if at == 0:
        return 0.0
    step = grown[at] - grown[at - 1]
    return float(at - 1 + (target - grown[at - 1]) / step)
