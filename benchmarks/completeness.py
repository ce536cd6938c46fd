"""False alarms and time to detection of the judgement of feeds, on simulated feeds whose truth is known.

`python -m benchmarks.completeness` prints one table for docs/completeness.md: feeds of so many events an hour on
average, with a weekly profile (working days, a peak at one o'clock), independent (dispersion 0) or bursty ones.
"""

from typing import Final, NamedTuple

import numpy as np

from metrics.completeness.forecast import COMPLETE, SHORT, SILENT, VERDICTS, Judged, judge
from metrics.completeness.silence import gaps_in_expected, limit, until
from metrics.completeness.tails import Floats

WEEK: Final = 168
WEEKS, RARE_WEEKS, TESTED = 8, 13.0, 104
MEANS: Final = (0.2, 1.0, 5.0, 20.0, 100.0)
DISPERSIONS: Final = (0.0, 0.1, 0.3)
NOON: Final = 36
"""Tuesday, 12:00, in hours of the week."""
_LOW: Final = (VERDICTS.index(SHORT), VERDICTS.index(SILENT))


class Line(NamedTuple):
    """One feed: false alarms in 13 weeks, and hours until a fault is noticed (NaN: it is not, within the window)."""

    mean: float
    dispersion: float
    judged: float
    false_hours: float
    false_days: float
    false_silences: float
    silent_after: float
    half_after: float


def profile() -> Floats:
    """Events an hour over a week, 1 on average."""
    hours = np.arange(WEEK)
    shape = np.where(hours // 24 < 5, 1.0, 0.25) * (0.15 + np.exp(-((((hours % 24) - 13) / 4.0) ** 2)))
    return np.asarray(shape / shape.mean())


def simulated(mean: float, dispersion: float, random: np.random.Generator, weeks: int) -> Floats:
    """Counts by hour."""
    means = np.tile(profile() * mean, weeks)
    if dispersion:
        means = means * random.gamma(1.0 / dispersion, dispersion, len(means))
    return random.poisson(means).astype(np.float64)


def judged(counts: Floats, week: int) -> Judged:
    """As the judge does it for all events of a feed."""
    return judge(counts, np.zeros(len(counts), dtype=np.bool_), week, WEEKS, 1.0 / (RARE_WEEKS * week * 3))


def low(found: Judged, week: int) -> float:
    """Intervals that were called short or silent, in 13 weeks."""
    verdicts = found.verdict[(WEEKS + 2) * week :]
    return float(np.isin(verdicts, _LOW).sum() / (len(verdicts) / week) * RARE_WEEKS)


def gaps_of(counts: Floats, random: np.random.Generator) -> list[tuple[float, float]]:
    """Gaps between events that lie anywhere in their hours."""
    hours = np.repeat(np.arange(len(counts)), counts.astype(np.int64))
    times = np.sort(hours + random.random(len(hours)))
    return list(zip(times[:-1].tolist(), times[1:].tolist(), strict=True))


def line(mean: float, dispersion: float, seed: int) -> Line:
    """Everything about one feed."""
    random = np.random.default_rng(seed)
    counts = simulated(mean, dispersion, random, WEEKS + 2 + TESTED)
    hours, days = judged(counts, WEEK), judged(counts.reshape(-1, 24).sum(axis=1), 7)
    rate = profile() * mean
    taught = gaps_in_expected(gaps_of(counts[: WEEKS * WEEK], random), np.tile(rate, WEEKS))
    most = limit(taught, float(rate.sum()) * WEEKS, WEEKS, RARE_WEEKS)
    tested = gaps_in_expected(gaps_of(counts[-TESTED * WEEK :], random), np.tile(rate, TESTED))
    silences = float("nan") if most is None else float((tested > most).sum()) / TESTED * RARE_WEEKS
    found = None if most is None else until(np.tile(rate, 3), float(NOON), most)
    silent_after = float("nan") if found is None else found - NOON
    known = float((hours.verdict[(WEEKS + 2) * WEEK :] == VERDICTS.index(COMPLETE)).mean())
    return Line(mean, dispersion, known, low(hours, WEEK), low(days, 7), silences, silent_after, half(counts, random))


def half(counts: Floats, random: np.random.Generator) -> float:
    """Hours from Tuesday noon, when half of all events begin to get lost, to the end of the first low hour or day."""
    begin, lost = (WEEKS + 2) * WEEK + NOON, []
    for week in range(0, TESTED - 2, 13):
        at = begin + week * WEEK
        seen = counts[: at + WEEK].copy()
        seen[at:] = random.binomial(seen[at:].astype(np.int64), 0.5)
        hours = np.flatnonzero(np.isin(judged(seen, WEEK).verdict[at:], _LOW))
        folded = judged(seen[: len(seen) // 24 * 24].reshape(-1, 24).sum(axis=1), 7)
        days = np.flatnonzero(np.isin(folded.verdict[at // 24 :], _LOW))
        ends = [*(hours[:1] + 1), *((days[:1] + at // 24 + 1) * 24 - at)]
        lost.append(float(min(ends, default=np.nan)))
    return float(np.median(lost))


def main() -> None:
    """Print the table."""
    print("| events an hour | dispersion | hours judged | false low hours | false low days | false silences "
          "| dead feed noticed after | half lost, noticed after |")  # fmt: skip
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for mean in MEANS:
        for dispersion in DISPERSIONS:
            one = line(mean, dispersion, 17)
            print(
                f"| {one.mean:g} | {one.dispersion:g} | {one.judged:.0%} | {one.false_hours:.2f} "
                f"| {one.false_days:.2f} | {one.false_silences:.2f} | {_hours(one.silent_after)} "
                f"| {_hours(one.half_after)} |"
            )


def _hours(hours: float) -> str:
    if hours != hours:
        return "–"
    return f"{hours * 60:.0f} min" if hours < 2 else f"{hours:.1f} h"


if __name__ == "__main__":
    main()
