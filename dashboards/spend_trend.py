"""The months of Spend & labour: against their budgets, against the month before, and what was restated since."""

from decimal import Decimal
from typing import Any

from dash import no_update

from dashboards.components.cards import plain_table
from dashboards.figures.spend_trend import COLOURS, spend_trend
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.spend_book import narrowed, read_book, spend_scope, wait_for_turn
from dashboards.wording import NONE
from metrics.ledger.asking import changed_months, read_money_changes
from metrics.ledger.book import TITLES, Book, Total
from metrics.ledger.rates import Rates

MOST_MONTHS = 24
_COLUMNS = ("budget", "left", "committed", "received", "accrued", "invoiced", "paid", "worked")
_HEADS = {**TITLES, "left": "Left of budget", "worked": "Agency labour"}


def fill_trend(reader: Reader, rates: Rates, request: Request) -> list[Any]:
    """The months of the period as bars and as a table; restatements are told of the whole ledger only."""
    wait_for_turn(request)
    scope = spend_scope(request)
    book = read_book(reader, rates, scope)
    months = sorted({row.month for row in book.rows if row.current})[-MOST_MONTHS:]
    now = scope.period.under_way
    money = {stage: [float(book.total(stage, month=month).of(rates.currency)) for month in months] for stage in COLOURS}
    money["budget"] = [float(book.budget(0, month=month).of(rates.currency)) for month in months]
    apart = sorted({name for stage in COLOURS for name in book.total(stage).others(rates.currency)})
    figure = spend_trend(months, money, {**TITLES, "budget": "Budget for orders"}, rates.currency, apart)
    if request.ticked:
        return [figure, no_update]
    changes = read_money_changes(reader, narrowed(scope.address))
    changed = changed_months(changes or [])
    rows = [month_row(book, month, before, now, changed) for before, month in zip(["", *months], months, strict=False)]
    heads = (
        "Month",
        *(f"{_HEADS[one]} ({rates.currency})" for one in _COLUMNS),
        "Committed, on the month before",
        "Restated since",
    )
    if changes is None:
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return [figure, plain_table(heads, rows, "Money by month")]


def with_others(total: Total, currency: str) -> str:
    """Money to the cent, and beside it what no rate brings into the currency."""
    others = "".join(f" + {value:,.2f} {name}" for name, value in sorted(total.others(currency).items()))
    return f"{total.of(currency):,.2f}{others}".replace("-", "−")


def month_row(book: Book, month: str, before: str, now: str, changed: dict[str, str]) -> tuple[str, ...]:
    """A month in words and figures; `now` is the one under way, which is not held against a whole one."""
    currency = book.rates.currency
    left = book.left(month=month)
    totals = {one: book.total(one, month=month) for one in _COLUMNS if one != "left"}
    told = {one: with_others(total, currency) for one, total in totals.items()}
    told |= {"left": with_others(left, currency)} if left.documents else {"left": NONE, "budget": NONE}
    was = book.total("committed", month=before).of(currency) if before else Decimal(0)
    change = (
        NONE
        if not was or month == now
        else f"{float(totals['committed'].of(currency) / was) - 1:+.0%}".replace("-", "−")
    )
    name = f"{month} (so far)" if month == now else month
    return (name, *(told[one] for one in _COLUMNS), change, changed.get(month, NONE))
