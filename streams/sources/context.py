"""What every part of a compilation needs: the checked file, its tables and settings, and a place for what is wrong."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from metrics.definitions.mistakes import Place, nearest, unknown
from metrics.texts.money import FORMS
from metrics.vocabulary import Vocabulary
from streams.sources.readers import Reader
from streams.sources.schema import MappingText
from streams.sources.tables import Table, table_of
from streams.sources.values import Selectors

SYNTAXES: Final = ("json", "xml", "csv", "fixed")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


@dataclass
class Context:
    """One compilation; `wrong` gathers what is wrong, by place."""

    text: MappingText
    vocabulary: Vocabulary
    inputs: tuple[str, ...] = SYNTAXES
    """The syntaxes in the order in which they are written under `inputs`."""
    wrong: list[tuple[Place, str]] = field(default_factory=list)
    paths: dict[tuple[str, str], Reader] = field(default_factory=dict)

    @cached_property
    def settings(self) -> dict[str, str]:
        """The constants as texts."""
        written = self.text.settings
        return {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in written.items()}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables as they are looked up in."""
        return {name: table_of(name, one) for name, one in self.text.tables.items()}

    @cached_property
    def syntaxes(self) -> tuple[str, ...]:
        """The syntaxes under `inputs`, as they are written."""
        inputs = self.text.inputs
        given = {"json": inputs.json_, "xml": inputs.xml, "csv": inputs.csv, "fixed": inputs.fixed}
        found = tuple(name for name in self.inputs if given[name] is not None)
        if not found:
            self.note(("inputs",), f"needs at least one syntax: {', '.join(SYNTAXES)}")
        if "csv" in found and "fixed" in found:
            self.note(("inputs",), "csv and fixed cannot be told apart: write two mappings")
        return found

    @cached_property
    def source(self) -> str:
        """The source of all events, with the settings in their places."""

        def fill(match: re.Match[str]) -> str:
            if match[1] not in self.settings:
                hint = nearest(match[1], self.settings) or "; write it under settings"
                self.note(("source",), f"there is no setting '{match[1]}'{hint}")
            return self.settings.get(match[1], "")

        return _PLACEHOLDER.sub(fill, self.text.source)

    @property
    def first_syntax(self) -> str:
        """The syntax of kinds that name none."""
        return self.syntaxes[0] if self.syntaxes else SYNTAXES[0]

    def note(self, place: Place, message: str) -> None:
        """Something is wrong at a place."""
        self.wrong.append((place, message))

    def selectors(self, syntax: str, watched: frozenset[str] = frozenset()) -> Selectors:
        """A compiler of selectors on messages of a syntax."""
        xml = self.text.inputs.xml
        namespaces = xml.namespaces if xml else {}
        made = Selectors(syntax, self.settings, namespaces, self.tables, watched, dict(self.text.let))
        made.wrong, made.paths = self.wrong, self.paths
        return made

    def money_form(self, form: str, place: Place) -> str:
        """The form, or a usable one when there is none of that name."""
        if form in FORMS:
            return form
        self.note(place, unknown("form of money", form, FORMS))
        return "point"

    def table(self, name: str, place: Place) -> Table | None:
        """The table of a name."""
        if name not in self.tables:
            self.note(place, f"there is no table '{name}'{nearest(name, self.tables) or '; write it under tables'}")
        return self.tables.get(name)
