"""Employee change: a transfer takes the old permissions away, brings new ones, and moves the worker's bookings."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.people import AccountHolder, wanted_permissions
from streams.simulator.processes import CHANGE
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import BOTH_PERMISSIONS
from streams.simulator.world import Department, Facility

WORKDAY, IDENTITY, S4 = "/workday/prod", "/identity/prod", "/sap-s4/prod"

_A_DAY = 3.4
_LINES = 2
_BY_HAND, _PROMOTED = 0.2, 0.35


@dataclass(slots=True)
class Move:
    """Somebody on the way into another department or position; `open` counts the lines not through.

    `old`: the permissions to give up, by name.
    """

    case: Case
    person: AccountHolder
    account: ObjectRef
    position: ObjectRef
    old: tuple[tuple[str, ObjectRef], ...]
    old_position: ObjectRef
    new: Department
    open: int = _LINES


class Mobility:
    """Moves workers whom the group has known for years."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office

    def open(self) -> None:
        """Start the changes of every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._changes(facility))

    def _changes(self, facility: Facility) -> Steps:
        rng = Random(f"moving/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            self._stage.start(self._move(self._chosen(facility, rng)))

    def _chosen(self, facility: Facility, rng: Random) -> Move:
        """Somebody with what the old place gave, and the new place; a promotion stays in its department."""
        stage, office = self._stage, self._office
        old = office.department(facility, rng)
        new = old if rng.random() < _PROMOTED else office.department(facility, rng)
        case = Case(CHANGE, stage.number("W"), facility.id, Random(rng.getrandbits(64)))
        before = AccountHolder.of(case.id, old, "employee")
        account, held = before.equip(stage, old)
        position = ObjectRef("position", stage.number("POS"), "subject")
        person = AccountHolder.of(case.id, new, "employee")
        person.account, person.position = account, position
        for ref in (*before.objects, position):
            stage.join(ref, [case])
        given_up = tuple((name, grant) for name, grant in before.grants.items() if name != "erp")
        return Move(case, person, account, position, given_up, held, new)

    def _move(self, move: Move) -> Steps:
        stage, rng, person = self._stage, move.case.rng, move.person
        done, actor = self._office.serve("human_resources", stage.now, spread(rng, 25 * MINUTE, 0.5))
        yield done
        named = (person.subject, ObjectRef("position", move.position.id, "position"), person.cost_center)
        yield from self._event(move, "worker.transferred.v1", WORKDAY, named, "transferred", actor=actor)
        yield stage.now + spread(rng, 6 * MINUTE, 0.7)
        vacated = (move.old_position, person.worker)
        yield from self._event(move, "position.vacated.v1", WORKDAY, vacated, actor=actor)
        yield stage.now + spread(rng, 3 * MINUTE, 0.6)
        taken = (move.position, person.worker)
        yield from self._event(move, "position.assigned.v1", WORKDAY, taken, "position_assigned", actor=actor)
        stage.start(self._access(move))
        stage.start(self._booking(move))

    def _access(self, move: Move) -> Steps:
        """The account moves by the interface, and permissions follow; some of them by people."""
        stage, rng, person = self._stage, move.case.rng, move.person
        yield stage.now + spread(rng, 40 * MINUTE, 0.9)
        yield from self._event(
            move, "user_account.changed.v1", IDENTITY, (move.account, person.worker), "account_changed",
            via="workday_to_identity",
        )  # fmt: skip
        hours = self._office.hours[move.case.facility]
        if rng.random() < _BY_HAND:
            yield from stage.wait(hours, spread(rng, 11 * HOUR, 0.7, 60 * HOUR))
        known = {grant for _, grant in move.old}
        both = stage.strays(BOTH_PERMISSIONS, person.worker, [move.case])
        for (given_up, grant), permission in zip(move.old, wanted_permissions(move.new)[1:], strict=True):
            yield stage.now + spread(rng, 20 * MINUTE, 0.7)
            taken = {"permission": given_up}
            revoked = self._event(move, "access.revoked.v1", IDENTITY, (grant, person.worker), "access_revoked", taken)
            if not both:
                yield from revoked
            fresh = person.grant(stage, permission)
            if fresh not in known:
                known.add(fresh)
                stage.join(fresh, [move.case])
            yield from stage.wait(hours, spread(rng, 70 * MINUTE, 0.9))
            named = (fresh, person.worker, ObjectRef("user_account", move.account.id, "account"))
            yield from self._event(
                move, "access.granted.v1", IDENTITY, named, "access_granted", {"permission": permission},
                via="servicenow_to_identity",
            )  # fmt: skip
            if both:
                yield stage.now + HOUR
                yield from revoked
        yield from self._through(move)

    def _booking(self, move: Move) -> Steps:
        stage, rng, person = self._stage, move.case.rng, move.person
        hours = self._office.hours[move.case.facility]
        yield from stage.wait(hours, spread(rng, 4 * HOUR, 0.9))
        center = (person.subject, person.cost_center)
        yield from self._event(
            move, "cost_center.assigned.v1", S4, center, "cost_center_assigned", via="workday_to_s4_worker"
        )
        yield from stage.wait(hours, spread(rng, 4 * HOUR, 0.8))
        chain = ObjectRef("approval_chain", stage.number("AC"), "subject")
        stage.join(chain, [move.case])
        yield from self._event(move, "approval_chain.assigned.v1", S4, (chain, person.worker), "approval_chain")
        yield from self._through(move)

    def _through(self, move: Move) -> Steps:
        """One line is through; the last one settles the worker."""
        move.open -= 1
        if move.open:
            return
        yield self._stage.now + spread(move.case.rng, 20 * HOUR, 0.7, 10 * DAY)
        yield from self._event(move, "worker.settled.v1", WORKDAY, (move.person.subject,), "settled")

    def _event(
        self,
        move: Move,
        kind: str,
        source: str,
        objects: tuple[ObjectRef, ...],
        milestone: str = "",
        more: Mapping[str, str] | None = None,
        actor: str = "",
        via: str = "",
    ) -> Steps:
        attributes = {**move.person.attributes, **more} if more else move.person.attributes
        reached = (milestone,) if milestone else ()
        step = Step(kind, source, objects, reached, attributes, None, actor, via, process=CHANGE)
        yield from self._stage.perform(step)
