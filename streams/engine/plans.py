"""The plans in force: which definition a case follows.

A new case follows its process's newest version; an open case stays on the version it began with, as
long as that version is known. Logs without a definition get an open one, made when first seen.
"""

from collections.abc import Callable, Iterable

from metrics.definitions.model import Definition
from streams.cases.plan import Plan
from streams.correlation.rules import OPEN_PREFIX


class Plans:
    """Plans by process and version."""

    def __init__(self, definitions: Iterable[Definition], open_definition: Callable[[str], Definition]) -> None:
        self._open_definition = open_definition
        self._versions: dict[str, dict[int, Plan]] = {}
        for definition in definitions:
            self._versions.setdefault(definition.process, {})[definition.version] = Plan(definition)

    def newest(self, process: str) -> Plan:
        versions = self._of(process)
        return versions[max(versions)]

    def version(self, process: str, number: int) -> Plan:
        """That version's plan, or the newest one where it is no longer known."""
        return self._of(process).get(number) or self.newest(process)

    def definitions(self) -> list[Definition]:
        return [plan.definition for versions in self._versions.values() for plan in versions.values()]

    def _of(self, process: str) -> dict[int, Plan]:
        versions = self._versions.get(process)
        if versions is None:
            if not process.startswith(OPEN_PREFIX):
                raise KeyError(f"no definition of process {process!r} is loaded")
            versions = self._versions[process] = {1: Plan(self._open_definition(process))}
        return versions
