"""Contingent labour: staffing requests, agency workers, assignments and their timesheets."""

from dataclasses import dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.clockwork import moment
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.processes import LABOUR
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps, money
from streams.simulator.strays import NOT_CLEARED
from streams.simulator.world import Department, Facility

FIELDGLASS, UKG = "/fieldglass/prod", "/ukg/prod"
_A_DAY = 6.0
_REFUSED, _UNFILLED, _SENT_BACK = 0.06, 0.09, 0.05
_CORRECTING = 40 * MINUTE
"""From a timesheet sent back to the same handed in again."""
_ROLES = (("registered_nurse", 92_00), ("nursing_assistant", 38_00), ("lab_technician", 55_00), ("respiratory", 71_00))
_MILESTONES = {
    "staffing_request.created.v1": "requested",
    "contingent.onboarded.v1": "onboarded",
    "assignment.started.v1": "started",
    "assignment.ended.v1": "ended",
}
"""Where they are called otherwise than their verb: `staffing_request.approved.v1` reaches `approved`."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contingent worker on an assignment; `rate` in US cents an hour."""

    case: Case
    worker: ObjectRef
    assignment: ObjectRef
    department: Department
    attributes: dict[str, str]
    rate: int
    rng: Random


class Agency:
    """Fills the wards' gaps with workers of staffing agencies."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office

    def open(self) -> None:
        """Start the demand for contingent labour at every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._demand(facility))

    def _demand(self, facility: Facility) -> Steps:
        rng = Random(f"staffing/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            department = self._office.department(facility, rng)
            self._stage.start(self._request(department, Random(rng.getrandbits(64))))

    def _request(self, department: Department, rng: Random) -> Steps:
        stage = self._stage
        role, rate = rng.choice(_ROLES)
        attributes = {"facility": department.facility.id, "department": department.name, "role": role}
        request = ObjectRef(
            "staffing_request", stage.number("SR", "staffing_request", department.facility.id), "subject"
        )
        case = Case(LABOUR, request.id, department.facility.id, rng)
        stage.join(request, [case])
        center = ObjectRef("cost_center", department.cost_center, "charged_to")
        actor = rng.choice(department.requesters)
        yield from self._happen("staffing_request.created.v1", FIELDGLASS, (request, center), attributes, actor)
        done, approver = self._office.decide(department, stage.now, spread(rng, 25 * MINUTE, 0.6))
        yield done
        what = "rejected" if rng.random() < _REFUSED else "approved"
        yield from self._happen(f"staffing_request.{what}.v1", FIELDGLASS, (request,), attributes, approver)
        if what == "rejected":
            return
        yield stage.now + spread(rng, 4 * DAY, 0.7, 30 * DAY)
        if rng.random() < _UNFILLED:
            yield from self._happen("staffing_request.cancelled.v1", FIELDGLASS, (request,), attributes, actor)
            return
        worker = ObjectRef("contingent", stage.number("CW"), "worker")
        stage.join(worker, [case])
        filled = (request, worker)
        yield from self._happen("staffing_request.filled.v1", FIELDGLASS, filled, attributes, approver)
        yield stage.now + spread(rng, 3 * DAY, 0.6, 20 * DAY)
        assignment = ObjectRef("assignment", stage.number("AN", "assignment", department.facility.id), "subject")
        stage.join(assignment, [case])
        yield from self._assign(Contract(case, worker, assignment, department, attributes, rate, rng), request)

    def _assign(self, contract: Contract, request: ObjectRef) -> Steps:
        stage, rng = self._stage, contract.rng
        fulfils = ObjectRef("staffing_request", request.id, "fulfils")
        subject = ObjectRef("contingent", contract.worker.id, "subject")
        early = stage.strays(NOT_CLEARED, request, [contract.case])
        cleared = self._happen("contingent.onboarded.v1", FIELDGLASS, (subject, fulfils), contract.attributes)
        if not early:
            yield from cleared
        started = (contract.assignment, contract.worker, fulfils)
        yield stage.now + spread(rng, DAY, 0.5)
        yield from self._happen("assignment.started.v1", FIELDGLASS, started, contract.attributes, via="workday_to_ukg")
        if early:
            yield stage.now + HOUR
            yield from cleared
        for _ in range(rng.choice((4, 8, 13))):
            yield stage.now + 7 * DAY + int(rng.uniform(-6, 6) * HOUR)
            yield from self._timesheet(contract)
        ended = (contract.assignment, contract.worker)
        yield from self._happen("assignment.ended.v1", FIELDGLASS, ended, contract.attributes)

    def _timesheet(self, contract: Contract) -> Steps:
        """A week's hours: handed in, perhaps sent back once, accepted."""
        stage, rng = self._stage, contract.rng
        facility, person = contract.department.facility.id, contract.worker.id
        day = moment(stage.now).date().isoformat()
        sheet = ObjectRef("timesheet", stage.number("TS", "timesheet", facility, worker=person, day=day), "subject")
        stage.join(sheet, [contract.case])
        objects = (sheet, ObjectRef("assignment", contract.assignment.id, "assignment"))
        hours = rng.choice((24, 36, 36, 40, 48))
        cents = contract.rate * hours
        attributes = {**contract.attributes, "hours": str(hours)}
        for what in ("rejected", "approved") if rng.random() < _SENT_BACK else ("approved",):
            yield from self._happen("timesheet.submitted.v1", UKG, objects, attributes, cents=cents)
            done, actor = self._office.decide(contract.department, stage.now, spread(rng, 6 * MINUTE, 0.5))
            yield done
            yield from self._happen(f"timesheet.{what}.v1", UKG, objects, attributes, actor, cents=cents)
            if what == "rejected":
                yield stage.now + _CORRECTING

    def _happen(
        self,
        kind: str,
        source: str,
        objects: tuple[ObjectRef, ...],
        attributes: dict[str, str],
        actor: str = "",
        via: str = "",
        cents: int = 0,
    ) -> Steps:
        amount = money(cents) if cents else None
        about, verb, _ = kind.split(".")
        milestone = _MILESTONES.get(kind) or (f"{about}_{verb}" if about == "timesheet" else verb)
        yield from self._stage.perform(Step(kind, source, objects, (milestone,), attributes, amount, actor, via))
