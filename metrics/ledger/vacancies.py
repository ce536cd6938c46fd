"""Reads `vacancies.yaml`: what an open position costs a day, with the source of the figure."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from metrics.definitions.load import VACANCIES_FILE
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.definitions.schema_words import Text, Written
from metrics.ledger.rates import Currency

SHIPPED: Final = Path(__file__).with_name(VACANCIES_FILE)
Cost = Annotated[Decimal, Field(ge=0, lt=1_000_000, description="Money for one open position and one calendar day.")]


class VacanciesText(Written):
    """The whole file."""

    version: Literal[1]
    currency: Currency
    a_day: Cost
    source: Text
    dated: Text
    departments: dict[str, Cost] = Field(default={}, description="By department, where it is another.")


class VacancyCost(NamedTuple):
    """What an open position costs a calendar day in `currency`: everywhere, and in departments of their own."""

    currency: str
    everywhere: Decimal
    departments: Mapping[str, Decimal]
    source: str

    def a_day(self, department: str, positions: int) -> Decimal:
        """The cost of so many open positions of a department a day."""
        return self.departments.get(department, self.everywhere) * positions


def load_vacancy_cost(definitions: Path | None = None) -> VacancyCost:
    """The `vacancies.yaml` beside the process definitions, else the shipped one. Raises DefinitionsError."""
    return read_vacancy_cost(own_or_shipped(definitions, SHIPPED))


@cache
def read_vacancy_cost(file: Path) -> VacancyCost:
    """The costs of one file. Raises DefinitionsError with every mistake."""
    written = read_file(file, VacanciesText)
    return VacancyCost(written.currency, written.a_day, written.departments, f"{written.source}, {written.dated}")
