"""Employee onboarding: three lines that run side by side from the hire, and meet when the worker is ready."""

from dataclasses import dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE, SECOND, ObjectRef
from streams.simulator.flaws import MISSING, Flaws
from streams.simulator.offboarding import BEGINS, Leaver, Offboarding
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.people import AccountHolder, called, wanted_permissions
from streams.simulator.processes import OFFBOARDING, ONBOARDING, PARTS
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import UNTRAINED
from streams.simulator.world import Department, Facility

WORKDAY, IDENTITY, S4, LMS = "/workday/prod", "/identity/prod", "/sap-s4/prod", "/lms/prod"
CREDENTIALS, SERVICE = "/credentialing/prod", "/servicenow/prod"

_A_DAY = 17.0
_LINES = 3
_CONTINGENT, _POSITION_ASKED = 0.28, 0.4
_FATES = {"rescinded": 0.03, "left": 0.012, "leaves": 0.08, "stays": 0.878}
"""Taken back, or gone before being ready; gone some weeks later; neither."""
_ACCOUNT_FAILED, _CREDENTIAL_REFUSED, _NOT_PROPAGATED = 0.07, 0.13, 0.015


@dataclass(slots=True)
class Hire:
    """One new worker, hired at `since`; `open` counts the lines not through; once `over`, nothing more comes.

    `leaver`: its parting, where its `fate` is to leave.
    """

    case: Case
    person: AccountHolder
    department: Department
    fate: str
    leaver: Leaver | None = None
    since: int = 0
    ticket: ObjectRef | None = None
    open: int = _LINES
    over: bool = False

    def cases_of(self, kind: str) -> list[Case]:
        """Its cases that objects of a type belong to."""
        cases = [self.case] if self.leaver is None else [self.case, self.leaver.case]
        return [case for case in cases if kind in PARTS[case.process]]


