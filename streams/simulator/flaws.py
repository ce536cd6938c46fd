"""Flaws of master data that the simulation makes on purpose: what systems disagree on, miss, or hold twice.

Each is a record of the truth, told when it begins and again when it ends.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from metrics.words import DAY, HOUR, SECOND, Event, ObjectRef
from streams.simulator.office import spread
from streams.simulator.stage import Stage
from streams.simulator.step import Step, Steps
from streams.simulator.truth import Write
from streams.simulator.world import Department, World

CONTRADICTION, DUPLICATE, MISSING, UNMAPPED = "contradiction", "duplicate", "missing", "unmapped"
S4, UKG = "/sap-s4/prod", "/ukg/prod"
HR_AND_TIME = ("/workday/prod", UKG)

_OTHER_DEPARTMENT, _NEVER_CORRECTED = 0.05, 0.3
_LATE_CENTERS = 3
_LEAVES = frozenset({"worker.rescinded.v1", "worker.terminated.v1"})


class Flaws:
    """Writes the records of flaws, and plays those that need messages of their own."""

    def __init__(self, stage: Stage, world: World, write: Write) -> None:
        self._stage = stage
        self._world = world
        self._write = write
        self._unmapped: dict[str, int] = {}
        """Cost centres that do not exist yet, with their first use (0: not used yet)."""
        self._standing: dict[str, tuple[int, dict[str, Any]]] = {}
        """Workers whose department differs, with since when and the values."""
        self._gone: set[str] = set()

    def open(self) -> None:
        """Create the cost centres; a few of them come to be only after they are used."""
        rng = Random(f"flaws/{self._stage.plan.seed}")
        places = self._world.departments
        late = {place.cost_center for place in rng.sample(places, _LATE_CENTERS)}
        for number, place in enumerate(places):
            at = self._stage.plan.start + number * SECOND
            if place.cost_center in late:
                self._unmapped[place.cost_center] = 0
                at += int(rng.uniform(2.0, 9.0) * DAY)
            self._stage.start(self._create(place), at)

    def note(self, event: Event) -> None:
        """Look at an event that happens: it may use what does not exist, or end what nobody corrects any more."""
        if event.type in _LEAVES:
            worker = event.objects[0].id
            self._gone.add(worker)
            self._end(worker, event.time)
        if not self._unmapped:
            return
        for ref in event.objects:
            if ref.type == "cost_center" and self._unmapped.get(ref.id) == 0:
                self._unmapped[ref.id] = event.time
                self.tell(UNMAPPED, [("cost_center", ref.id)], [S4], event.time)

    def copied(self, worker: ObjectRef, attributes: dict[str, str], rng: Random) -> Steps:
        """The worker's record reaches UKG, sometimes with another department, which is corrected or not."""
        stage = self._stage
        yield stage.now + spread(rng, 2 * HOUR, 0.8, 2 * DAY)
        subject = (ObjectRef("worker", worker.id, "subject"),)
        if rng.random() >= _OTHER_DEPARTMENT:
            yield from stage.perform(Step("worker.changed.v1", UKG, subject, (), attributes))
            return
        wrong = rng.choice([name for name in _departments(self._world) if name != attributes["department"]])
        yield from stage.perform(Step("worker.changed.v1", UKG, subject, (), {**attributes, "department": wrong}))
        if worker.id not in self._gone:
            self._differ(
                worker.id, stage.happened, {"field": "department", "values": [attributes["department"], wrong]}
            )
        if rng.random() < _NEVER_CORRECTED:
            return
        yield stage.now + spread(rng, 5 * DAY, 0.5, 30 * DAY)
        yield from stage.perform(Step("worker.changed.v1", UKG, subject, (), attributes))
        self._end(worker.id, stage.happened)

    def _differ(self, worker: str, since: int, values: dict[str, Any]) -> None:
        self._standing[worker] = since, values
        self.tell(CONTRADICTION, [("worker", worker)], HR_AND_TIME, since, **values)

    def _end(self, worker: str, until: int) -> None:
        """Nobody says otherwise any more; the flaw of one who leaves ends with it."""
        standing = self._standing.pop(worker, None)
        if standing is not None:
            since, values = standing
            self.tell(CONTRADICTION, [("worker", worker)], HR_AND_TIME, since, until, **values)

    def tell(
        self,
        what: str,
        objects: Sequence[tuple[str, str]],
        systems: Sequence[str],
        since: int,
        until: int | None = None,
        **more: Any,
    ) -> None:
        """Write a flaw: `since` and `until` (None: it lasts) in microseconds UTC, as the systems tell them."""
        about = {"objects": [list(one) for one in objects], "systems": list(systems)}
        self._write({"record": "quality", "what": what, **about, "from": since, "until": until, **more})

    def _create(self, place: Department) -> Steps:
        center = place.cost_center
        subject = (ObjectRef("cost_center", center, "subject"),)
        attributes = {"facility": place.facility.id, "department": place.name}
        yield from self._stage.perform(Step("cost_center.created.v1", S4, subject, (), attributes))
        used = self._unmapped.pop(center, 0)
        if used:
            self.tell(UNMAPPED, [("cost_center", center)], [S4], used, self._stage.happened)


def _departments(world: World) -> list[str]:
    return sorted({place.name for place in world.departments})
