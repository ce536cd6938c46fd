"""What a process module says: cases, and the steps that happen in them."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from metrics.words import Amount, ObjectRef
from streams.simulator.ways import Went

Steps = Generator[int, None, None]
"""A running piece of the simulation: yields the instants (microseconds UTC) at which it goes on."""


class Case:
    """One run of a process, with the truth about it: `occurred` holds (time, milestone) in time order.

    `begins`: the milestone that opens it, where its objects were there before; "": the first event opens it.
    `went` holds its events with all they named.
    Until it has `begun` there is no case, but what happens to its objects will be part of it.
    """

    __slots__ = ("begins", "begun", "facility", "id", "occurred", "process", "rng", "went")

    def __init__(self, process: str, identity: str, facility: str, rng: Random, begins: str = "") -> None:
        self.process = process
        self.id = identity
        self.facility = facility
        self.rng = rng
        self.begins = begins
        self.begun = not begins
        self.occurred: list[tuple[int, str]] = []
        self.went: list[Went] = []


@dataclass(frozen=True, slots=True)
class Step:
    """One business event to come. `objects[0]` is its subject and, unless `key` is given, its spans' business key.

    `milestones`: what it reaches in each case it belongs to, or only in those of `process`.
    `via`: the interface that must deliver first.
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
    process: str = ""

    def reached_in(self, case: Case) -> tuple[str, ...]:
        """The milestones that it reaches in one of its cases."""
        return self.milestones if self.process in ("", case.process) else ()


def money(cents: int) -> Amount:
    """US dollars from cents, as a decimal string."""
    return Amount(f"{cents // 100}.{cents % 100:02d}", "USD")
