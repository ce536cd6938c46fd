"""Whether failed calls are tried again as the criticality of their flow demands: declared against seen."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import structlog
from pydantic import Field, model_validator

from metrics.definitions.load import INTERFACES_FILE
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.definitions.schema_words import Duration, Written
from metrics.queries.health_rows import Operation
from metrics.sla.durations import parse_duration
from metrics.words import HOUR

LOG = structlog.get_logger(__name__)
SHIPPED = Path(__file__).with_name(INTERFACES_FILE)
PATIENCE = 2 * HOUR
"""A message whose last call failed is given up when nothing was tried for so long."""


class LevelText(Written):
    """What callers must do when a call of such a flow fails."""

    attempts: int = Field(ge=1, le=100, description="A failed message is tried at least this often.")
    pause: Duration = Field(description="Not again sooner than this.")
    within: Duration = Field(description="Nor later than this after the failure.")
    through: float = Field(ge=0, le=1, description="Share of failed messages that must get through in the end.")


class InterfacesText(Written):
    """How critical each interface is."""

    levels: dict[str, LevelText] = Field(min_length=1)
    otherwise: str = Field(description="The level of interfaces that nobody named.")
    interfaces: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _levels_are_known(self) -> "InterfacesText":
        for name, level in (("otherwise", self.otherwise), *self.interfaces.items()):
            if level not in self.levels:
                raise ValueError(f"{name}: there is no level '{level}'; there are {', '.join(self.levels)}")
        return self

    def level_of(self, interface: str) -> str:
        """The declared criticality of an interface."""
        return self.interfaces.get(interface, self.otherwise)


class Verdict(NamedTuple):
    """What is to be said of an operation's retries. `fits` is None when nothing failed, so nothing was seen."""

    level: str
    fits: bool | None
    faults: tuple[str, ...]


def read_interfaces_file(directory: Path | None = None) -> InterfacesText:
    """The declaration beside a directory's definitions, else the shipped one. Raises `DefinitionsError`."""
    return read_interfaces(own_or_shipped(directory, SHIPPED))


def read_or_shipped(directory: Path | None) -> InterfacesText:
    """As `read_interfaces_file`; a file with mistakes counts as none, and is told in the log."""
    try:
        return read_interfaces_file(directory)
    except DefinitionsError as error:
        LOG.warning("interfaces_not_read", mistakes=[str(one) for one in error.mistakes])
        return read_interfaces(SHIPPED)


@cache
def read_interfaces(file: Path) -> InterfacesText:
    """The declaration of one file. Raises `DefinitionsError` with every mistake."""
    return read_file(file, InterfacesText)


def judge(one: Operation, declared: InterfacesText) -> Verdict:
    """How the retries of one operation stand to the criticality of its interface."""
    name = declared.level_of(one.interface)
    level = declared.levels[name]
    if not one.failed_messages:
        return Verdict(name, None, ())
    settled = one.recovered + one.given_up
    faults = []
    if settled and one.recovered < level.through * settled:
        faults.append(f"{one.given_up} of {settled} failed messages never got through")
    if one.given_up and one.fewest_attempts < level.attempts:
        tries = "try" if one.fewest_attempts == 1 else "tries"
        faults.append(f"given up after {one.fewest_attempts} {tries}, {level.attempts} are declared")
    if one.retries and one.shortest_wait_us < parse_duration(level.pause):
        faults.append(f"tried again after {one.shortest_wait_us / 1000:.0f} ms, {level.pause} are declared")
    if one.retries and one.longest_wait_us > parse_duration(level.within):
        minutes = one.longest_wait_us / 60_000_000
        faults.append(f"tried again only after {minutes:.0f} min, {level.within} are declared")
    return Verdict(name, not faults, tuple(faults))
