"""The table of Spend & labour by one dimension, how its rows reconcile with the documents, and its CSV."""

import csv
import io
from typing import Any

from dashboards.components.grids import sized
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.shown_money import at_which_rates
from dashboards.spend_book import asked_of, link, read_book, spend_scope, to_documents, wait_for_turn
from dashboards.spend_period import SpendScope
from dashboards.wording import NONE, utc, utc_day
from metrics.ledger.asking import read_checks
from metrics.ledger.book import (
    LABOUR_STAGES,
    MONEY_STAGES,
    NOT_TOLD,
    Book,
    Total,
    added,
    money_text,
    named,
    signed,
)
from metrics.ledger.comparing import cut_values, reconciliation
from metrics.ledger.rates import Rates

COLUMNS = (*MONEY_STAGES, "worked")
LEFT = "left"
MEANINGS = {
    "budget": "Budgets of the months, for orders and for agency labour",
    "left": "Budget less orders and agency labour as worked; an order for agency labour counts by its hours",
    "requested": "What requisitions that stand asked for",
    "reserved": "Commitments that reserve budget for a requisition",
    "committed": "Orders that stand",
    "received": "What receipts are worth",
    "accrued": "Received and not billed yet: what receipts of the period are worth that no invoice covers",
    "invoiced": "Invoices that stand",
    "paid": "Payments that were made",
    "worked": "What timesheets of agency workers come to",
    "hours": "Hours on timesheets",
}
CSV_STAGES = (*MONEY_STAGES, *LABOUR_STAGES)
SUM_ROW = "All together"


def fill_table(reader: Reader, rates: Rates, request: Request) -> list[Any]:
    """The rows, the sum of them pinned below, the heading of the first column, and how they reconcile."""
    wait_for_turn(request)
    scope = spend_scope(request)
    book = read_book(reader, rates, scope)
    checks = read_checks(reader, asked_of(scope, rates))
    rows = table_rows(book, scope)
    return [*sized(rows, 16), reconciliation(book, checks)]


def table_rows(book: Book, scope: Scope) -> list[dict[str, Any]]:
    """One row a value of the cut, and the sum of all."""
    address, cut = scope.address, scope.address.cut
    dimension = "booked" if cut == "process" else cut
    rows = []
    for value in cut_values(book):
        wanted: dict[str, str] = {dimension: value} if value else {"untold": dimension}
        narrow = link(address, **wanted) if value else ""
        row = {"key": value or NOT_TOLD, "name": {"text": named(cut, value), "href": narrow, "sort": named(cut, value)}}
        totals = {stage: book.total(stage, cut=value) for stage in COLUMNS}
        cells = {stage: money_cell(totals[stage], book, to_documents(address, stage, **wanted)) for stage in COLUMNS}
        left = left_cell(
            book.left(cut=value) if book.budgeted else None, book, to_documents(address, "budget", **wanted)
        )
        rows.append(row | cells | {LEFT: left, "hours": hours_cell(totals["worked"])})
    whole = {stage: book.total(stage) for stage in COLUMNS}
    last = {"key": "sum", "name": {"text": SUM_ROW, "href": "", "sort": "\uffff"}, "chosen": True}
    sums = {stage: money_cell(whole[stage], book, to_documents(address, stage)) for stage in COLUMNS}
    sums[LEFT] = left_cell(book.left() if whole["budget"].documents else None, book, to_documents(address, "budget"))
    return [*rows, last | sums | {"hours": hours_cell(whole["worked"])}]


def left_cell(left: Total | None, book: Book, href: str) -> dict[str, Any]:
    """What is left of a budget, less than nothing where it is overspent; a dash where no budget is told."""
    if left is None:
        return {"text": NONE, "tone": "quiet", "sort": -1e18, "href": ""}
    currency = book.rates.currency
    text, value = signed(left, currency), float(left.of(currency))
    return {
        "text": text,
        "tone": "bad" if value < 0 else "plain",
        "sort": value,
        "href": href if left.documents else "",
    }


def money_cell(total: Total, book: Book, href: str) -> dict[str, Any]:
    """Money that opens its documents; it sorts by what is in the currency of the page."""
    text = money_text(total, book.rates.currency)
    if text == NONE:
        return {"text": NONE, "tone": "quiet", "sort": -1, "href": href if total.documents else ""}
    sort = float(total.of(book.rates.currency))
    return {"text": text, "href": href, "tone": "plain", "sort": sort, "title": at_which_rates(total, book.rates)}


def hours_cell(total: Total) -> dict[str, Any]:
    """Hours worked."""
    return {
        "text": f"{total.hours:,.1f}" if total.hours else NONE,
        "tone": "plain",
        "sort": float(total.hours),
        "href": "",
    }


def table_csv(book: Book, scope: SpendScope, simulated: bool) -> str:
    """The table as CSV: every stage with its money by currency, documents and hours, and what it is a table of."""
    text = io.StringIO()
    write = csv.writer(text).writerow
    cut = scope.address.cut
    head = (
        "stage",
        "documents",
        "without_amount",
        "currency",
        "amount",
        "hours",
        "from_utc",
        "as_of_utc",
        "simulated",
    )
    write((cut, *head))
    until = (utc_day(scope.since + 1) if scope.days else "", f"{utc(scope.as_of):%Y-%m-%d %H:%M}", int(simulated))
    for value in cut_values(book):
        for stage in CSV_STAGES:
            for currency, total in by_currency(book, stage, value).items():
                told = (stage, total.documents, total.untold, currency, total.of(currency), total.hours)
                write((safe(value or "not told"), *told, *until))
        left = book.left(cut=value) if book.budgeted else Total()
        for currency, amount in sorted(left.money.items()):
            write((safe(value or "not told"), "left_of_budget", left.documents, 0, currency, amount, 0, *until))
    return text.getvalue()


def by_currency(book: Book, stage: str, value: str) -> dict[str, Total]:
    """What stands in a stage and a value of the cut, apart by currency: each document in one of them."""
    rows = [row for row in book.rows if row.current and row.stage == stage and row.cut == value]
    return {name: added(row for row in rows if row.currency == name) for name in sorted({row.currency for row in rows})}


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def csv_name(scope: Scope) -> str:
    """The name of the file."""
    return f"spend-by-{scope.address.cut}-{utc_day(scope.as_of)}.csv"
