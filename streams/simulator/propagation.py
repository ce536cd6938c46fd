"""Master data propagation: a change at its source, on its way to the systems that hold it too."""

from dataclasses import dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.processes import SPREADING
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import NOT_CORRECTED
from streams.simulator.world import Facility

S4, HUB = "/sap-s4/prod", "/interfaces/prod"

_A_DAY = 10.0
_REFUSED, _WITHDRAWN, _COST_CENTER = 0.09, 0.02, 0.3
_TARGETS = {"cost_center": ("coupa", "workday"), "supplier": ("coupa", "jaggaer", "fusion_erp")}
_REASONS = ("value_unknown", "record_locked", "field_missing")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a record, with what every event of it says."""

    case: Case
    ref: ObjectRef
    record: ObjectRef
    said: dict[str, str]


class Propagation:
    """Changes suppliers and cost centres, and carries the changes on."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office

    def open(self) -> None:
        """Start the changes at every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._changes(facility))

    def _changes(self, facility: Facility) -> Steps:
        rng = Random(f"master_data/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            self._stage.start(self._spread(self._change(facility, rng)))

    def _change(self, facility: Facility, rng: Random) -> Change:
        case = Case(SPREADING, self._stage.number("DC"), facility.id, Random(rng.getrandbits(64)))
        if rng.random() < _COST_CENTER:
            record = ObjectRef("cost_center", self._office.department(facility, rng).cost_center, "changed")
        else:
            suppliers = self._office.world.suppliers[rng.choice(sorted(self._office.world.suppliers))]
            record = ObjectRef("supplier", rng.choice(suppliers).id, "changed")
        ref = ObjectRef("data_change", case.id, "subject")
        self._stage.join(ref, [case])
        return Change(case, ref, record, {"facility": facility.id, "domain": record.type})

    def _spread(self, change: Change) -> Steps:
        """From the source to the last target."""
        stage, rng = self._stage, change.case.rng
        recorded = (change.ref, change.record)
        yield from stage.perform(
            Step("data_change.recorded.v1", S4, recorded, ("recorded",), {**change.said, "system": "s4hana"})
        )
        if rng.random() < _WITHDRAWN:
            yield stage.now + spread(rng, 20 * MINUTE, 0.7)
            yield from self._event(change, "withdrawn", "s4hana")
            return
        for target in _TARGETS[change.record.type]:
            yield stage.now + spread(rng, 14 * MINUTE, 0.7)
            while rng.random() < _REFUSED:
                yield from self._refused(change, target)
            yield from self._event(change, "delivered", target, via="master_data_feed")
        yield stage.now + spread(rng, 90 * MINUTE, 0.8, DAY)
        yield from self._event(change, "confirmed", "s4hana")

    def _refused(self, change: Change, target: str) -> Steps:
        stage, rng = self._stage, change.case.rng
        yield from self._event(change, "refused", target, rng.choice(_REASONS))
        yield from stage.wait(self._office.hours[change.case.facility], spread(rng, 4 * HOUR, 0.9, 40 * HOUR))
        if not stage.strays(NOT_CORRECTED, change.ref, [change.case]):
            yield from self._event(change, "corrected", target)
        yield stage.now + spread(rng, 8 * MINUTE, 0.6)

    def _event(self, change: Change, what: str, system: str, reason: str = "", via: str = "") -> Steps:
        said = {**change.said, "system": system} | ({"reason": reason} if reason else {})
        yield from self._stage.perform(Step(f"data_change.{what}.v1", HUB, (change.ref,), (what,), said, via=via))
