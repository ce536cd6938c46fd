"""The tiles of Spend & labour: what is committed, invoiced and paid, what is held up, what labour costs."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html

from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.spend_book import Book, Total, narrowed, read_book, short_money, to_documents, wait_for_turn
from dashboards.spend_book import documents as documents_text
from dashboards.wording import NONE, count, percent
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendBlocked

CARD = "spend-tiles"
TILE_SPECS = (
    (
        "committed",
        "Committed",
        "Orders that stand, by the day they were made; against the budget reserved for requests.",
    ),
    ("invoiced", "Invoiced", "Invoices that stand, by the day they came in; refused and voided ones are out."),
    ("paid", "Paid", "Payments that were made, by the day they were first told; returned and voided ones are out."),
    (
        "blocked",
        "Held up",
        "What open requests with a broken deadline asked for, each request once, whatever their day.",
    ),
    ("labour", "Agency labour", "What timesheets of agency workers come to; sent back ones are out."),
    (
        "premium",
        "Premium hours",
        "Overtime as timesheets tell it, else hours above 40 in a sheet, of all hours worked.",
    ),
)


def tile_row() -> html.Div:
    """All tiles, loading."""
    return html.Div([tile(*spec, card=CARD) for spec in TILE_SPECS], className="fg-tiles fg-tiles-six")


def fill_tiles(reader: Reader, rates: Rates, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    wait_for_turn(request)
    scope = request.scope
    book = read_book(reader, rates, scope)
    blocked = read_blocked(reader, rates, scope)
    address = scope.address
    links = {stage: to_documents(address, stage) for stage in ("committed", "invoiced", "paid")}
    links |= {"labour": to_documents(address, "worked"), "premium": to_documents(address, "premium")}
    links["blocked"] = address.link("/cases", process=most_blocked(blocked), list="breached")
    values = {
        **money_tiles(book, scope.days),
        **blocked_tile(blocked, rates.currency),
        **labour_tiles(book, scope.days),
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


def money_tiles(book: Book, days: int) -> dict[str, Leaf]:
    """Committed, invoiced and paid."""
    leaves: dict[str, Leaf] = {}
    for stage in ("committed", "invoiced", "paid"):
        total = book.total(stage)
        leaves |= money_leaves(stage, total, book.rates.currency)
        note = [documents_text(total), against(total, book.total(stage, current=False), book.rates.currency, days)]
        leaves[f"{stage}/note"] = Leaf(", ".join(part for part in note if part))
    reserved, committed = (book.total(stage).of(book.rates.currency) for stage in ("reserved", "committed"))
    if reserved:
        share = float(committed / reserved)
        within = committed <= reserved
        leaves["committed/status"] = Leaf(f"{percent(share, 0)} of budget reserved", "good" if within else "warn")
    return leaves


def money_leaves(name: str, total: Total, currency: str) -> dict[str, Leaf]:
    """A sum with its unit; what has no rate stands beside it."""
    number, unit = short_money(total.of(currency), currency)
    others = "".join(f" + {value:,.0f} {other}" for other, value in sorted(total.others(currency).items()))
    return {f"{name}/value": Leaf(number if total.documents else NONE), f"{name}/unit": Leaf(unit + others)}


def against(now: Total, before: Total, currency: str, days: int) -> str:
    """How a sum stands to that of the period before."""
    if not days or not before.of(currency):
        return ""
    moved = float(now.of(currency) / before.of(currency)) - 1
    sign = "▲" if moved > 0 else "▼"
    return f"{sign} {abs(moved) * 100:,.0f} % on the {days} days before"


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


def labour_tiles(book: Book, days: int) -> dict[str, Leaf]:
    """Money and hours of agency labour."""
    worked, premium = book.labour("worked"), book.labour("premium")
    before, premium_before = book.labour("worked", current=False), book.labour("premium", current=False)
    told = f"{worked.hours:,.0f} h told by {documents_text(worked, 'timesheet')}"
    moved = against(worked, before, book.rates.currency, days)
    leaves: dict[str, Leaf] = money_leaves("labour", worked, book.rates.currency)
    leaves["labour/note"] = Leaf(", ".join(part for part in (told, moved) if part))
    return leaves | premium_leaves(premium, worked, premium_share(premium_before, before) if days else None)


def premium_share(premium: Total, worked: Total) -> float | None:
    """The share of premium in hours worked."""
    return float(premium.hours / worked.hours) if worked.hours else None


def premium_leaves(premium: Total, worked: Total, before: float | None) -> dict[str, Leaf]:
    """The share of premium hours, and how it was before."""
    share = premium_share(premium, worked)
    was = "" if before is None else f", {percent(before)} before"
    return {
        "premium/value": Leaf(NONE if share is None else f"{share * 100:.1f}", "plain" if share else "quiet"),
        "premium/unit": Leaf("" if share is None else "% of hours"),
        "premium/note": Leaf(f"{premium.hours:,.0f} h of {worked.hours:,.0f} h worked{was}"),
    }
