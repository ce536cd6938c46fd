"""The tiles of Spend & labour: what is committed, invoiced and paid, what is held up, what labour costs."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html

from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.spend_book import (
    Book,
    Total,
    narrowed,
    read_book,
    short_money,
    spend_scope,
    to_documents,
    wait_for_turn,
)
from dashboards.spend_book import documents as documents_text
from dashboards.spend_period import SpendScope
from dashboards.spend_vacancies import read_vacancies, vacancy_tile
from dashboards.wording import NONE, count, percent, utc
from metrics.ledger.rates import Rates
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.spend_rows import SpendBlocked

CARD = "spend-tiles"
TILE_SPECS = (
    (
        "left",
        "Left of budget",
        "Budgets of the period's months less what counts against them: orders, and agency labour as worked. "
        "An order for agency labour counts by its hours, once.",
    ),
    ("committed", "Committed", "Orders that stand, by the day they were made; against the budgets of these months."),
    ("invoiced", "Invoiced", "Invoices that stand, by the day they came in; refused and voided ones are out."),
    ("paid", "Paid", "Payments that were made, by the day they were first told; returned and voided ones are out."),
    (
        "accrued",
        "Received, not billed",
        "What receipts are worth that no invoice covers yet, of all months: by order, what came first is billed first.",
    ),
    (
        "blocked",
        "Held up",
        "What open requests with a broken deadline asked for, each request once, whatever their day.",
    ),
    (
        "labour",
        "Agency labour",
        "What timesheets of agency workers come to, against the budgets for agency labour; sent back ones are out. "
        "Premium hours are overtime as told, else hours above 40 in a sheet.",
    ),
    (
        "vacant",
        "Open positions",
        "Positions approved or given up that nobody holds, times the declared cost of a day (its source is below).",
    ),
)
_OVER, _AHEAD = 1.0, 1.15
"""A budget is spent at 1; committing so much faster than the month goes by is worth a look."""


def tile_row() -> html.Div:
    """All tiles, loading."""
    return html.Div([tile(*spec, card=CARD) for spec in TILE_SPECS], className="fg-tiles fg-tiles-eight")


def fill_tiles(reader: Reader, rates: Rates, cost: VacancyCost, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    wait_for_turn(request)
    scope = spend_scope(request)
    address = scope.address
    book, ever = read_book(reader, rates, scope), read_book(reader, rates, scope._replace(days=0))
    blocked = read_blocked(reader, rates, scope)
    vacancies = read_vacancies(reader, cost, scope)
    whole = known_before(ever, scope)
    links = {stage: to_documents(address, stage) for stage in ("committed", "invoiced", "paid")}
    links |= {"left": to_documents(address, "budget"), "labour": to_documents(address, "worked")}
    links |= {stage: to_documents(address, stage, period=0) for stage in ("accrued", "vacant")}
    links["blocked"] = address.link("/cases", process=most_blocked(blocked), list="breached")
    values = {
        **left_tile(book, scope),
        **money_tiles(book, scope, whole),
        **accrued_tile(ever.total("accrued"), book.total("accrued"), rates.currency),
        **blocked_tile(blocked, rates.currency),
        **labour_tile(book, scope, whole),
        **vacancy_tile(vacancies, book.labour("worked"), book, cost, scope),
    }
    return leaf_values(request.outputs, values, links)


def read_blocked(reader: Reader, rates: Rates, scope: Scope) -> list[SpendBlocked]:
    """Open cases with a broken deadline and the money they asked for, by cause."""
    place = {name: value for name, value in narrowed(scope.address).items() if name in ("facility", "department")}
    return reader.rows("spend_blocked", SpendBlocked, **place, **rates.parameters)


def most_blocked(blocked: Sequence[SpendBlocked]) -> str:
    """The process with the most money held up, else the most cases."""
    found = max(blocked, key=lambda one: (Decimal(one.amount), one.cases), default=None)
    return found.process if found else ""


def known_before(ever: Book, scope: SpendScope) -> bool:
    """Whether documents reach back behind the months to compare with, so that these are whole."""
    return bool(scope.days) and min(row.month for row in ever.rows) < f"{utc(scope.before + 1):%Y-%m}"


def left_tile(book: Book, scope: SpendScope) -> dict[str, Leaf]:
    """What is left of all budgets; without any, that none is known."""
    left, currency = book.left(), book.rates.currency
    if not left.documents:
        return {"left/value": Leaf(NONE, "quiet"), "left/note": Leaf("No budget of these months is known")}
    leaves = money_leaves("left", left, currency)
    spend, labour = (book.left(kind).of(currency) for kind in (0, 1))
    parts = [
        f"orders {' '.join(short_money(spend, currency))}",
        f"agency labour {' '.join(short_money(labour, currency))}",
    ]
    return leaves | {
        "left/status": Leaf("Over budget", "bad") if left.of(currency) < 0 else Leaf("Within budget", "good"),
        "left/note": Leaf(f"{', '.join(parts)}; {percent(scope.gone, 0)} of the month is over"),
    }


def budget_status(name: str, book: Book, labour: int, scope: SpendScope) -> dict[str, Leaf]:
    """How much of a budget is used; worth a look where it goes faster than the time of the period does."""
    currency = book.rates.currency
    budget = book.budget(labour).of(currency)
    if budget <= 0:
        return {}
    share = float(book.used(labour).of(currency) / budget)
    gone = (scope.months - 1 + scope.gone) / scope.months if scope.months else 1.0
    tone = "bad" if share > _OVER else "warn" if share > gone * _AHEAD else "good"
    return {f"{name}/status": Leaf(f"{percent(share, 0)} of budget", tone)}


def accrued_tile(ever: Total, period: Total, currency: str) -> dict[str, Leaf]:
    """What is owed for what came in, of all months, and how much of it came in the period."""
    recent = " ".join(short_money(period.of(currency), currency))
    untold = f", {count(ever.untold)} without an amount" if ever.untold else ""
    told = f"{documents_text(ever, 'receipt')}{untold}; {recent} of it from these months"
    return money_leaves("accrued", ever, currency) | {
        "accrued/note": Leaf(told if ever.documents else "Everything is billed")
    }


def money_tiles(book: Book, scope: SpendScope, whole: bool) -> dict[str, Leaf]:
    """Committed, invoiced and paid."""
    leaves: dict[str, Leaf] = {}
    for stage in ("committed", "invoiced", "paid"):
        total = book.total(stage)
        leaves |= money_leaves(stage, total, book.rates.currency)
        before = book.total(stage, current=False) if whole else Total()
        note = [documents_text(total), against(total, before, book.rates.currency, scope)]
        leaves[f"{stage}/note"] = Leaf(", ".join(part for part in note if part))
    return leaves | budget_status("committed", book, 0, scope)


def money_leaves(name: str, total: Total, currency: str) -> dict[str, Leaf]:
    """A sum with its unit; what has no rate stands beside it."""
    number, unit = short_money(total.of(currency), currency)
    others = "".join(f" + {value:,.0f} {other}" for other, value in sorted(total.others(currency).items()))
    return {f"{name}/value": Leaf(number if total.documents else NONE), f"{name}/unit": Leaf(unit + others)}


def against(now: Total, before: Total, currency: str, scope: SpendScope) -> str:
    """How a sum stands to that of as many days of the months before."""
    if not scope.months or not before.of(currency):
        return ""
    moved = float(now.of(currency) / before.of(currency)) - 1
    sign = "▲" if moved > 0 else "▼"
    months = "month" if scope.months == 1 else f"{scope.months} months"
    return f"{sign} {abs(moved) * 100:,.0f} % on the same days of the {months} before"


def blocked_tile(blocked: Sequence[SpendBlocked], currency: str) -> dict[str, Leaf]:
    """Money held up in open cases with a broken deadline."""
    money = sum((Decimal(one.amount) for one in blocked if one.currency == currency), Decimal(0))
    cases = sum(one.cases for one in blocked if one.untold < one.cases)
    number, unit = short_money(money, currency)
    return {
        "blocked/value": Leaf(number, "plain" if cases else "quiet"),
        "blocked/unit": Leaf(unit),
        "blocked/status": Leaf("Held up", "bad") if cases else Leaf("Nothing held up", "good"),
        "blocked/note": Leaf(f"{count(cases)} requests past a deadline" if cases else ""),
    }


def labour_tile(book: Book, scope: SpendScope, whole: bool) -> dict[str, Leaf]:
    """Money and hours of agency labour, and the premium hours among them."""
    worked, premium = book.labour("worked"), book.labour("premium")
    before = book.labour("worked", current=False) if whole else Total()
    share = premium_share(premium, worked)
    notes = [
        f"{worked.hours:,.0f} h",
        "" if share is None else f"{percent(share)} of them premium",
        against(worked, before, book.rates.currency, scope),
    ]
    leaves = money_leaves("labour", worked, book.rates.currency)
    leaves["labour/note"] = Leaf(", ".join(part for part in notes if part))
    return leaves | budget_status("labour", book, 1, scope)


def premium_share(premium: Total, worked: Total) -> float | None:
    """The share of premium in hours worked."""
    return float(premium.hours / worked.hours) if worked.hours else None
