"""Reads `figures.yaml`: when figures are published, and what counts as a correction."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from metrics.definitions.load import FIGURES_FILE
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.definitions.schema_words import Duration, Name, Written
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
    return read_figure_rules(own_or_shipped(definitions, SHIPPED))


@cache
def read_figure_rules(file: Path) -> FigureRules:
    """The rules of one file. Raises DefinitionsError with all its mistakes."""
    written = read_file(file, FiguresText)
    grace, patience = parse_duration(written.grace), parse_duration(written.patience)
    return FigureRules(ZoneInfo(written.zone), grace, patience, frozenset(written.corrections))
