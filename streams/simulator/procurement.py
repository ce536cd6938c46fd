"""Requisition to pay: from a need on a ward to an approved requisition in a buyer's hands."""

from collections.abc import Generator
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.misdeeds import Misdeeds
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.purchasing import Need, Purchasing
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps, money
from streams.simulator.world import CATEGORIES, Facility

PROCESS = "requisition_to_pay"
COUPA = "/coupa/prod"
S4 = "/sap-s4/prod"

_A_DAY_MANUAL = 112.0
_A_DAY_AUTOMATIC = 42.0
_REJECTED, _RESUBMITTED, _ASKED, _WITHDRAWN = 0.08, 0.72, 0.07, 0.025
_REASONS = ("over budget", "wrong cost centre", "not on contract", "duplicate request", "quantity too high")


class Procurement:
    """Opens requisitions and brings them to a decision."""

    def __init__(self, stage: Stage, office: Office, purchasing: Purchasing, misdeeds: Misdeeds) -> None:
        self._stage = stage
        self._misdeeds = misdeeds
        self._office = office
        self._purchasing = purchasing

    def open(self) -> None:
        """Start the demand of every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._demand(facility, automatic=False))
            self._stage.start(self._demand(facility, automatic=True))

    def _demand(self, facility: Facility, automatic: bool) -> Steps:
        rng = Random(f"demand/{self._stage.plan.seed}/{facility.id}/{automatic}")
        a_day = _A_DAY_AUTOMATIC if automatic else _A_DAY_MANUAL
        arrivals = Arrivals(self._stage, self._office, facility, a_day, rng)
        while True:
            yield from arrivals.next(steady=automatic)
            self._stage.start(self._requisition(self._need(facility, rng, automatic)))

    def _need(self, facility: Facility, rng: Random, automatic: bool) -> Need:
        department = self._office.department(facility, rng)
        names = list(CATEGORIES)
        category = "medical_supplies" if automatic else rng.choices(names, [CATEGORIES[n][0] for n in names])[0]
        case = Case(
            PROCESS, self._stage.number("PR", "requisition", facility.id), facility.id, Random(rng.getrandbits(64))
        )
        cents = int(CATEGORIES[category][1] * 100 * rng.lognormvariate(0.0, 0.8)) + 500
        return Need(case, ObjectRef("requisition", case.id, "subject"), department, category, cents, automatic)

    def _requisition(self, need: Need) -> Steps:
        stage, rng = self._stage, need.case.rng
        requester = "" if need.automatic else rng.choice(need.department.requesters)
        stage.join(need.ref, [need.case])
        yield from self._event(need, "created", requester, via="portal_to_coupa")
        yield stage.now + (20_000_000 if need.automatic else spread(rng, 12 * MINUTE, 1.1, 2 * DAY))
        yield from self._event(need, "submitted", requester, via="portal_to_coupa")
        if need.automatic:
            yield stage.now + spread(rng, MINUTE, 0.4)
            approver: str | None = ""
        else:
            approver = yield from self._decision(need, requester)
        if approver is None:
            return
        yield from self._event(need, "approved", approver)
        yield from self._commit(need)
        yield from self._purchasing.buy(need)

    def _decision(self, need: Need, requester: str) -> Generator[int, None, str | None]:
        """The approver's part, with questions and refusals; who approved, or None."""
        stage, rng = self._stage, need.case.rng
        hours = self._office.hours[need.department.facility.id]
        while True:
            yield from stage.wait(hours, spread(rng, 4 * HOUR, 1.15, 90 * HOUR))
            if rng.random() < _WITHDRAWN:
                yield from self._event(need, "withdrawn", requester)
                return None
            if rng.random() < _ASKED:
                yield from self._question(need, requester)
            done, approver = self._office.decide(need.department, stage.now, spread(rng, 14 * MINUTE, 0.5))
            yield done
            if need.cents > 100_000:
                yield from self._second_opinion(need, requester)
            if rng.random() >= _REJECTED:
                return approver
            yield from self._event(need, "rejected", approver, reason=rng.choice(_REASONS))
            if rng.random() >= _RESUBMITTED:
                return None
            yield from stage.wait(hours, spread(rng, 5 * HOUR, 0.8, 60 * HOUR))
            yield from self._event(need, "submitted", requester, via="portal_to_coupa")

    def _question(self, need: Need, requester: str) -> Steps:
        hours = self._office.hours[need.department.facility.id]
        yield from self._event(need, "info_requested", need.department.approvers[0])
        yield from self._stage.wait(hours, spread(need.case.rng, 6 * HOUR, 0.9, 80 * HOUR))
        yield from self._event(need, "info_provided", requester)
        yield from self._stage.wait(hours, spread(need.case.rng, HOUR, 0.7))

    def _second_opinion(self, need: Need, requester: str) -> Steps:
        """A further approval step for larger amounts: events of its own object."""
        stage = self._stage
        place = need.department.facility.id
        number = stage.number("AS", "approval_step", place, parent=need.case.id)
        step = ObjectRef("approval_step", number, "subject")
        approver = need.department.approvers[-1]
        level = self._misdeeds.level(need.case.id, need.cents)
        attributes = {**need.attributes, "step": level, "approver": approver}
        stage.join(step, [need.case])
        about = (step, ObjectRef("requisition", need.case.id, "document"))
        yield from stage.perform(Step("approval_step.requested.v1", COUPA, about, (), attributes))
        done, actor = self._office.decide(need.department, stage.now, spread(need.case.rng, 9 * MINUTE, 0.5))
        yield done
        actor = self._misdeeds.approver(need.case.id, requester, actor)
        yield from stage.perform(Step("approval_step.approved.v1", COUPA, about, (), attributes, actor=actor))

    def _commit(self, need: Need) -> Steps:
        commitment = ObjectRef("commitment", self._stage.number("CM", "commitment", need.case.facility), "subject")
        self._stage.join(commitment, [need.case])
        objects = (commitment, ObjectRef("requisition", need.case.id, "document"), need.cost_center)
        step = Step(
            "commitment.posted.v1",
            S4,
            objects,
            (),
            need.attributes,
            money(need.cents),
            via="coupa_to_s4_budget",
            key=objects[1],
        )
        yield from self._stage.perform(step)

    def _event(self, need: Need, what: str, actor: str, via: str = "", reason: str = "") -> Steps:
        attributes = {**need.attributes, "reason": reason} if reason else need.attributes
        objects = (need.ref, need.cost_center)
        amount = money(need.cents) if what in ("created", "submitted") else None
        step = Step(f"requisition.{what}.v1", COUPA, objects, (what,), attributes, amount, actor, via)
        yield from self._stage.perform(step)
