"""The mappings by name, loaded when a file needs one, and again when their files change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from metrics.definitions.mistakes import DefinitionsError
from streams.sources.load import SHIPPED, Library
from streams.sources.mapping import Mapping


class NoMapping(Exception):
    """No file of a system can be read; the message is a sentence."""


def mapping_directories(own: Path | None) -> tuple[Path, ...]:
    """Where mappings are looked for: an installation's own come before those shipped."""
    return (own, SHIPPED) if own else (SHIPPED,)


@dataclass(slots=True)
class Systems:
    """Loads mappings; `state` says when all must be loaded anew."""

    directories: Sequence[Path]
    state: int = 0
    _loaded: dict[str, Mapping | NoMapping] = field(default_factory=dict)

    def renew(self) -> None:
        """Look whether a mapping file has changed."""
        stamps = [
            (file, file.stat().st_mtime_ns) for folder in self.directories for file in sorted(folder.glob("*.yaml"))
        ]
        if (state := hash(tuple(stamps))) != self.state:
            self.state = state
            self._loaded.clear()

    def get(self, name: str) -> Mapping:
        """A mapping. Raises NoMapping."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        found = self._loaded[name]
        if isinstance(found, NoMapping):
            raise found
        return found

    def _load(self, name: str) -> Mapping | NoMapping:
        try:
            return Library(self.directories).load(name).mapping
        except KeyError as error:
            return NoMapping(f"{error.args[0]}: the directory of a file is called like the mapping that reads it")
        except DefinitionsError as error:
            return NoMapping(f"the mapping '{name}' has mistakes: {error.mistakes[0]}")
