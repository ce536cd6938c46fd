"""What a run of the simulator is made from: equal plans give equal bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from metrics.words import DAY, HOUR, MINUTE

FEED = "simulator"


@dataclass(frozen=True, slots=True)
class CarrierShares:
    """How a traced step tells which business object it serves; shares of 1.

    `missing` is the share of contexts lost on the way whatever was meant: neither header nor key arrives.
    `span_link`, `derived`: the only proof is a link to a carried trace, or a trace id computed from the case.
    `decoy`: attributes that look like a key and name something else.
    """

    traceparent: float = 0.27
    keys: float = 0.22
    both: float = 0.24
    baggage: float = 0.10
    span_link: float = 0.06
    derived: float = 0.04
    neither: float = 0.04
    decoy: float = 0.03
    missing: float = 0.03


@dataclass(frozen=True, slots=True)
class Disorder:
    """How delivery differs from the order of event time; shares of 1, delays in microseconds."""

    late: float = 0.01
    late_at_most: int = 6 * HOUR
    duplicates: float = 0.005
    duplicate_within: int = 20 * MINUTE


NO_DISORDER = Disorder(late=0.0, duplicates=0.0)

#: By name: `small` is for showing, `harsh` (10 % late, 5 % twice, 20 % of the contexts missing) for testing.
DISORDERS: Mapping[str, tuple[CarrierShares, Disorder]] = {
    "none": (CarrierShares(missing=0.0), NO_DISORDER),
    "small": (CarrierShares(), Disorder()),
    "harsh": (
        CarrierShares(missing=0.20),
        Disorder(late=0.10, late_at_most=48 * HOUR, duplicates=0.05, duplicate_within=HOUR),
    ),
}


LONGEST_DAYS = 365
"""Of a history."""


@dataclass(frozen=True, slots=True)
class SimulationPlan:
    """Seed, anchor (microseconds UTC; history ends there) and size of a simulated hospital group.

    `load` scales all arrivals and staff of the history, `speed` those after the anchor.
    `live_rate` bounds the messages a second sent live: an in-memory broker keeps what it is sent.
    `silences`: systems fall silent for hours, and nightly files get lost.
    `native`: the group's products tell what happens in their own dialects; else events are canonical as they are sent.
    `native_days`: so many days before the anchor the products were connected. What is older was loaded, and what is
    about an object of that time goes on being told canonically.
    """

    seed: int
    anchor: int
    days: int = 90
    load: float = 1.0
    speed: float = 1.0
    live_rate: float = 40.0
    carriers: CarrierShares = field(default_factory=CarrierShares)
    disorder: Disorder = field(default_factory=Disorder)
    faults: bool = True
    silences: bool = False
    native: bool = False
    native_days: int = LONGEST_DAYS
    span_partitions: int = 4
    spans_per_message: int = 150

    @property
    def connected(self) -> int:
        """When the products were connected, microseconds UTC."""
        return self.anchor - self.native_days * DAY

    @property
    def start(self) -> int:
        """When history begins, microseconds UTC."""
        return self.anchor - self.days * DAY
