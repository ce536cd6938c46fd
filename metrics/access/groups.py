"""People whom an identity provider knows: what its groups open here."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from metrics.access.model import Person, Reach, Role

ASK_WHOM: Final = "whoever looks after Flowglass here"
"""Whom the page names to somebody without a role, where `contact` says nothing."""


class Grant(NamedTuple):
    """What one group of the provider opens: a role, bound to fewer processes and facilities (None: to no fewer)."""

    group: str
    role: Role
    processes: frozenset[str] | None
    facilities: frozenset[str] | None


class Groups:
    """The grants in the order of the file: who is in several groups has what the first of them opens."""

    def __init__(self, grants: Iterable[Grant], contact: str = ASK_WHOM) -> None:
        self._grants = {grant.group: grant for grant in grants}
        self._contact = contact

    @property
    def contact(self) -> str:
        """Whom to ask for a role."""
        return self._contact

    def chosen(self, claimed: Collection[str]) -> str | None:
        """The group that decides; None when none of those claimed opens anything."""
        return next((group for group in self._grants if group in claimed), None)

    def person(self, name: str, group: str, stamp: str) -> Person | None:
        """Somebody of a group; None when the group opens nothing (any more)."""
        grant = self._grants.get(group)
        return Person(name, grant.role, grant.facilities, stamp, grant.processes, group) if grant else None

    def reaches(self) -> set[Reach]:
        """What all of them reach."""
        people = (self.person("", group, "") for group in self._grants)
        return {person.reach for person in people if person is not None}
