"""The tiles of Spend & labour: what is committed, invoiced and paid, what is held up, what labour costs."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html

from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.spend_book import asked_of, read_book, spend_scope, to_documents, wait_for_turn
from dashboards.spend_period import SpendScope
from dashboards.spend_vacancies import read_vacancies, vacancy_tile
from dashboards.wording import NONE, count, percent
from metrics.ledger.asking import UNTOLD, read_blocked
from metrics.ledger.book import Book, Total, short_money
from metrics.ledger.book import documents as documents_text
from metrics.ledger.causes import held_up, held_up_besides
from metrics.ledger.comparing import against, known_before, left_status, premium_share, used_of_budget
from metrics.ledger.rates import Rates
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.spend_rows import SpendBlocked

CARD = "spend-tiles"
SHOWN = ("left", "committed", "invoiced", "paid", "accrued", "blocked", "labour", "vacant")


def tile_row() -> html.Div:
    """All tiles, loading."""
    return html.Div([tile(name, CARD) for name in SHOWN], className="fg-tiles fg-tiles-eight")


def fill_tiles(reader: Reader, rates: Rates, cost: VacancyCost, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    wait_for_turn(request)
    scope = spend_scope(request)
    address = scope.address
    book, ever = read_book(reader, rates, scope), read_book(reader, rates, scope._replace(days=0))
    blocked = read_blocked(reader, asked_of(scope, rates))
    vacancies = read_vacancies(reader, rates, cost, scope)
    whole = known_before(ever, scope.period)
    links = {stage: to_documents(address, stage) for stage in ("committed", "invoiced", "paid")}
    links |= {"left": to_documents(address, "budget"), "labour": to_documents(address, "worked")}
    links |= {stage: to_documents(address, stage, period=0) for stage in ("accrued", "vacant")}
    links["blocked"] = address.link("/cases", process=most_blocked(blocked or ()), list="breached")
    values = {
        **left_tile(book, scope),
        **money_tiles(book, scope, whole),
        **accrued_tile(ever.total("accrued"), book.total("accrued"), rates.currency),
        **blocked_tile(blocked, rates.currency),
        **labour_tile(book, scope, whole),
        **vacancy_tile(vacancies, book.labour("worked"), book, cost, scope),
    }
    return leaf_values(request.outputs, values, links)


def most_blocked(blocked: Sequence[SpendBlocked]) -> str:
    """The process with the most money held up, else the most cases."""
    found = max(blocked, key=lambda one: (Decimal(one.amount), one.cases), default=None)
    return found.process if found else ""


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
        "left/status": Leaf(*left_status(book)),
        "left/note": Leaf(f"{', '.join(parts)}; {percent(scope.gone, 0)} of the month is over"),
    }


def budget_status(name: str, book: Book, labour: int, scope: SpendScope) -> dict[str, Leaf]:
    """How much of a budget is used; worth a look where it goes faster than the time of the period does."""
    used = used_of_budget(book, labour, scope.period)
    return {f"{name}/status": Leaf(f"{percent(used.share, 0)} of budget", used.tone)} if used else {}


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
        note = [documents_text(total), against(total, before, book.rates.currency, scope.period)]
        leaves[f"{stage}/note"] = Leaf(", ".join(part for part in note if part))
    return leaves | budget_status("committed", book, 0, scope)


def money_leaves(name: str, total: Total, currency: str) -> dict[str, Leaf]:
    """A sum with its unit; what has no rate stands beside it."""
    number, unit = short_money(total.of(currency), currency)
    others = "".join(f" + {value:,.0f} {other}" for other, value in sorted(total.others(currency).items()))
    return {f"{name}/value": Leaf(number if total.documents else NONE), f"{name}/unit": Leaf(unit + others)}


def blocked_tile(blocked: Sequence[SpendBlocked] | None, currency: str) -> dict[str, Leaf]:
    """Money held up in open cases with a broken deadline; None: the page is narrowed to what cases don't tell."""
    if blocked is None:
        return {"blocked/value": Leaf(NONE, "quiet"), "blocked/note": Leaf(UNTOLD)}
    money, cases = held_up(blocked, currency)
    number, unit = short_money(money, currency)
    besides = sorted(held_up_besides(blocked, currency).items())
    others = "".join(f" + {value:,.0f} {name}" for name, value in besides)
    return {
        "blocked/value": Leaf(number, "plain" if cases else "quiet"),
        "blocked/unit": Leaf(unit + others),
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
        against(worked, before, book.rates.currency, scope.period),
    ]
    leaves = money_leaves("labour", worked, book.rates.currency)
    leaves["labour/note"] = Leaf(", ".join(part for part in notes if part))
    return leaves | budget_status("labour", book, 1, scope)
