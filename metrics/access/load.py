"""Reads `roles.yaml`, and says everything that is wrong with it at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from metrics.access.model import Reach, Role
from metrics.access.schema import RolesText, RoleText
from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake
from metrics.definitions.yaml_text import parse

ROLES_FILE = "roles.yaml"
SHIPPED = Path(__file__).with_name(ROLES_FILE)


def load_roles(directory: Path | None = None) -> Mapping[str, Role]:
    """Roles by name: of the `roles.yaml` beside the definitions in `directory`, else the shipped ones.

    Raises DefinitionsError with every mistake.
    """
    own = directory / ROLES_FILE if directory is not None and directory.is_dir() else SHIPPED
    return read_roles(own if own.is_file() else SHIPPED)


def read_roles(file: Path) -> Mapping[str, Role]:
    """The roles of one file. Raises DefinitionsError with every mistake."""
    parsed = parse(file.read_text(encoding="utf-8-sig", errors="replace"))
    mistakes = [Mistake(file.name, line, one.place, one.message) for line, one in parsed.findings]
    findings: list[Finding] = []
    written: RolesText | None = None
    if parsed.data is not None:
        try:
            written = RolesText.model_validate(parsed.data)
        except ValidationError as error:
            findings = explain(error, RolesText)
    mistakes += [Mistake(file.name, parsed.line_of(one.place), one.place, one.message) for one in findings]
    if mistakes or written is None:
        raise DefinitionsError(mistakes)
    return {name: _role(name, said) for name, said in written.roles.items()}


def _role(name: str, said: RoleText) -> Role:
    return Role(name, said.title, _limited(said.pages), Reach(_limited(said.processes), _limited(said.facilities)))


def _limited(names: Literal["all"] | Iterable[str]) -> frozenset[str] | None:
    return None if names == "all" else frozenset(names)
