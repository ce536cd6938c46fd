"""Faults that the simulation injects on purpose, with their schedule: part of the ground truth."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from random import Random

from metrics.words import DAY, HOUR, MINUTE
from streams.simulator.interfaces import INTERFACES
from streams.simulator.plan import SimulationPlan

OUTAGE = "outage"
EXPIRED_CREDENTIAL = "expired_credential"
SLOW_QUEUE = "slow_queue"
MAPPING_ERROR = "mapping_error"
DUPLICATE_SENDER = "duplicate_sender"
LATE_BATCH = "late_batch"

_LIVE_WEEKS = 104
_WEEKLY = (
    # kind, chance a week, shortest and longest duration in hours
    (OUTAGE, 0.9, 1.5, 5.0),
    (EXPIRED_CREDENTIAL, 0.5, 3.0, 11.0),
    (SLOW_QUEUE, 0.8, 4.0, 20.0),
    (MAPPING_ERROR, 0.6, 3.0, 10.0),
    (DUPLICATE_SENDER, 0.4, 2.0, 8.0),
    (LATE_BATCH, 0.5, 4.0, 12.0),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one interface, from `start` until before `end` (microseconds UTC).

    `delay`: how long a slow queue or a late batch holds a message back, microseconds; else 0.
    """

    id: str
    kind: str
    interface: str
    start: int
    end: int
    delay: int = 0

    def record(self) -> dict[str, object]:
        """The fault as a line of the truth file."""
        return {"record": "fault", **asdict(self)}


class FaultSchedule:
    """All faults of a run, asked by interface and instant."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.start, fault.id)))
        self._by_interface: dict[str, list[Fault]] = {}
        for fault in self.faults:
            self._by_interface.setdefault(fault.interface, []).append(fault)

    def active(self, interface: str, at: int) -> Fault | None:
        """The fault that hits `interface` at `at`, the latest started if several do."""
        for fault in reversed(self._by_interface.get(interface, ())):
            if fault.start <= at < fault.end:
                return fault
        return None


def schedule_faults(plan: SimulationPlan) -> FaultSchedule:
    """Faults of the history and of two years after the anchor; some are under way at the anchor."""
    if not plan.faults:
        return FaultSchedule(())
    faults = list(_around_anchor(plan.anchor))
    names = sorted(INTERFACES)
    for week in range(plan.days // 7 + 1 + _LIVE_WEEKS):
        rng = Random(f"faults/{plan.seed}/{week}")
        begin = plan.start + week * 7 * DAY
        for kind, chance, shortest, longest in _WEEKLY:
            if rng.random() >= chance:
                continue
            start = begin + int(rng.uniform(0, 7) * DAY)
            length = int(rng.uniform(shortest, longest) * HOUR)
            delay = int(rng.uniform(20, 90) * MINUTE) if kind in (SLOW_QUEUE, LATE_BATCH) else 0
            faults.append(Fault(f"F-{week:03d}-{kind}", kind, rng.choice(names), start, start + length, delay))
    return FaultSchedule(faults)


def _around_anchor(anchor: int) -> Iterable[Fault]:
    yield Fault("F-now-outage", OUTAGE, "coupa_to_s4_order", anchor - 70 * MINUTE, anchor + 45 * MINUTE)
    slow = (anchor - 5 * HOUR, anchor + 3 * HOUR)
    yield Fault("F-now-slow", SLOW_QUEUE, "workday_to_identity", *slow, 55 * MINUTE)
    expired = (anchor - 26 * HOUR, anchor - 17 * HOUR)
    yield Fault("F-now-expired", EXPIRED_CREDENTIAL, "s4_to_bank", *expired)
