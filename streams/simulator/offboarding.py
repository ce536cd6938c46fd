"""Employee offboarding: whoever leaves must lose account and permissions in time, and make room for somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from metrics.words import DAY, HOUR, MINUTE, ObjectRef
from streams.simulator.office import Arrivals, Office, spread
from streams.simulator.people import AccountHolder, called
from streams.simulator.processes import OFFBOARDING
from streams.simulator.stage import Stage
from streams.simulator.step import Case, Step, Steps
from streams.simulator.strays import SEAT_KEPT
from streams.simulator.world import Facility

WORKDAY, IDENTITY = "/workday/prod", "/identity/prod"
BEGINS = "terminated"

_A_DAY = 5.0
_LINES = 2
_FORGOTTEN, _BY_HAND = 0.03, 0.12


@dataclass(slots=True)
class Leaver:
    """Somebody whose employment ends; `open` counts the lines not through."""

    case: Case
    person: AccountHolder
    open: int = field(default=_LINES)


class Offboarding:
    """Lets people go whom the group has known for years, and those whom it hired a while ago."""

    def __init__(self, stage: Stage, office: Office) -> None:
        self._stage = stage
        self._office = office

    def open(self) -> None:
        """Start the partings of every facility."""
        for facility in self._office.world.facilities:
            self._stage.start(self._partings(facility))

    def _partings(self, facility: Facility) -> Steps:
        rng = Random(f"leaving/{self._stage.plan.seed}/{facility.id}")
        arrivals = Arrivals(self._stage, self._office, facility, _A_DAY, rng)
        while True:
            yield from arrivals.next()
            self._stage.start(self.leave(self._long_known(facility, rng)))

    def _long_known(self, facility: Facility, rng: Random) -> Leaver:
        """Somebody with an account, permissions and a position from before the history."""
        stage, department = self._stage, self._office.department(facility, rng)
        case = Case(OFFBOARDING, stage.number("W"), facility.id, Random(rng.getrandbits(64)))
        person = AccountHolder.of(case.id, department, "employee")
        person.equip(stage, department)
        for ref in person.objects:
            stage.join(ref, [case])
        return Leaver(case, person)

    def leave(self, leaver: Leaver) -> Steps:
        """From the end of employment, as HR tells it, until nothing is left to do."""
        stage, rng, person = self._stage, leaver.case.rng, leaver.person
        done, actor = self._office.serve("human_resources", stage.now, spread(rng, 20 * MINUTE, 0.5))
        yield done
        named = (person.subject, person.cost_center)
        step = Step("worker.terminated.v1", WORKDAY, named, (BEGINS,), person.attributes, None, actor)
        yield from stage.perform(step)  # no step of the offboarding alone: it may end an onboarding too
        if rng.random() >= _FORGOTTEN:  # else the message to the identity provider never leaves the HR system
            stage.start(self._access(leaver))
        stage.start(self._seat(leaver))

    def _access(self, leaver: Leaver) -> Steps:
        """The account at once, by the interface; the permissions one by one, some of them by people."""
        stage, rng, person = self._stage, leaver.case.rng, leaver.person
        hours = self._office.hours[leaver.case.facility]
        yield stage.now + spread(rng, 40 * MINUTE, 1.0, 3 * DAY)
        if person.account is not None:
            yield from self._event(
                leaver, "user_account.disabled.v1", IDENTITY, (person.account, person.worker), "account_disabled",
                via="workday_to_identity",
            )  # fmt: skip
        for permission, grant in tuple(person.grants.items()):
            if rng.random() < _BY_HAND:
                yield from stage.wait(hours, spread(rng, 6 * HOUR, 0.9, 60 * HOUR))
            yield stage.now + spread(rng, 15 * MINUTE, 0.8)
            yield from self._event(
                leaver, "access.revoked.v1", IDENTITY, (grant, person.worker), f"{called(permission)}_revoked",
                more={"permission": permission}, via="servicenow_to_identity",
            )  # fmt: skip
        yield stage.now + spread(rng, 10 * MINUTE, 0.6)
        yield from self._event(leaver, "worker.access_removed.v1", WORKDAY, (person.subject,), "access_removed")
        yield from self._through(leaver)

    def _seat(self, leaver: Leaver) -> Steps:
        stage, person = self._stage, leaver.person
        yield from stage.wait(self._office.hours[leaver.case.facility], spread(leaver.case.rng, 7 * HOUR, 0.8))
        kept = stage.strays(SEAT_KEPT, person.worker, [leaver.case])
        if person.position is not None and not kept:
            yield from self._event(
                leaver, "position.vacated.v1", WORKDAY, (person.position, person.worker), "position_vacated"
            )
        yield from self._through(leaver)

    def _through(self, leaver: Leaver) -> Steps:
        """One line is through; HR closes the file after the last one, when the final pay is settled."""
        leaver.open -= 1
        if leaver.open:
            return
        stage, rng = self._stage, leaver.case.rng
        yield stage.now + spread(rng, 4 * DAY, 0.5, 30 * DAY)
        done, actor = self._office.serve("human_resources", stage.now, spread(rng, 15 * MINUTE, 0.5))
        yield done
        yield from self._event(
            leaver, "worker.offboarded.v1", WORKDAY, (leaver.person.subject,), "offboarded", actor=actor
        )

    def _event(
        self,
        leaver: Leaver,
        kind: str,
        source: str,
        objects: tuple[ObjectRef, ...],
        milestone: str,
        more: Mapping[str, str] | None = None,
        actor: str = "",
        via: str = "",
    ) -> Steps:
        attributes = {**leaver.person.attributes, **more} if more else leaver.person.attributes
        step = Step(kind, source, objects, (milestone,), attributes, None, actor, via, process=OFFBOARDING)
        yield from self._stage.perform(step)
