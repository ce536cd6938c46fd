"""Reads `figures.yaml`: when figures are published, and what counts as a correction."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.load import FIGURES_FILE
from metrics.definitions.mistakes import DefinitionsError, Mistake
from metrics.definitions.schema_words import Duration, Name, Written
from metrics.definitions.yaml_text import parse
from metrics.sla.durations import parse_duration

SHIPPED: Final = Path(__file__).with_name(FIGURES_FILE)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"there is no time zone {name!r}; write an IANA name like Europe/Berlin")
    return name


class FiguresText(Written):
    """The whole file."""

    version: Literal[1]
    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    grace: Duration
    patience: Duration
    corrections: tuple[Name, ...] = Field(description="Last words of event types that take back or amend.")


class FigureRules(NamedTuple):
    """`grace` and `patience` in microseconds."""

    zone: ZoneInfo
    grace: int
    patience: int
    corrections: frozenset[str]

    def corrects(self, event_type: str) -> bool:
        """Whether events of this type take back or amend what was said before."""
        words = event_type.split(".")
        return len(words) > 1 and words[1] in self.corrections


def load_figure_rules(definitions: Path | None = None) -> FigureRules:
    """The `figures.yaml` beside the process definitions, else the shipped one. Raises DefinitionsError."""
    own = definitions / FIGURES_FILE if definitions is not None and definitions.is_dir() else None
    return read_figure_rules(own if own is not None and own.is_file() else SHIPPED)


@cache
def read_figure_rules(file: Path) -> FigureRules:
    """The rules of one file. Raises DefinitionsError with all its mistakes."""
    parsed = parse(file.read_text(encoding="utf-8-sig", errors="replace"))
    mistakes = [Mistake(file.name, line, one.place, one.message) for line, one in parsed.findings]
    written: FiguresText | None = None
    if not mistakes:
        try:
            written = FiguresText.model_validate(parsed.data)
        except ValidationError as error:
            found = explain(error, FiguresText)
            mistakes = [Mistake(file.name, parsed.line_of(one.place), one.place, one.message) for one in found]
    if mistakes or written is None:
        raise DefinitionsError(mistakes)
    grace, patience = parse_duration(written.grace), parse_duration(written.patience)
    return FigureRules(ZoneInfo(written.zone), grace, patience, frozenset(written.corrections))
