"""The definitions in force, by name, by version and by case object."""

from collections.abc import Iterable
from typing import NamedTuple

from metrics.definitions.calendars import Calendars
from metrics.definitions.mistakes import nearest
from metrics.definitions.model import Definition, LinkRule
from metrics.definitions.schema import ProcessText


class Loaded(NamedTuple):
    """One file: its name and text, what was written, and what it was compiled to."""

    file: str
    text: str
    process: ProcessText
    definition: Definition


class Catalogue:
    """Definitions of many processes, each in one or more versions; the highest version is the one in force.

    Open cases stay on the version they began with (`by_name` with a version).
    """

    def __init__(self, loaded: Iterable[Loaded], calendars: Calendars | None) -> None:
        self.loaded = tuple(sorted(loaded, key=lambda one: (one.process.process, one.process.version)))
        self.calendars = calendars
        self._by_version = {(one.process.process, one.process.version): one for one in self.loaded}
        self._newest = {one.process.process: one for one in self.loaded}

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The version in force of every process, sorted by name."""
        return tuple(one.definition for one in self._newest.values())

    @property
    def links(self) -> tuple[LinkRule, ...]:
        """Every link rule of every process in force, each once, sorted."""
        return tuple(sorted({rule for definition in self.definitions for rule in definition.links}))

    def for_type(self, case_type: str) -> tuple[Definition, ...]:
        """The definitions in force whose case object has this type."""
        return tuple(definition for definition in self.definitions if definition.case_type == case_type)

    def by_name(self, process: str, version: int | None = None) -> Definition:
        """One definition; the version in force when none is given. KeyError names the nearest process."""
        return self.find(process, version).definition

    def find(self, process: str, version: int | None = None) -> Loaded:
        """As `by_name`, with the file it came from."""
        found = self._newest.get(process) if version is None else self._by_version.get((process, version))
        if found is None:
            if process in self._newest:
                raise KeyError(f"process '{process}' has no version {version}; known: {list(self.versions(process))}")
            raise KeyError(f"unknown process '{process}'{nearest(process, self._newest)}")
        return found

    def versions(self, process: str) -> tuple[int, ...]:
        """The versions at hand, ascending."""
        return tuple(version for name, version in self._by_version if name == process)
