"""Roles, people and what they reach."""

from collections.abc import Set
from typing import Final, NamedTuple

FIELDS: Final = ("people", "money")
"""Classes of fields that a role may see or not: tokens of people and who did what; amounts, rates and currencies."""


class Reach(NamedTuple):
    """The cases that may be seen: of these processes, at these facilities, with these fields; None: of and with all."""

    processes: frozenset[str] | None = None
    facilities: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    least: int = 0
    """The least group of people that is told apart; 0: any."""
    about_people: frozenset[str] = frozenset()
    """Processes a case of which stands for a person."""

    @property
    def is_everything(self) -> bool:
        return self.processes is None and self.facilities is None and not self.hidden and not self.least

    @property
    def hidden(self) -> frozenset[str]:
        """The classes of fields that are not seen."""
        return frozenset() if self.fields is None else frozenset(FIELDS) - self.fields


EVERYTHING = Reach()


class Role(NamedTuple):
    """What one role opens (pages by path; None: every page), reaches and may decide; `start` opens first."""

    name: str
    title: str
    pages: frozenset[str] | None
    reach: Reach
    start: str = "/"
    may: frozenset[str] = frozenset()

    def opens(self, page: str) -> bool:
        return self.pages is None or page in self.pages


class Person(NamedTuple):
    """Somebody signed in. `stamp`: that of the account; what was signed in under an older one no longer counts.
    `group`: the identity provider's group that opens this; empty for an account of our own."""

    name: str
    role: Role
    facilities: frozenset[str] | None
    stamp: str
    processes: frozenset[str] | None = None
    group: str = ""

    @property
    def reach(self) -> Reach:
        """What role and person both allow."""
        of_role = self.role.reach
        return of_role._replace(
            processes=_both(of_role.processes, self.processes), facilities=_both(of_role.facilities, self.facilities)
        )


def _both(one: Set[str] | None, other: Set[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return frozenset(one or other or ()) if (one, other) != (None, None) else None
    return frozenset(one & other)
