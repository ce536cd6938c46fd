"""Systems that say nothing for hours, and nightly files that never come: on purpose, and told in the truth.

While a system is dead nothing happens in it: its steps wait until it is back. So what it tells afterwards is true, and
the truth of every case holds. A lost file leaves no event at all. Off unless the plan asks for it.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from random import Random
from typing import Final

from metrics.words import DAY, HOUR, MINUTE
from streams.simulator.plan import SimulationPlan

SOURCES: Final = ("/coupa/prod", "/workday/prod", "/identity/prod", "/sap-s4/prod")
"""Systems that tell enough for their silence to be noticed."""
_WEEKLY, _SHORTEST, _LONGEST = 2, 5 * HOUR, 14 * HOUR
_LOST = 0.06
"""Share of the nightly files that never come."""
_CATCHING_UP = 20 * MINUTE
_AT_ANCHOR = "/identity/prod"
"""One is dead where history ends, so that it is silent now."""
_LIVE_WEEKS = 104


@dataclass(frozen=True, slots=True)
class DeadFeed:
    """Nothing happens in the system `source` from `start` until before `end` (microseconds UTC)."""

    source: str
    start: int
    end: int

    def record(self) -> dict[str, object]:
        """As a line of the truth file."""
        return {"record": "dead_feed", **asdict(self)}


class Silences:
    """The schedule of a run."""

    def __init__(self, plan: SimulationPlan) -> None:
        self._seed = plan.seed
        self._from = plan.start + DAY if plan.silences else None
        self.feeds = tuple(_drawn(plan)) if plan.silences else ()

    def back(self, source: str, now: int, rng: Random) -> int | None:
        """When a step of a dead system happens: once it is back, and has caught up. None: it is not dead."""
        ends = [one.end for one in self.feeds if one.source == source and one.start <= now < one.end]
        return max(ends) + int(rng.uniform(0, _CATCHING_UP)) if ends else None

    def loses(self, facility: str, name: str, begin: int) -> bool:
        """Whether the file of a night never comes. The first night's do: until then nobody expects any."""
        if self._from is None or begin < self._from:
            return False
        return Random(f"lost/{self._seed}/{facility}/{name}/{begin}").random() < _LOST


def lost_record(facility: str, name: str, begin: int) -> dict[str, object]:
    """A nightly file that should have begun at an instant, as a line of the truth file."""
    return {"record": "lost_batch", "facility": facility, "interface": name, "at": begin}


def _drawn(plan: SimulationPlan) -> Iterator[DeadFeed]:
    yield DeadFeed(_AT_ANCHOR, plan.anchor - 9 * HOUR, plan.anchor + HOUR)
    for week in range(plan.days // 7 + 1 + _LIVE_WEEKS):
        rng = Random(f"silences/{plan.seed}/{week}")
        for source in rng.sample(SOURCES, _WEEKLY):
            start = plan.start + week * 7 * DAY + int(rng.uniform(0, 7) * DAY)
            yield DeadFeed(source, start, start + int(rng.uniform(_SHORTEST, _LONGEST)))
