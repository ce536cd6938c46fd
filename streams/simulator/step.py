"""What a process module says: cases, and the steps that happen in them."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from metrics.words import Amount, ObjectRef

Steps = Generator[int, None, None]
"""A running piece of the simulation: yields the instants (microseconds UTC) at which it goes on."""


class Case:
    """One run of a process, with the truth about it: `occurred` holds (time, milestone) in time order."""

    __slots__ = ("facility", "id", "occurred", "process", "rng")

    def __init__(self, process: str, identity: str, facility: str, rng: Random) -> None:
        self.process = process
        self.id = identity
        self.facility = facility
        self.rng = rng
        self.occurred: list[tuple[int, str]] = []


@dataclass(frozen=True, slots=True)
class Step:
    """One business event to come. `objects[0]` is its subject and, unless `key` is given, its spans' business key.

    `milestones`: what it reaches in each case it belongs to. `via`: the interface that must deliver first.
    """

    type: str
    source: str
    objects: tuple[ObjectRef, ...]
    milestones: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    amount: Amount | None = None
    actor: str = ""
    via: str = ""
    key: ObjectRef | None = None


def money(cents: int) -> Amount:
    """US dollars from cents, as a decimal string."""
    return Amount(f"{cents // 100}.{cents % 100:02d}", "USD")
