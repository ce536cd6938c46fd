"""Reads mapping files, lays them upon their bases, and says everything that is wrong with them at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Mistake, nearest
from metrics.definitions.yaml_text import Parsed, parse
from metrics.vocabulary import Vocabulary, load_vocabulary
from streams.sources.compiling import compile_mapping
from streams.sources.context import Context
from streams.sources.mapping import Mapping
from streams.sources.merge import Written, merged, with_likes
from streams.sources.schema import MappingText

SHIPPED = Path(__file__).with_name("catalogue")
SIMULATED = Path(__file__).with_name("simulated")
"""The tenants of the simulated hospital group: workers read them, commands list them with `--mappings`."""


@dataclass(frozen=True)
class Loaded:
    """A mapping with what its author wrote, bases merged in."""

    mapping: Mapping
    text: MappingText
    written: Written


@dataclass
class Library:
    """The mapping files of some directories; a name found twice is taken from the first. Each file is parsed once."""

    directories: Sequence[Path] = (SHIPPED,)
    _parsed: dict[str, Parsed] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that mappings may use."""
        return load_vocabulary()

    def names(self) -> list[str]:
        """The names of all mapping files, bases included."""
        return sorted({file.stem for folder in self.directories for file in folder.glob("*.yaml")})

    def systems(self) -> list[str]:
        """The names of the mappings that are not abstract."""
        found = []
        for name in self.names():
            data = self.parsed(name).data
            if not (isinstance(data, dict) and data.get("abstract") is True):
                found.append(name)
        return found

    def load(self, name: str) -> Loaded:
        """One mapping. Raises `DefinitionsError` with every mistake, `KeyError` with the nearest name."""
        return _Reading(self).load(name)

    def written(self, name: str) -> Written:
        """The merged file of one mapping, before it is checked. Raises as `load` does."""
        reading = _Reading(self)
        written = reading.written(name, ())
        reading.stop_if_wrong()
        return written

    def parsed(self, name: str) -> Parsed:
        """A mapping file as it is written. Raises KeyError with the nearest name."""
        if name not in self._parsed:
            self._parsed[name] = parse(self.file(name).read_text(encoding="utf-8-sig", errors="replace"))
        return self._parsed[name]

    def files(self, name: str) -> list[Path]:
        """Where a mapping and its bases are written, as far as they are there."""
        return [self.file(one) for one, _ in self._chain(name)]

    def said(self, name: str, word: str) -> str:
        """A text at the top of a mapping, or of the nearest base that says it; empty when none does."""
        return next((str(data[word]) for _, data in self._chain(name) if data.get(word) is not None), "")

    def _chain(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """A mapping and its bases: (name, what its own file says)."""
        met: set[str] = set()
        while name not in met:
            met.add(name)
            try:
                data = self.parsed(name).data
            except KeyError:
                return
            own = data if isinstance(data, dict) else {}
            yield name, own
            name = str(own.get("extends", name))

    def file(self, name: str) -> Path:
        """Where a mapping is written. Raises KeyError with the nearest name."""
        for folder in self.directories:
            file = folder / f"{name}.yaml"
            if file.is_file():
                return file
        raise KeyError(f"there is no mapping '{name}'{nearest(name, self.names())}")


def load_mapping(name_or_file: str, directories: Sequence[Path] = (SHIPPED,)) -> Loaded:
    """One mapping by its name, or by the path of its file (bases are looked for beside it, then in `directories`)."""
    file = Path(name_or_file)
    if file.suffix in (".yaml", ".yml") and file.is_file():
        return Library((file.parent, *directories)).load(file.stem)
    return Library(directories).load(name_or_file)


@dataclass
class _Reading:
    """One reading: what it found wrong so far."""

    library: Library
    mistakes: list[Mistake] = field(default_factory=list)

    def load(self, name: str) -> Loaded:
        written, wrong = with_likes(self.written(name, ()))
        self._note(written, wrong)
        self.stop_if_wrong()
        if written.data.get("abstract") is True:
            self._note(written, [(("abstract",), "only other mappings may extend it; it reads no messages itself")])
        try:
            text = MappingText.model_validate(written.data)
        except ValidationError as error:
            self._note(written, [(one.place, one.message) for one in explain(error, MappingText)])
            self.stop_if_wrong()
            raise
        context = Context(text, self.library.vocabulary, tuple(written.data["inputs"]))
        mapping = compile_mapping(context)
        self._note(written, context.wrong)
        self.stop_if_wrong()
        return Loaded(mapping, text, written)

    def written(self, name: str, path: tuple[str, ...]) -> Written:
        """A file with its bases merged in."""
        file, parsed = self.library.file(name), self.library.parsed(name)
        self.mistakes += [Mistake(file.name, line, one.place, one.message) for line, one in parsed.findings]
        if not isinstance(parsed.data, dict):
            if not parsed.findings:
                self.mistakes.append(Mistake(file.name, 1, (), "a mapping file is a mapping (word: value)"))
            return Written({})
        own = Written(parsed.data, {place: (file.name, line) for place, line in parsed.lines.items()})
        if own.data.get("mapping", name) != name:
            self._note(own, [(("mapping",), f"the file {file.name} must say `mapping: {name}`")])
        base = own.data.get("extends")
        if base is None:
            return own
        if base == name or base in path:
            self._note(own, [(("extends",), "leads back to itself")])
            return own
        try:
            return merged(self.written(str(base), (*path, name)), own)
        except KeyError as error:
            self._note(own, [(("extends",), str(error.args[0]))])
            return own

    def _note(self, written: Written, wrong: Sequence[tuple[tuple[str | int, ...], str]]) -> None:
        for place, message in wrong:
            file, line = written.at(place)
            mistake = Mistake(file, line, place, message)
            if mistake not in self.mistakes:
                self.mistakes.append(mistake)

    def stop_if_wrong(self) -> None:
        if self.mistakes:
            raise DefinitionsError(self.mistakes)
