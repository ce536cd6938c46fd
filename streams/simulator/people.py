"""What a worker holds: an account, permissions and a position, all of them to be given back one day."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from metrics.words import ObjectRef
from streams.simulator.stage import Stage
from streams.simulator.world import Department

_CLINICAL = frozenset({"emergency", "surgery", "intensive_care", "oncology", "maternity", "rehabilitation"})


def wanted_permissions(department: Department) -> tuple[str, ...]:
    """The permissions that somebody of a department needs."""
    return ("erp", "procurement", "clinical" if department.name in _CLINICAL else "scheduling")


def called(permission: str) -> str:
    """What the milestones call a permission: wards and rosters count as one."""
    return "clinical" if permission in ("clinical", "scheduling") else permission


@dataclass(slots=True)
class AccountHolder:
    """A worker with all that it has been given so far."""

    worker: ObjectRef
    cost_center: ObjectRef
    attributes: dict[str, str]
    account: ObjectRef | None = None
    position: ObjectRef | None = None
    grants: dict[str, ObjectRef] = field(default_factory=dict)

    @staticmethod
    def of(number: str, department: Department, kind: str) -> "AccountHolder":
        """A worker of a department, an `employee` or a `contingent` one, with nothing yet."""
        attributes = {
            "facility": department.facility.id,
            "department": department.name,
            "cost_center": department.cost_center,
            "worker_class": kind,
        }
        center = ObjectRef("cost_center", department.cost_center, "booked_on")
        return AccountHolder(ObjectRef("worker", number, "worker"), center, attributes)

    @property
    def subject(self) -> ObjectRef:
        """The worker, where an event is about nothing else."""
        return ObjectRef("worker", self.worker.id, "subject")

    @property
    def facility(self) -> str:
        return self.attributes["facility"]

    @property
    def objects(self) -> Iterator[ObjectRef]:
        """The worker, and what it has."""
        yield self.worker
        yield from (ref for ref in (self.account, self.position) if ref is not None)
        yield from self.grants.values()

    def equip(self, stage: Stage, department: Department) -> tuple[ObjectRef, ObjectRef]:
        """Give it what somebody has who came before the history: its account and position, and permissions."""
        self.account = ObjectRef("user_account", stage.number("UA"), "subject")
        self.position = ObjectRef("position", stage.number("POS"), "subject")
        for permission in wanted_permissions(department):
            self.grant(stage, permission)
        return self.account, self.position

    def grant(self, stage: Stage, permission: str) -> ObjectRef:
        """A new permission of its account."""
        account = self.account.id if self.account else ""
        number = stage.number("AG", "access", self.facility, permission=permission, account=account)
        ref = self.grants[permission] = ObjectRef("access_grant", number, "subject")
        return ref
