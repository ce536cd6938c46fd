"""Disorder of delivery: events that come late, and events that come twice."""

from collections.abc import Iterator
from random import Random

import msgspec

from metrics.words import MINUTE, Event
from streams.simulator.plan import SimulationPlan


class Courier:
    """Decides when each event is delivered; what belongs to the history is delivered before the anchor."""

    def __init__(self, plan: SimulationPlan, rng: Random) -> None:
        self._plan = plan
        self._rng = rng
        self._held: dict[str, int] = {}

    def deliveries(
        self, event: Event, late: int = 0, twice: bool = False, ordered: bool = False
    ) -> Iterator[tuple[int, Event]]:
        """(when, event) for each delivery. `late`: not before this instant; `twice`: surely a second time.

        `ordered`: not before those of the same subject that were ordered too.
        """
        disorder = self._plan.disorder
        at = max(event.time, late)
        if self._rng.random() < disorder.late:
            at = max(at, event.time + int(self._rng.random() * disorder.late_at_most))
        if ordered:
            at = max(at, self._held.pop(event.subject, 0))
            if at > event.time:
                self._held[event.subject] = at
        again = 0
        if self._rng.random() < disorder.duplicates or twice:
            again = at + MINUTE // 10 + int(self._rng.random() * disorder.duplicate_within)
        bound = self._plan.anchor if event.time <= self._plan.anchor else at + again
        at = min(at, bound)
        copy = event if at == event.time else msgspec.structs.replace(event, recorded=at)
        yield at, copy
        if again:
            yield min(again, bound), copy
