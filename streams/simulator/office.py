"""The offices of the group: opening hours per facility, desks of limited staff, and demand by the hour."""

from random import Random

from metrics.words import DAY, SECOND
from streams.simulator.clockwork import Desk, OfficeHours, moment
from streams.simulator.plan import SimulationPlan
from streams.simulator.stage import Stage
from streams.simulator.step import Steps
from streams.simulator.world import Department, Facility, World

_WORKDAYS = range(5)
_NIGHT, _WEEKEND = 0.10, 0.14


class Office:
    """Who works where and when. Desks serve the whole group; approvers sit in their own department."""

    def __init__(self, plan: SimulationPlan, world: World) -> None:
        self._plan = plan
        self.world = world
        self.hours = {
            place.id: OfficeHours(place.zone.key, _WORKDAYS, 8, 17, place.is_holiday, plan.start)
            for place in world.facilities
        }
        headquarters = self.hours[world.facilities[0].id]
        self._desks = {name: Desk(headquarters, staff) for name, staff in world.staff.items()}
        self._approvers = {
            place.cost_center: Desk(self.hours[place.facility.id], place.approvers) for place in world.departments
        }
        self._weights = world.weights()

    def pace(self, at: int) -> float:
        """How much busier than natural the group is at `at`."""
        return self._plan.load * (self._plan.speed if at > self._plan.anchor else 1.0)

    def department(self, facility: Facility, rng: Random) -> Department:
        """A department of the facility, by its share of demand."""
        places = [
            (place, weight)
            for place, weight in zip(self.world.departments, self._weights, strict=True)
            if place.facility is facility
        ]
        return rng.choices([place for place, _ in places], [weight for _, weight in places])[0]

    def serve(self, desk: str, at: int, work: int) -> tuple[int, str]:
        """Queue `work` at a desk: (when it is done, who did it)."""
        return self._desks[desk].serve(at, self._scaled(at, work))

    def decide(self, department: Department, at: int, work: int) -> tuple[int, str]:
        """Queue `work` with the approvers of a department: (when it is done, who did it)."""
        return self._approvers[department.cost_center].serve(at, self._scaled(at, work))

    def _scaled(self, at: int, work: int) -> int:
        return int(work / max(self.pace(at), 1.0))


def demand(facility: Facility, at: int) -> float:
    """How much of the peak demand a facility has at `at`: wards order day and night, offices do not."""
    local = moment(at).astimezone(facility.zone)
    if local.weekday() >= 5 or facility.is_holiday(local.date()):
        return _WEEKEND
    return 1.0 if 7 <= local.hour < 18 else _NIGHT


class Arrivals:
    """A random stream of instants with the rhythm of a facility; `a_day` is the rate of a day at peak."""

    def __init__(self, stage: Stage, office: Office, facility: Facility, a_day: float, rng: Random) -> None:
        self._stage = stage
        self._office = office
        self._facility = facility
        self._rate = a_day * facility.share / DAY
        self._rng = rng

    def next(self, steady: bool = False) -> Steps:
        """Wait for the next instant; `steady` ignores the hour of the day."""
        while True:
            now, anchor = self._stage.now, self._stage.plan.anchor
            resume = now + max(int(self._rng.expovariate(self._rate * self._office.pace(now))), SECOND)
            if now < anchor < resume:  # the pace changes at the anchor, and what was drawn has no memory
                yield anchor + 1
                continue
            yield resume
            if steady or self._rng.random() < demand(self._facility, self._stage.now):
                return


def spread(rng: Random, median: int, sigma: float, most: int = 90 * DAY) -> int:
    """A log-normal amount of time in microseconds, at least a second and at most `most`."""
    return min(max(int(median * rng.lognormvariate(0.0, sigma)), SECOND), most)
