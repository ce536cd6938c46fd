"""All mappings of a program by the name of their system, each compiled when somebody needs it."""

import collections.abc
from collections.abc import Callable, Iterator
from pathlib import Path

from metrics.definitions.mistakes import DefinitionsError
from streams.sources.load import SHIPPED, SIMULATED, Library
from streams.sources.mapping import Mapping

OnMistakes = Callable[[str, DefinitionsError], None]


def load_systems(directory: Path | None = None, on_mistakes: OnMistakes | None = None) -> "Shelf":
    """Every mapping that reads messages, by its name; those in `directory` come before those shipped.

    One with mistakes raises, or is left out when `on_mistakes` takes them: the other systems go on.
    """
    own = () if directory is None else (directory,)
    systems = Shelf(Library((*own, SHIPPED, SIMULATED)), on_mistakes)
    for name in list(systems):
        if any(file.parent in own for file in systems.library.files(name)):
            systems.get(name)
    return systems


class Shelf(collections.abc.Mapping[str, Mapping]):
    """Mappings by the name of their system, each compiled when it is first asked for; most programs meet few."""

    def __init__(self, library: Library, on_mistakes: OnMistakes | None = None) -> None:
        self.library = library
        self.compiled: dict[str, Mapping] = {}
        self._on_mistakes = on_mistakes
        self._names = dict.fromkeys(library.systems())

    def __getitem__(self, name: str) -> Mapping:
        """A mapping. Raises KeyError for a name that there is none of, or one with mistakes; DefinitionsError for
        mistakes that nobody takes."""
        found = self.compiled.get(name)
        return self._compile(name) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def owners(self) -> dict[str, str]:
        """The owner of each system, without compiling any; empty where its file and its bases name none."""
        return {name: self.library.said(name, "owner") for name in self._names}

    def _compile(self, name: str) -> Mapping:
        if name not in self._names:
            raise KeyError(name)
        try:
            self.compiled[name] = self.library.load(name).mapping
        except DefinitionsError as error:
            if self._on_mistakes is None:
                raise
            self._on_mistakes(name, error)
            del self._names[name]
            raise KeyError(name) from error
        return self.compiled[name]
