"""How often objectives alert for nothing, and how soon for something: exact tails against the usual burn-rate rules.

    python -m benchmarks.objectives

Cases are decided at random moments (Poisson), each misses by chance. False alarms: episodes a month at exactly the
target. Detection: days from the moment at which the miss rate becomes 2 or 4 times the allowed one to the first alert,
median over runs. The usual rules are those of The Site Reliability Workbook (chapter 5, table 5-8): page at 14.4× in
1 h and 5 min or 6× in 6 h and 30 min, ticket at 3× in 1 d and 2 h or 1× in 3 d and 6 h. Every rule is asked anew at
each decided case, the moment at which a miss is counted.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.machine import table
from metrics.objectives.tiers import MONTH_DAYS, PAGE, TICKET, Tier, ladder
from metrics.objectives.watch import Misses, firing_after_each
from metrics.sla.objective import largest_possible_burn

TARGETS: Final = (0.80, 0.85, 0.90, 0.95, 0.99)
A_DAY: Final = (3, 10, 30, 100, 300)
FACTORS: Final = (2, 4)
WINDOW_DAYS: Final = 28
MONTHS: Final = 240
MOST_CASES: Final = 400_000
"""Of one history on target: fewer months where more cases are decided."""
RUNS: Final = 60
MINUTE: Final = 1 / 1440

Times = npt.NDArray[np.float64]
"""In days."""
Judge = Callable[[Times, Misses], Misses]
Run = tuple[Times, Misses]

USUAL: Final = {
    "page": ((14.4, 60 * MINUTE, 5 * MINUTE), (6.0, 360 * MINUTE, 30 * MINUTE)),
    "ticket": ((3.0, 1.0, 120 * MINUTE), (1.0, 3.0, 360 * MINUTE)),
}


class Figure(NamedTuple):
    """One tier of one way of judging. Alarms a month on target; median days to an alert by factor, None: none."""

    false_alarms: float
    days: tuple[float | None, ...]


class _History(NamedTuple):
    """Cases decided exactly on target."""

    times: Times
    missed: Misses
    months: int


class Line(NamedTuple):
    """One target at one volume."""

    target: float
    a_day: int
    months: int
    ours: dict[str, Figure]
    usual: dict[str, Figure]


def measure(targets: Sequence[float] = TARGETS, volumes: Sequence[int] = A_DAY, seed: int = 1) -> Iterator[Line]:
    """Every target at every volume."""
    for a_day in volumes:
        for target in targets:
            yield _line(target, a_day, np.random.default_rng((seed, a_day, round(target * 1000))))


def _line(target: float, a_day: int, rng: np.random.Generator) -> Line:
    months = min(MONTHS, MOST_CASES // (a_day * MONTH_DAYS))
    times = moments(rng, a_day, months * MONTH_DAYS)
    history = _History(times, rng.random(len(times)) < 1 - target, months)
    runs = [[degraded(rng, target, a_day, factor) for _ in range(RUNS)] for factor in FACTORS]
    return Line(
        target,
        a_day,
        months,
        {tier.name: _figure(partial(_ours, tier, target, a_day), history, runs) for tier in (PAGE, TICKET)},
        {tier: _figure(partial(usual, tier, target), history, runs) for tier in USUAL},
    )


def moments(rng: np.random.Generator, a_day: int, days: int) -> Times:
    """When cases are decided."""
    return np.sort(rng.random(rng.poisson(a_day * days)) * days)


def degraded(rng: np.random.Generator, target: float, a_day: int, factor: int) -> Run:
    """A window on target, then one in which `factor` times as many miss, from day `WINDOW_DAYS` on."""
    times = moments(rng, a_day, 2 * WINDOW_DAYS)
    share = np.where(times < WINDOW_DAYS, 1 - target, min(1.0, factor * (1 - target)))
    return times, rng.random(len(times)) < share


def _figure(judge: Judge, history: _History, runs: Sequence[Sequence[Run]]) -> Figure:
    alarms = episodes(judge(history.times, history.missed)) / history.months
    return Figure(alarms, tuple(_median(judge, group) for group in runs))


def episodes(firing: Misses) -> int:
    """How often it began to fire."""
    return int(np.count_nonzero(firing[1:] & ~firing[:-1])) + int(bool(len(firing)) and bool(firing[0]))


def _median(judge: Judge, group: Sequence[Run]) -> float | None:
    """The median of the days to the first alert; None when most runs have none within a window."""
    waits = []
    for times, missed in group:
        late = judge(times, missed) & (times >= WINDOW_DAYS)
        waits.append(float(times[late.argmax()]) - WINDOW_DAYS if late.any() else np.inf)
    middle = float(np.median(waits))
    return middle if np.isfinite(middle) else None


def _ours(tier: Tier, target: float, a_day: int, _times: Times, missed: Misses) -> Misses:
    return firing_after_each(ladder(tier, target, a_day * WINDOW_DAYS, WINDOW_DAYS), missed)


def usual(tier: str, target: float, times: Times, missed: Misses) -> Misses:
    """Whether a rule of burn in a long and a short window fires at each decided case."""
    sums = np.concatenate(([0], np.cumsum(missed)))
    fires = np.zeros(len(times), dtype=np.bool_)
    for pace, *spans in USUAL[tier]:
        if largest_possible_burn(target) < pace:
            continue
        both = np.ones(len(times), dtype=np.bool_)
        for span in spans:
            first = np.searchsorted(times, times - span, side="right")
            cases = np.arange(1, len(times) + 1) - first
            both &= (sums[1:] - sums[first]) >= pace * (1 - target) * cases - 1e-9
        fires |= both
    return fires


COLUMNS: Final = (
    "target", "a day",
    "page: false a month, ours", "usual", "2×: days, ours", "usual", "4×: days, ours", "usual",
    "ticket: false a month, ours", "usual", "2×: days, ours", "usual", "4×: days, ours", "usual",
)  # fmt: skip


def part(lines: Sequence[Line]) -> str:
    """One table as Markdown. `never`: it can't, or most runs end without; 0: none in all the simulated months."""
    return table(COLUMNS, [_cells(one) for one in lines])


def _cells(line: Line) -> tuple[str, ...]:
    cells = [f"{100 * line.target:.0f} %", str(line.a_day)]
    for tier in ("page", "ticket"):
        ours, other = line.ours[tier], line.usual[tier]
        cells += [_rate(ours.false_alarms), _rate(other.false_alarms)]
        cells += [_days(one) for pair in zip(ours.days, other.days, strict=True) for one in pair]
    return tuple(cells)


def _rate(value: float) -> str:
    return "0" if not value else f"{value:.3f}" if value < 0.1 else f"{value:.1f}"


def _days(value: float | None) -> str:
    return "never" if value is None else f"{value:.2f}" if value < 1 else f"{value:.1f}"


if __name__ == "__main__":
    print(part(list(measure())))
