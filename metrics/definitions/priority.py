"""Which events matter more while a worker catches up: what definitions say of processes, by event type."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, Protocol

Priority = Literal["critical", "standard", "bulk"]
PRIORITIES: Final[tuple[Priority, ...]] = ("critical", "standard", "bulk")
"""The highest first."""


class Known(Protocol):
    """What is needed of a `Definition`."""

    @property
    def priority(self) -> Priority: ...

    @property
    def matches(self) -> Mapping[str, object]: ...


def priorities(definitions: Iterable[Known]) -> dict[str, Priority]:
    """The priority of each event type (activity) that a definition names: the highest of all that name it.

    An order received is a milestone of a critical process and of a bulk one: it is critical. A type that no definition
    names is not in the answer: nobody knows what it is worth.
    """
    found: dict[str, Priority] = {}
    for definition in sorted(definitions, key=lambda one: PRIORITIES.index(one.priority), reverse=True):
        found.update(dict.fromkeys(definition.matches, definition.priority))
    return found
