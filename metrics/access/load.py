"""Reads `roles.yaml`, and says everything that is wrong with it at once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from metrics.access.groups import Grant, Groups
from metrics.access.model import Reach, Role
from metrics.access.schema import RolesText, RoleText
from metrics.definitions.load import ROLES_FILE
from metrics.definitions.mistakes import Finding, unknown
from metrics.definitions.one_file import own_or_shipped, read_file

SHIPPED = Path(__file__).with_name(ROLES_FILE)
SPEND = "/spend"


def load_roles(directory: Path | None = None) -> Mapping[str, Role]:
    """Roles by name: of the `roles.yaml` beside the definitions in `directory`, else the shipped ones.

    Raises DefinitionsError with every mistake.
    """
    return read_roles(own_or_shipped(directory, SHIPPED))


def load_groups(directory: Path | None = None) -> Groups:
    """What the identity provider's groups open, by the same file. Raises DefinitionsError with every mistake."""
    return read_groups(own_or_shipped(directory, SHIPPED))


def read_roles(file: Path) -> Mapping[str, Role]:
    """The roles of one file. Raises DefinitionsError with every mistake."""
    written = _read(file)
    return {name: _role(name, said, written.about_people) for name, said in written.roles.items()}


def read_groups(file: Path) -> Groups:
    """The groups of one file. Raises DefinitionsError with every mistake."""
    written = _read(file)
    roles = {name: _role(name, said, written.about_people) for name, said in written.roles.items()}
    return Groups(
        (
            Grant(group, roles[said.role], _limited(said.processes), _limited(said.facilities))
            for group, said in written.groups.items()
        ),
        written.contact,
    )


def _read(file: Path) -> RolesText:
    return read_file(file, RolesText, _mistaken)


def _mistaken(written: RolesText) -> Iterator[Finding]:
    yield from _without_role(written)
    yield from _spend_without_money(written)
    yield from _start_unopened(written)


def _without_role(written: RolesText) -> Iterator[Finding]:
    for group, said in written.groups.items():
        if said.role not in written.roles:
            yield Finding(("groups", group, "role"), unknown("role", said.role, written.roles))


def _spend_without_money(written: RolesText) -> Iterator[Finding]:
    for name, said in written.roles.items():
        if said.fields != "all" and "money" not in said.fields and (said.pages == "all" or SPEND in said.pages):
            yield Finding(
                ("roles", name, "pages"), f"{SPEND} is about money, which the role does not see: leave it out"
            )


def _start_unopened(written: RolesText) -> Iterator[Finding]:
    for name, said in written.roles.items():
        if said.start is not None and said.pages != "all" and said.start not in said.pages:
            yield Finding(("roles", name, "start"), f"{said.start} is none of the pages that the role opens")


def _role(name: str, said: RoleText, about_people: Iterable[str]) -> Role:
    about = frozenset(about_people) if said.least_group else frozenset[str]()
    reach = Reach(_limited(said.processes), _limited(said.facilities), _limited(said.fields), said.least_group, about)
    first = "/" if said.pages == "all" else next(iter(said.pages), "/")
    return Role(name, said.title, _limited(said.pages), reach, said.start or first, frozenset(said.may))


def _limited(names: Literal["all"] | Iterable[str]) -> frozenset[str] | None:
    return None if names == "all" else frozenset(names)