class Onboarding:
    """Hires workers and takes each through account, permissions, credentials and training."""

    def __init__(self, stage: Stage, office: Office, flaws: Flaws, offboarding: Offboarding) -> None:
        self._stage = stage
        self._office = office
        self._flaws = flaws
        self._offboarding = offboarding

    def open(self) -> None:
        """Start hiring at every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._hiring(facility))

    def _hiring(self, facility: Facility) -> Steps:
        rng = Random(f"hiring/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            self._stage.start(self._hire(self._new(facility, rng)))

    def _new(self, facility: Facility, rng: Random) -> Hire:
        case = Case(ONBOARDING, self._stage.number("W"), facility.id, Random(rng.getrandbits(64)))
        department = self._office.department(facility, rng)
        kind = "contingent" if rng.random() < _CONTINGENT else "employee"
        person = AccountHolder.of(case.id, department, kind)
        (fate,) = case.rng.choices(list(_FATES), list(_FATES.values()))
        hire = Hire(case, person, department, fate)
        if fate in ("left", "leaves"):
            parting = Case(OFFBOARDING, case.id, facility.id, Random(case.rng.getrandbits(64)), BEGINS)
            hire.leaver = Leaver(parting, person)
        return hire

    def _hire(self, hire: Hire) -> Steps:
        stage, rng = self._stage, hire.case.rng
        stage.join(hire.person.worker, hire.cases_of("worker"))
        position = hire.person.position = ObjectRef("position", stage.number("POS"), "subject")
        if rng.random() < _POSITION_ASKED:
            yield from self._position(hire, position)
        done, actor = self._office.serve("human_resources", stage.now, spread(rng, 30 * MINUTE, 0.5))
        yield done
        stage.join(position, hire.cases_of("position"))  # only the hire binds the position to the worker
        hired = (hire.person.subject, ObjectRef("position", position.id, "position"), hire.person.cost_center)
        yield from self._event(hire, "worker.hired.v1", WORKDAY, hired, "hired", actor)
        hire.since = stage.happened
        yield stage.now + spread(rng, 5 * MINUTE, 0.8)
        yield from self._event(
            hire, "position.assigned.v1", WORKDAY, (position, hire.person.worker), "position_assigned", actor
        )
        for line in (self._access(hire), self._clearance(hire), self._learning(hire)):
            stage.start(line)
        stage.start(self._case_of_hr(hire))
        stage.start(self._flaws.copied(hire.person.worker, hire.person.attributes, Random(rng.getrandbits(64))))
        if hire.fate in ("rescinded", "left"):
            yield stage.now + spread(rng, 6 * DAY, 0.7, 40 * DAY)
            if not hire.over:
                hire.over = True
                yield from self._end(hire, actor)

    def _end(self, hire: Hire, actor: str) -> Steps:
        if hire.leaver is not None:
            yield from self._offboarding.leave(hire.leaver)
            return
        yield from self._event(hire, "worker.rescinded.v1", WORKDAY, (hire.person.subject,), "rescinded", actor)

    def _case_of_hr(self, hire: Hire) -> Steps:
        """HR opens a case for the new worker."""
        yield self._stage.now + spread(hire.case.rng, 15 * MINUTE, 0.6)
        hire.ticket = ObjectRef("ticket", self._stage.number("TK", "ticket", hire.case.facility), "subject")
        yield from self._on_ticket(hire, "opened")

    def _on_ticket(self, hire: Hire, what: str) -> Steps:
        if hire.ticket is not None:
            objects, place = (hire.ticket, hire.person.worker), {"facility": hire.case.facility}
            yield from self._stage.perform(Step(f"ticket.{what}.v1", SERVICE, objects, (), place))

    def _position(self, hire: Hire, position: ObjectRef) -> Steps:
        """The position is asked for before anybody knows who will hold it."""
        for what in ("requested", "approved"):
            step = Step(f"position.{what}.v1", WORKDAY, (position, hire.person.cost_center), (), hire.person.attributes)
            yield from self._stage.perform(step)
            yield from self._stage.wait(self._office.hours[hire.case.facility], spread(hire.case.rng, 9 * HOUR, 0.8))

    def _access(self, hire: Hire) -> Steps:
        stage, rng = self._stage, hire.case.rng
        if rng.random() < _NOT_PROPAGATED:  # the message to the identity provider never leaves the HR system
            self._flaws.tell(MISSING, [("worker", hire.case.id)], [IDENTITY], hire.since, field="account")
            return
        account = hire.person.account = self._own(hire, "user_account", "UA")
        objects = (account, hire.person.worker)
        yield stage.now + spread(rng, 20 * MINUTE, 0.9)
        yield from self._event(hire, "user_account.requested.v1", IDENTITY, objects, "account_requested")
        while rng.random() < _ACCOUNT_FAILED and not hire.over:
            yield stage.now + spread(rng, 20 * MINUTE, 0.8)
            reason = {"reason": "login name taken"}
            yield from self._event(hire, "user_account.failed.v1", IDENTITY, objects, "account_failed", more=reason)
            yield from stage.wait(self._office.hours[hire.case.facility], spread(rng, 4 * HOUR, 0.7))
        yield stage.now + spread(rng, 25 * MINUTE, 0.9)
        yield from self._event(
            hire, "user_account.created.v1", IDENTITY, objects, "account_created", via="workday_to_identity"
        )
        yield from stage.wait(self._office.hours[hire.case.facility], spread(rng, int(3.5 * HOUR), 0.9))
        center = (hire.person.subject, hire.person.cost_center)
        yield from self._event(
            hire, "cost_center.assigned.v1", S4, center, "cost_center_assigned", via="workday_to_s4_worker"
        )
        yield from self._permissions(hire, account)
        chain = self._own(hire, "approval_chain", "AC")
        yield from stage.wait(self._office.hours[hire.case.facility], spread(rng, 3 * HOUR, 0.8))
        yield from self._event(hire, "approval_chain.assigned.v1", S4, (chain, hire.person.worker), "approval_chain")
        yield from self._through(hire)

    def _permissions(self, hire: Hire, account: ObjectRef) -> Steps:
        for permission in wanted_permissions(hire.department):
            if hire.over:
                return
            grant = hire.person.grant(self._stage, permission)
            self._stage.join(grant, hire.cases_of("access_grant"))
            objects = (grant, hire.person.worker, ObjectRef("user_account", account.id, "account"))
            more, milestone = {"permission": permission}, f"{called(permission)}_access"
            yield self._stage.now + spread(hire.case.rng, 50 * MINUTE, 1.0)
            yield from self._event(
                hire, "access.granted.v1", IDENTITY, objects, milestone, more=more, via="servicenow_to_identity"
            )

    def _clearance(self, hire: Hire) -> Steps:
        stage, rng = self._stage, hire.case.rng
        hours = self._office.hours[hire.case.facility]
        credential = self._own(hire, "credential", "CR")
        objects, more = (credential, hire.person.worker), {"credential_kind": "license"}
        yield from stage.wait(hours, spread(rng, 4 * HOUR, 0.8))
        yield from self._event(hire, "credential.requested.v1", CREDENTIALS, objects, "credential_requested", more=more)
        while not hire.over:
            yield stage.now + spread(rng, 3 * DAY, 0.7, 30 * DAY)
            yield from self._event(
                hire, "credential.submitted.v1", CREDENTIALS, objects, "credential_submitted", more=more
            )
            yield from stage.wait(hours, spread(rng, 24 * HOUR, 0.8, 250 * HOUR))
            done, actor = self._office.serve("credentialing", stage.now, spread(rng, 70 * MINUTE, 0.6))
            yield done
            refused = rng.random() < _CREDENTIAL_REFUSED
            what, milestone = ("rejected", "credential_rejected") if refused else ("verified", "credential_verified")
            yield from self._event(
                hire, f"credential.{what}.v1", CREDENTIALS, objects, milestone, actor, more, via="registry_lookup"
            )
            if not refused:
                break
        yield from self._through(hire)

    def _learning(self, hire: Hire) -> Steps:
        stage, rng = self._stage, hire.case.rng
        training = self._own(hire, "training", "TR")
        objects, more = (training, hire.person.worker), {"course": "privacy_and_safety"}
        yield stage.now + spread(rng, 3 * HOUR, 0.9)
        yield from self._event(
            hire, "training.assigned.v1", LMS, objects, "training_assigned", more=more, via="workday_to_lms"
        )
        yield stage.now + spread(rng, 9 * DAY, 0.7, 70 * DAY)
        if not hire.over and not stage.strays(UNTRAINED, hire.person.worker, [hire.case]):
            yield from self._event(hire, "training.completed.v1", LMS, objects, "training_completed", more=more)
        yield from self._through(hire)

    def _through(self, hire: Hire) -> Steps:
        """One line is through; the last one makes the worker ready."""
        hire.open -= 1
        if hire.open or hire.over:
            return
        yield self._stage.now + spread(hire.case.rng, 30 * MINUTE, 0.8) + SECOND
        if hire.over:
            return
        hire.over = True
        subject = (hire.person.subject,)
        yield from self._event(hire, "worker.ready.v1", WORKDAY, subject, "ready", via="workday_to_ukg")
        yield self._stage.now + spread(hire.case.rng, 10 * MINUTE, 0.6)
        yield from self._on_ticket(hire, "closed")
        if hire.leaver is not None:
            yield self._stage.now + spread(hire.case.rng, 15 * DAY, 0.6, 60 * DAY)
            yield from self._offboarding.leave(hire.leaver)

    def _own(self, hire: Hire, kind: str, prefix: str) -> ObjectRef:
        """A new object that belongs to this worker alone."""
        ref = ObjectRef(kind, self._stage.number(prefix), "subject")
        self._stage.join(ref, hire.cases_of(kind))
        return ref

    def _event(
        self,
        hire: Hire,
        kind: str,
        source: str,
        objects: tuple[ObjectRef, ...],
        milestone: str,
        actor: str = "",
        more: dict[str, str] | None = None,
        via: str = "",
    ) -> Steps:
        attributes = {**hire.person.attributes, **more} if more else hire.person.attributes
        step = Step(kind, source, objects, (milestone,), attributes, None, actor, via, process=ONBOARDING)
        yield from self._stage.perform(step)
