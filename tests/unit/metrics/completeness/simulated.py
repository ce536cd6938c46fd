"""Simulated feeds whose truth is known: counts by hour with a weekly profile, as independent or as bursty events."""

import numpy as np

from metrics.completeness.tails import Floats

WEEK = 168


def profile() -> Floats:
    """Events an hour over a week, 1 on average: working days, a peak at one o'clock, quiet nights."""
    hours = np.arange(WEEK)
    by_hour = 0.15 + np.exp(-((((hours % 24) - 13) / 4.0) ** 2))
    shape = np.where(hours // 24 < 5, 1.0, 0.25) * by_hour
    return np.asarray(shape / shape.mean())


def counts(mean: float, weeks: int, dispersion: float, seed: int) -> Floats:
    """Counts by hour: Poisson where `dispersion` is 0, else negative binomial with variance m + dispersion * m²."""
    random = np.random.default_rng(seed)
    means = np.tile(profile() * mean, weeks)
    if dispersion:
        means = means * random.gamma(1.0 / dispersion, dispersion, len(means))
    return random.poisson(means).astype(np.float64)
