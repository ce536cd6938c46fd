"""Budgets of the group: what each cost centre may commit and spend on agency labour in a month, told before it begins.

They come beside the play: with numbers, ids and luck of their own, so that nothing else happens otherwise with them.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from metrics.words import DAY, SECOND, Event, ObjectRef
from streams.simulator.clockwork import micros, moment
from streams.simulator.plan import FEED
from streams.simulator.stage import Stage
from streams.simulator.step import Steps, money
from streams.simulator.world import Department, World

S4 = "/sap-s4/prod"
KINDS = {"budget": 4_100_000, "labour_budget": 1_050_000}
"""US dollars a month for the whole group at load 1: about what a history comes to."""
_UTC = ZoneInfo("UTC")
_SET_ON, _REVISED_ON = 25, 12
_REVISED, _SPREAD = 0.04, (0.82, 1.22)
_COST_CENTERS_EXIST = 10 * DAY
"""After the start: the last cost centres are created in the second week."""
_STEP = 100_00


class Budgets:
    """Tells the budgets of every month on the 25th before it; some are revised when the month is under way."""

    def __init__(self, stage: Stage, world: World, tag: str) -> None:
        self._stage = stage
        self._world = world
        self._tag = tag
        self._told = 0

    def open(self) -> None:
        """Begin with the month in which the history begins."""
        self._stage.start(self._months(), self._stage.plan.start + _COST_CENTERS_EXIST)

    def _months(self) -> Steps:
        month = moment(self._stage.plan.start).date().replace(day=1)
        while True:
            decided = micros(datetime.combine(_before(month).replace(day=_SET_ON), time(9), _UTC))
            yield max(decided, self._stage.now + SECOND)
            for place, kind in self._lines():
                self._tell(place, kind, month, revised=False)
            yield max(
                micros(datetime.combine(month.replace(day=_REVISED_ON), time(14), _UTC)), self._stage.now + SECOND
            )
            for place, kind in self._lines():
                if self._luck(place, kind, month).random() < _REVISED:
                    self._tell(place, kind, month, revised=True)
            month = _after(month)

    def _lines(self) -> Iterator[tuple[Department, str]]:
        return ((place, kind) for place in self._world.departments for kind in KINDS)

    def _luck(self, place: Department, kind: str, month: date) -> Random:
        return Random(f"budgets/{self._stage.plan.seed}/{place.cost_center}/{kind}/{month:%Y-%m}")

    def _tell(self, place: Department, kind: str, month: date, revised: bool) -> None:
        share = dict(zip(self._world.departments, self._world.weights(), strict=True))
        rng = self._luck(place, kind, month)
        rng.random()
        factor = rng.uniform(*_SPREAD) * (1.15 if revised else 1.0)
        whole = KINDS[kind] * 100 * self._stage.plan.load * share[place] / sum(share.values())
        cents = max(round(whole * factor / _STEP), 1) * _STEP
        self._told += 1
        self._stage.announce(self._event(place, kind, month, cents))

    def _event(self, place: Department, kind: str, month: date, cents: int) -> Event:
        now = self._stage.now - self._stage.now % SECOND
        own = ObjectRef(
            kind, f"{'LB' if kind == 'labour_budget' else 'BG'}-{self._tag}-{place.cost_center}-{month:%Y%m}", "subject"
        )
        attributes = {
            "facility": place.facility.id,
            "department": place.name,
            "cost_center": place.cost_center,
            "legal_entity": f"10{self._world.facilities.index(place.facility) + 1}0",
        }
        return Event(
            id=f"sim-{self._tag}-B{self._told:06d}", type=f"{kind}.set.v1", activity=f"{kind}.set.v1", time=now,
            source=S4,
            objects=(own, ObjectRef("cost_center", place.cost_center, "of")), origin="", position=0,
            subject=f"{own.type}/{own.id}", feed=FEED, sequence=self._told, recorded=self._stage.now,
            attributes=attributes, amount=money(cents), simulated=True, effective_date=month.isoformat(),
        )  # fmt: skip


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
