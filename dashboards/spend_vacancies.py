"""Open positions: how many, what they cost a day as declared, and the agency labour that covers them meanwhile."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog

from dashboards.components.grids import sized
from dashboards.components.leaves import Leaf
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.spend_book import asked_of, read_book, spend_scope, to_documents, wait_for_turn
from dashboards.spend_period import SpendScope
from dashboards.wording import NONE, count, percent
from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger.book import Book, Total, named, short_money
from metrics.ledger.comparing import premium_share
from metrics.ledger.open_positions import CUTS, Vacancy, covering
from metrics.ledger.open_positions import read_vacancies as read_open
from metrics.ledger.rates import Rates
from metrics.ledger.vacancies import VacancyCost, load_vacancy_cost

LOG = structlog.get_logger(__name__)


def read_vacancy_cost(definitions: Path | None) -> VacancyCost:
    """The costs beside the definitions, else those shipped; a file with mistakes counts as none."""
    try:
        return load_vacancy_cost(definitions)
    except DefinitionsError as problem:
        LOG.warning("vacancy_costs_not_read", problem=str(problem)[:2000])
        return load_vacancy_cost()


def vacancy_cut(scope: SpendScope) -> str:
    """What open positions are shown by: as the page's table where positions tell it, else by facility."""
    return scope.address.cut if scope.address.cut in CUTS else "facility"


def read_vacancies(reader: Reader, rates: Rates, cost: VacancyCost, scope: SpendScope) -> list[Vacancy]:
    """Open positions now, most expensive first. None where the page is narrowed to a supplier or a process."""
    return read_open(reader, cost, asked_of(scope, rates), vacancy_cut(scope))


def fill_vacancies(reader: Reader, rates: Rates, cost: VacancyCost, request: Request) -> list[Any]:
    """Rows and height of the table, and where the cost is declared; raises Empty when no position is open."""
    wait_for_turn(request)
    scope = spend_scope(request)
    vacancies = read_vacancies(reader, rates, cost, scope)
    if not vacancies:
        raise Empty("No position is open: each that was approved or given up is held by somebody.")
    book = read_book(reader, rates, scope, cut=vacancy_cut(scope))
    rows = [vacancy_row(one, book, cost, scope) for one in vacancies]
    rows.append(sum_row(vacancies, book, cost, scope))
    return [*sized(rows, 9), source_words(cost)]


def vacancy_row(one: Vacancy, book: Book, cost: VacancyCost, scope: SpendScope) -> dict[str, Any]:
    """One ready-to-show row; its numbers open their documents."""
    cut = vacancy_cut(scope)
    wanted = {cut: one.cut} if one.cut else {"untold": cut}
    row = {"key": one.cut or "?", "name": named(cut, one.cut)}
    worked, premium = (book.labour(stage, cut=one.cut) for stage in ("worked", "premium"))
    return row | numbers(one, worked, premium, book, cost, scope, wanted)


def sum_row(vacancies: list[Vacancy], book: Book, cost: VacancyCost, scope: SpendScope) -> dict[str, Any]:
    """All of them together."""
    whole = Vacancy("", sum(one.positions for one in vacancies), sum((one.a_day for one in vacancies), Decimal(0)))
    row = {"key": "sum", "name": "All together", "chosen": True}
    return row | numbers(whole, book.labour("worked"), book.labour("premium"), book, cost, scope, {})


def numbers(
    one: Vacancy,
    worked: Total,
    premium: Total,
    book: Book,
    cost: VacancyCost,
    scope: SpendScope,
    wanted: dict[str, str],
) -> dict[str, Any]:
    """Positions and their cost a day, agency labour a day in the period, and the share of premium hours in it."""
    address, currency = scope.address, book.rates.currency
    a_day = covering(worked, book, scope.period)
    vacant = to_documents(address, "vacant", **{**wanted, "period": 0})
    return {
        "positions": _cell(count(one.positions), vacant),
        "cost": _cell(f"{one.a_day:,.2f} {cost.currency}", ""),
        "agency": _cell(
            NONE if a_day is None else f"{a_day:,.2f} {currency}", to_documents(address, "worked", **wanted)
        ),
        "premium": _cell(percent(premium_share(premium, worked)), to_documents(address, "premium", **wanted)),
    }


def vacancy_tile(
    vacancies: list[Vacancy], worked: Total, book: Book, cost: VacancyCost, scope: SpendScope
) -> dict[str, Leaf]:
    """The cost of open positions a day, beside what agency labour comes to a day."""
    a_day = sum((one.a_day for one in vacancies), Decimal(0))
    positions = sum(one.positions for one in vacancies)
    number, unit = short_money(a_day, cost.currency)
    agency = covering(worked, book, scope.period)
    beside = "" if agency is None else f"; agency labour {' '.join(short_money(agency, book.rates.currency))} a day"
    return {
        "vacant/value": Leaf(number if positions else NONE, "plain" if positions else "quiet"),
        "vacant/unit": Leaf(f"{unit} a day" if positions else ""),
        "vacant/note": Leaf(f"{count(positions)} open positions{beside}" if positions else "No position is open"),
    }


def source_words(cost: VacancyCost) -> str:
    """What a position is taken to cost, and who says so."""
    own = f", {count(len(cost.departments))} departments with a cost of their own" if cost.departments else ""
    return f"An open position costs {cost.everywhere:,.2f} {cost.currency} a calendar day{own} ({cost.source})."


def _cell(text: str, href: str) -> dict[str, str]:
    return {"text": text, "href": "" if text == NONE else href, "tone": "quiet" if text == NONE else "plain"}
