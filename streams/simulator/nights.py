"""Nightly files: started, booked, and held against their control totals before the offices open."""

from datetime import datetime, time, timedelta
from random import Random

from metrics.words import HOUR, MINUTE, ObjectRef
from streams.simulator.clockwork import micros, moment
from streams.simulator.office import Office, spread
from streams.simulator.processes import NIGHTS
from streams.simulator.silences import lost_record
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import BOOKED_TWICE
from streams.simulator.world import Facility

INTERFACES_HUB = "/interfaces/prod"

_BEGINS = time(22)
_FILES = {"payroll_hours": 900, "stock_movements": 2_600}
"""Each with its usual number of rows."""
_FAILED, _UNBALANCED, _STILL = 0.04, 0.07, 0.15


class Nights:
    """Sends each facility's files, every night of the week."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office

    def open(self) -> None:
        """Let the nights begin at every facility."""
        for facility in self._office.world.facilities:
            for name, rows in _FILES.items():
                rng = Random(f"nights/{self._stage.plan.seed}/{facility.id}/{name}")
                self._stage.start(self._nightly(facility, name, rows, rng))

    def _nightly(self, facility: Facility, name: str, rows: int, rng: Random) -> Steps:
        day = moment(self._stage.now).astimezone(facility.zone).date()
        while True:
            begin = micros(datetime.combine(day, _BEGINS, facility.zone)) + int(rng.uniform(0, 40) * MINUTE)
            day += timedelta(days=1)
            if begin <= self._stage.now:
                continue
            yield begin
            size, seed = int(rows * rng.uniform(0.7, 1.3)), rng.getrandbits(64)
            if self._stage.silences.loses(facility.id, name, begin):
                self._stage.ledger.lost(lost_record(facility.id, name, begin))
            else:
                self._stage.start(self._batch(facility, name, size, seed))

    def _batch(self, facility: Facility, name: str, rows: int, seed: int) -> Steps:
        """One file, from its start to totals that agree."""
        stage, rng = self._stage, Random(seed)
        case = Case(NIGHTS, stage.number("BT"), facility.id, rng)
        said = {"facility": facility.id, "interface": name, "rows": str(rows)}
        stage.join(_batch(case), [case])
        yield from self._event(case, "started", said)
        while rng.random() < _FAILED:
            yield stage.now + spread(rng, 20 * MINUTE, 0.5)
            yield from self._event(case, "failed", {**said, "reason": "file_incomplete"})
            yield stage.now + spread(rng, 70 * MINUTE, 0.5, 6 * HOUR)
            yield from self._event(case, "started", said)
        yield stage.now + spread(rng, 50 * MINUTE, 0.4)
        yield from self._event(case, "completed", said, via="nightly_files")
        yield stage.now + spread(rng, 25 * MINUTE, 0.5)
        differs = rng.random() < _UNBALANCED
        while differs:
            missing = {**said, "rows": str(rows - rng.randint(1, 30)), "reason": "rows_missing"}
            yield from self._event(case, "unbalanced", missing)
            yield from stage.wait(self._office.hours[facility.id], spread(rng, 100 * MINUTE, 0.9))
            yield from self._event(case, "corrected", said)
            yield stage.now + spread(rng, 15 * MINUTE, 0.4)
            differs = rng.random() < _STILL
        yield from self._event(case, "reconciled", said)
        if stage.strays(BOOKED_TWICE, _batch(case), [case]):
            yield stage.now + HOUR
            yield from self._event(case, "completed", said)

    def _event(self, case: Case, what: str, said: dict[str, str], via: str = "") -> Steps:
        step = Step(f"batch.{what}.v1", INTERFACES_HUB, (_batch(case),), (what,), said, via=via)
        yield from self._stage.perform(step)


def _batch(case: Case) -> ObjectRef:
    return ObjectRef("batch", case.id, "subject")
