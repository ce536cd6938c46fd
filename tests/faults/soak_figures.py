"""What a soak's samples come to: slopes with the doubt about them, lag, descriptors, CPU."""

import math
from collections.abc import Sequence
from typing import NamedTuple

LEAST_SAMPLES = 60
LEAST_MINUTES = 15.0
"""A shorter window shows the rise of caches and the sawtooth of merges, not a leak."""


class Sample(NamedTuple):
    """One look at one program: seconds since the start, resident bytes, open descriptors, CPU seconds so far."""

    at: float
    resident: int
    descriptors: int
    cpu: float


class Slope(NamedTuple):
    """Growth of memory in percent per ten minutes, and its standard error; `minutes` of samples behind it."""

    percent: float
    error: float
    minutes: float
    samples: int

    @property
    def is_valid(self) -> bool:
        """Whether the window is long enough for a slope to mean anything."""
        return self.minutes >= LEAST_MINUTES and self.samples >= LEAST_SAMPLES

    def __str__(self) -> str:
        shown = f"{self.percent:+.2f} % ± {self.error:.2f} per 10 min over {self.minutes:.0f} min"
        return shown if self.is_valid else f"{shown} (not valid: the window is shorter than {LEAST_MINUTES:.0f} min)"


def slope(samples: Sequence[Sample]) -> Slope:
    """Least squares over resident size, relative to its mean."""
    count = len(samples)
    times, sizes = [one.at for one in samples], [float(one.resident) for one in samples]
    minutes = (times[-1] - times[0]) / 60 if samples else 0.0
    if count < 3 or not minutes:
        return Slope(math.nan, math.nan, minutes, count)
    middle, mean = sum(times) / count, sum(sizes) / count
    spread = sum((at - middle) ** 2 for at in times)
    rise = sum((at - middle) * (size - mean) for at, size in zip(times, sizes, strict=True)) / spread
    left = sum((size - mean - rise * (at - middle)) ** 2 for at, size in zip(times, sizes, strict=True))
    to_percent = 600 * 100 / mean
    return Slope(rise * to_percent, math.sqrt(left / (count - 2) / spread) * to_percent, minutes, count)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
