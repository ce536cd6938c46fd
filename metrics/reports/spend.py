"""The report on spend and labour from a reader: what is asked, what it is called, and the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from metrics.definitions.load import load
from metrics.ledger.asking import Asked, Reader
from metrics.ledger.overview import Overview, newest_event, read_overview
from metrics.ledger.period import Period
from metrics.ledger.rates import Rates, load_rates
from metrics.ledger.vacancies import VacancyCost, load_vacancy_cost
from metrics.reports.spend_words import summary
from metrics.reports.titles import CatalogueTitles, Titles
from metrics.texts.shown import utc

MEDIA: Final = "application/pdf"


class Beside(NamedTuple):
    """What is declared beside the definitions: rates, the cost of open positions, and names in words."""

    rates: Rates
    cost: VacancyCost
    titles: Titles


class Report(NamedTuple):
    """A report: the file, what it would be saved as, and what a mail with it says."""

    name: str
    pdf: bytes
    title: str
    text: str
    simulated: bool


def read_beside(definitions: Path | None) -> Beside:
    """What is declared. Raises DefinitionsError with every mistake."""
    return Beside(load_rates(definitions), load_vacancy_cost(definitions), CatalogueTitles(load(definitions)))


def make_report(
    reader: Reader,
    beside: Beside,
    period: Period,
    filters: Mapping[str, str],
    seen_by: str = "",
    newest: int | None = None,
) -> Report:
    """The report on a period. `seen_by`: a role's title where its reach is less than everything.

    `newest`: what counts as the newest event, microseconds UTC; None: that of the store.

    Raises NothingToTell, and the reader's errors.
    """
    from metrics.reports.spend_page import spend_report  # fonts and drawing cost memory: loaded where one is made

    asked = Asked(period, filters, beside.rates)
    told = read_overview(reader, asked, beside.cost, newest_event(reader) if newest is None else newest)
    names = {name: beside.titles.process(name) for name in told.by_process}
    pdf = spend_report(told, beside.titles, seen_by)
    return Report(file_name(told), pdf, _title(told), summary(told, names, seen_by), told.simulated)


def file_name(told: Overview) -> str:
    """What the file is saved as: its first and last day."""
    last = f"{utc(told.period.as_of):%Y-%m-%d}"
    first = f"{utc(told.period.since + 1):%Y-%m-%d}" if told.period.days else "begin"
    return f"spend-and-labour-{first}-to-{last}.pdf"


def _title(told: Overview) -> str:
    return f"Spend & labour, {told.period.words}"
