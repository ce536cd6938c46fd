"""Files that lie beside the definitions and stand for themselves: what is wrong with each of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from metrics.access.load import read_roles
from metrics.definitions.load import FIGURES_FILE, INTERFACES_FILE, RATES_FILE, REPORTS_FILE, ROLES_FILE, VACANCIES_FILE
from metrics.definitions.mistakes import DefinitionsError, Mistake
from metrics.figures.rules import read_figure_rules
from metrics.health.policy import read_interfaces
from metrics.ledger.rates import read_rates
from metrics.ledger.vacancies import read_vacancy_cost
from metrics.reports.reading import read_reports

READERS: Final[Mapping[str, Callable[[Path], object]]] = {
    INTERFACES_FILE: read_interfaces,
    FIGURES_FILE: read_figure_rules,
    RATES_FILE: read_rates,
    VACANCIES_FILE: read_vacancy_cost,
    ROLES_FILE: read_roles,
    REPORTS_FILE: read_reports,
}
"""Each raises DefinitionsError with every mistake of its file."""


def checked(path: Path) -> tuple[Mistake, ...]:
    """Everything that is wrong with such files in a directory of definitions, or with the one at `path` itself."""
    mistakes: list[Mistake] = []
    for name, read in READERS.items():
        own = path if path.name == name else path / name
        try:
            if own.is_file():
                read(own)
        except DefinitionsError as error:
            mistakes += error.mistakes
    return tuple(mistakes)
