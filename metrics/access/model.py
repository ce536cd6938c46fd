"""Roles, people and what they reach."""

from collections.abc import Set
from typing import NamedTuple

Every = None
"""In a role: no limit."""


class Reach(NamedTuple):
    """The cases that may be seen: of these processes, at these facilities; None: of all."""

    processes: frozenset[str] | None = None
    facilities: frozenset[str] | None = None

    @property
    def is_everything(self) -> bool:
        return self.processes is None and self.facilities is None


EVERYTHING = Reach()


class Role(NamedTuple):
    """What one role opens (pages by path; None: every page) and reaches."""

    name: str
    title: str
    pages: frozenset[str] | None
    reach: Reach

    def opens(self, page: str) -> bool:
        return self.pages is None or page in self.pages


class Person(NamedTuple):
    """Somebody signed in. `since`: the stamp of the account; what was signed in under an older one no longer counts."""

    name: str
    role: Role
    facilities: frozenset[str] | None
    stamp: str

    @property
    def reach(self) -> Reach:
        """What role and person both allow."""
        return Reach(self.role.reach.processes, _both(self.role.reach.facilities, self.facilities))


def _both(one: Set[str] | None, other: Set[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return frozenset(one or other or ()) if (one, other) != (None, None) else None
    return frozenset(one & other)
