"""What is expected of a feed in each interval, learned from the same interval of the weeks before, and what came.

The expectation is a negative binomial distribution: its mean is the mean of the same hour (or day) of the week over the
last `weeks` weeks without the lowest and the highest, its dispersion is that of all hours of the feed together, and the
uncertainty of a mean of few weeks is part of its variance. A Poisson distribution would call every busy feed short
(counts of business events vary more than it allows), and the quantiles of eight weeks can say nothing rarer than one in
nine.

An interval that was odd teaches with the edge of what had been expected, so that one outage hardly spoils the weeks
after it, and a lasting change is learned within weeks. What an interval is judged to be depends on it and on those
before it only: judging again gives the same, and a late event changes its own interval and what it taught.
"""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from metrics.completeness.tails import Floats, at_least, at_most, least_usual, most_usual, none_at_all

Flags: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int8]

COMPLETE: Final = "complete"
SHORT: Final = "short"
SILENT: Final = "silent"
SURGE: Final = "surge"
UNKNOWN: Final = "unknown"
VERDICTS: Final = (COMPLETE, SHORT, SILENT, SURGE, UNKNOWN)

FEW_WEEKS: Final = "few_weeks"
LOW_VOLUME: Final = "low_volume"
SPECIAL_DAY: Final = "special_day"
REASONS: Final = ("", FEW_WEEKS, LOW_VOLUME, SPECIAL_DAY)

LEAST_WEEKS: Final = 4
"""Fewer samples say too little about what is usual."""
_TRIMMED_FROM: Final = 5
"""From so many samples on, the lowest and the highest are left out of the mean."""
_LEAST_MEAN: Final = 0.5
"""Nothing in n weeks is no proof of zero: the mean is taken to be at least so much through n."""
_SURGE_RARER: Final = 0.1
"""A surge must be so much rarer: what is lacking can hide a breach, what is too much cannot."""
_LEAST_DISPERSION: Final = 0.002
"""Variance over mean squared: no hour is more regular than 4.5 % around a large mean."""


class Judged(NamedTuple):
    """One value an interval. `verdict`, `reason`: indices into VERDICTS and REASONS; `chance`: of such a count;
    `seen`: the counts; `taught`: what they teach the weeks after.
    """

    expected: Floats
    variance: Floats
    samples: NDArray[np.int64]
    verdict: Codes
    reason: Codes
    chance: Floats
    seen: Floats
    taught: Floats


def judge(counts: Floats, special: Flags, week: int, weeks: int, chance: float) -> Judged:
    """Judge consecutive intervals, oldest first. `week`: intervals a week (168 hours, 7 days); `special`: neither
    judged nor learned from; `chance`: how rare a count must be to be too low.
    """
    size = len(counts)
    found = Judged(
        np.zeros(size), np.ones(size), np.zeros(size, np.int64), np.full(size, VERDICTS.index(UNKNOWN), np.int8),
        np.full(size, REASONS.index(FEW_WEEKS), np.int8), np.ones(size), counts, counts.astype(np.float64).copy(),
    )  # fmt: skip
    found.reason[special] = REASONS.index(SPECIAL_DAY)
    for begin in range(0, size, week):
        _judge_week(found, counts, special, slice(begin, min(begin + week, size)), week, weeks, chance)
    return found


def _judge_week(
    found: Judged, counts: Floats, special: Flags, part: slice, week: int, weeks: int, chance: float
) -> None:
    samples = past(found.taught, special, part, week, weeks)
    number, mean, variance = expectation(samples)
    found.samples[part], found.expected[part], found.variance[part] = number, mean, variance
    known = (number >= LEAST_WEEKS) & ~special[part]
    if not known.any():
        return
    seen = counts[part]
    decidable = known & (none_at_all(mean, variance) < chance)
    low, high = known & (seen < mean), known & (seen > mean)
    tail = np.ones(len(seen))
    if low.any():
        tail[low] = at_most(seen[low], mean[low], variance[low])
    if high.any():
        tail[high] = at_least(seen[high], mean[high], variance[high])
    odd_low, odd_high = decidable & low & (tail < chance), high & (tail < chance * _SURGE_RARER)
    verdict, reason = found.verdict[part], found.reason[part]
    verdict[decidable], reason[known] = VERDICTS.index(COMPLETE), 0
    verdict[odd_low & (seen > 0)] = VERDICTS.index(SHORT)
    verdict[odd_low & (seen == 0)] = VERDICTS.index(SILENT)
    verdict[odd_high] = VERDICTS.index(SURGE)
    reason[known & ~decidable & ~odd_high] = REASONS.index(LOW_VOLUME)
    found.chance[part] = tail
    taught = found.taught[part]
    for at in np.flatnonzero(odd_low):
        taught[at] = least_usual(float(mean[at]), float(variance[at]), chance)
    for at in np.flatnonzero(odd_high):
        taught[at] = most_usual(float(mean[at]), float(variance[at]), chance * _SURGE_RARER)


def past(taught: Floats, special: Flags, part: slice, week: int, weeks: int) -> Floats:
    """What the same intervals of the weeks before teach: a row an interval, NaN where a week has nothing to say."""
    at = np.arange(part.start, part.stop)
    rows = [_week_before(taught, special, at - back * week) for back in range(1, weeks + 1)]
    return np.stack(rows, axis=1)


def _week_before(taught: Floats, special: Flags, at: NDArray[np.int64]) -> Floats:
    inside = np.maximum(at, 0)
    return np.where((at >= 0) & ~special[inside], taught[inside], np.nan)


def expectation(samples: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Number of samples, mean and predictive variance of each interval; the dispersion is pooled over all of them."""
    there = ~np.isnan(samples)
    number = there.sum(axis=1)
    filled = np.where(there, samples, 0.0)
    total = filled.sum(axis=1)
    trimmed = number >= _TRIMMED_FROM
    lowest = np.where(there, samples, np.inf).min(axis=1)
    highest = np.where(there, samples, 0.0).max(axis=1)
    used = np.maximum(number - 2 * trimmed, 1)
    whole = total / np.maximum(number, 1)
    mean = np.where(trimmed, (total - np.where(trimmed, lowest, 0.0) - highest) / used, whole)
    mean = np.maximum(mean, _LEAST_MEAN / np.maximum(number, 1))
    dispersion = _dispersion(filled, there, whole, number)
    own = mean + dispersion * mean * mean
    return number, mean, own * (1.0 + 1.0 / used) + 1e-9


def _dispersion(filled: Floats, there: Flags, mean: Floats, number: NDArray[np.int64]) -> float:
    """By moments: how much more the samples vary than a Poisson distribution's would, in squares of the mean."""
    several = number >= 2
    squares = (np.where(there, filled - mean[:, None], 0.0) ** 2).sum(axis=1)
    spread = squares / np.maximum(number - 1, 1)
    weight = float((mean[several] ** 2).sum())
    beyond = float((spread - mean)[several].sum())
    return max(_LEAST_DISPERSION, beyond / weight) if weight else _LEAST_DISPERSION
