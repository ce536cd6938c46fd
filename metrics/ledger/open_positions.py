"""Open positions: how many, what they cost a day as declared, and the agency labour that covers them meanwhile."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from metrics.ledger.asking import Asked, Reader
from metrics.ledger.book import Book, Total
from metrics.ledger.period import Period
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.spend_rows import SpendVacancies
from metrics.words import DAY

CUTS: Final = ("facility", "department", "cost_center", "legal_entity")
"""What positions tell."""


class Vacancy(NamedTuple):
    """The open positions of one value of the cut and what they cost a day."""

    cut: str
    positions: int
    a_day: Decimal


def read_vacancies(reader: Reader, cost: VacancyCost, asked: Asked, cut: str) -> list[Vacancy]:
    """Open positions now, most expensive first. None where it is narrowed to a supplier or a process."""
    filters = dict(asked.filters)
    if filters.pop("supplier") or filters.pop("booked"):
        return []
    found = reader.rows("spend_vacancies", SpendVacancies, as_of=asked.period.as_of, cut=cut, **filters)
    return sorted(_by_cut(found, cost), key=lambda one: (-one.a_day, one.cut))


def _by_cut(found: Iterable[SpendVacancies], cost: VacancyCost) -> list[Vacancy]:
    sums: dict[str, Vacancy] = {}
    for row in found:
        was = sums.get(row.cut, Vacancy(row.cut, 0, Decimal(0)))
        a_day = was.a_day + cost.a_day(row.department, row.positions)
        sums[row.cut] = Vacancy(row.cut, was.positions + row.positions, a_day)
    return list(sums.values())


def covering(worked: Total, book: Book, period: Period) -> Decimal | None:
    """What agency labour came to on an average day of the period; None over all time, which has no beginning."""
    days = Decimal(period.as_of - period.since) / DAY
    return worked.of(book.rates.currency) / days if period.days and worked.documents else None
