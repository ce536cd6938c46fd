"""Master data of the simulated hospital group: facilities, departments, cost centres, workers, suppliers.

Everything is drawn from the seed alone, so it is the same whatever the anchor time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

import holidays

WORKERS = 3_000
SUPPLIERS = 400

DEPARTMENTS: Mapping[str, float] = {
    "emergency": 1.2,
    "surgery": 1.6,
    "intensive_care": 1.2,
    "pharmacy": 1.1,
    "laboratory": 1.0,
    "imaging": 0.9,
    "oncology": 0.8,
    "maternity": 0.7,
    "rehabilitation": 0.5,
    "facilities_management": 0.8,
    "it": 0.6,
    "administration": 0.5,
}
CATEGORIES: Mapping[str, tuple[float, float]] = {
    # category: (share of requisitions, median amount in US dollars)
    "medical_supplies": (0.42, 480.0),
    "pharmaceuticals": (0.16, 1_900.0),
    "laboratory_reagents": (0.11, 820.0),
    "implants": (0.06, 6_400.0),
    "equipment": (0.05, 14_500.0),
    "maintenance": (0.09, 1_250.0),
    "office": (0.07, 160.0),
    "it_hardware": (0.04, 2_300.0),
}


@dataclass(frozen=True, slots=True)
class Facility:
    """One hospital: its own zone and public holidays; `share` of the group's people and orders."""

    id: str
    title: str
    zone: ZoneInfo
    state: str
    share: float

    def is_holiday(self, day: date) -> bool:
        """Whether offices are closed on `day` although it is a weekday."""
        return day in public_holidays(self.state)


@lru_cache(maxsize=16)
def public_holidays(state: str) -> holidays.HolidayBase:
    """Public holidays of a US state; filled year by year as it is asked."""
    return holidays.country_holidays("US", subdiv=state)


@dataclass(frozen=True, slots=True)
class Department:
    """A department of a facility with the cost centre it books on."""

    facility: Facility
    name: str
    cost_center: str
    requesters: tuple[str, ...]
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier that is active from the first day, with the reliability its orders show."""

    id: str
    category: str
    answer_days: float
    exception_share: float


@dataclass(frozen=True, slots=True)
class World:
    """The group: read-only for a whole run."""

    facilities: tuple[Facility, ...]
    departments: tuple[Department, ...]
    suppliers: Mapping[str, tuple[Supplier, ...]]
    staff: Mapping[str, tuple[str, ...]]
    workers: int

    def weights(self) -> list[float]:
        """Share of demand of each department, in the order of `departments`."""
        return [place.facility.share * DEPARTMENTS[place.name] for place in self.departments]


FACILITIES = (
    Facility("north", "North General", ZoneInfo("America/New_York"), "NY", 0.30),
    Facility("south", "South Regional", ZoneInfo("America/Chicago"), "TX", 0.22),
    Facility("west", "West Coast Medical", ZoneInfo("America/Los_Angeles"), "CA", 0.20),
    Facility("mountain", "Mountain Community", ZoneInfo("America/Denver"), "CO", 0.12),
    Facility("children", "Children's Hospital", ZoneInfo("America/New_York"), "MA", 0.16),
)

_DESK_STAFF = {
    # people at the desks that serve the whole group
    "buying": 10,
    "receiving": 9,
    "payables": 9,
    "human_resources": 4,
    "credentialing": 3,
    "supplier_desk": 3,
    "compliance": 2,
    "treasury": 3,
}


def build_world(seed: int) -> World:
    """Draw the group's master data from `seed`."""
    rng = Random(f"world/{seed}")
    names = iter(f"W-{100_000 + number}" for number in range(WORKERS))
    staff = {desk: tuple(next(names) for _ in range(count)) for desk, count in _DESK_STAFF.items()}
    weight = sum(DEPARTMENTS.values())
    people = WORKERS - sum(_DESK_STAFF.values())
    departments = []
    for number, facility in enumerate(FACILITIES, start=1):
        for place, (name, size) in enumerate(DEPARTMENTS.items(), start=1):
            count = max(int(people * facility.share * size / weight), 6)
            members = tuple(name for _, name in zip(range(count), names, strict=False))
            approvers = max(len(members) // 12, 1)
            cost_center = f"CC-{number}{place:02d}0"
            departments.append(Department(facility, name, cost_center, members[approvers:], members[:approvers]))
    return World(FACILITIES, tuple(departments), _suppliers(rng), staff, WORKERS)


def _suppliers(rng: Random) -> dict[str, tuple[Supplier, ...]]:
    found: dict[str, list[Supplier]] = {category: [] for category in CATEGORIES}
    kinds = list(CATEGORIES)
    for number in range(SUPPLIERS):
        category = kinds[number % len(kinds)]
        answer = rng.lognormvariate(0.0, 0.6)
        trouble = min(rng.lognormvariate(-2.6, 0.7), 0.5)
        found[category].append(Supplier(f"S-{20_000 + number}", category, answer, trouble))
    return {category: tuple(members) for category, members in found.items()}
