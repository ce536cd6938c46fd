"""How the sums of a period stand: against the months before, against budgets, and against their documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from metrics.ledger.book import TITLES, Book, Total
from metrics.ledger.period import Period
from metrics.queries.spend_rows import SpendCheck
from metrics.texts.shown import count, utc

_OVER, _AHEAD = 1.0, 1.15
"""A budget is spent at 1; using it so much faster than the time of the period goes by is worth a look."""
Tone = Literal["good", "warn", "bad"]
UNBUDGETED: Final = "Budgets are not set by this, so only their sum is held against the rest"


class Used(NamedTuple):
    """How much of a budget is used (1 is all of it), and whether that is worth a look."""

    share: float
    tone: Tone


class Standing(NamedTuple):
    """How budgets are kept, in words, and whether that is worth a look."""

    words: str
    tone: Tone


def left_status(book: Book) -> Standing:
    """Whether the budgets are kept; nothing is said where none of their money has a rate into the currency."""
    budget, currency = book.total("budget"), book.rates.currency
    if not budget.of(currency) and budget.others(currency):
        return Standing(f"None in {currency}", "warn")
    return Standing("Over budget", "bad") if book.left().of(currency) < 0 else Standing("Within budget", "good")


def used_of_budget(book: Book, labour: int, period: Period) -> Used | None:
    """How much of the budgets for agency labour (1) or for all else (0) is used; None without any."""
    currency = book.rates.currency
    budget = book.budget(labour).of(currency)
    if budget <= 0:
        return None
    share = float(book.used(labour).of(currency) / budget)
    gone = (period.months - 1 + period.gone) / period.months if period.months else 1.0
    return Used(share, "bad" if share > _OVER else "warn" if share > gone * _AHEAD else "good")


def known_before(ever: Book, period: Period) -> bool:
    """Whether documents reach back behind the months to compare with, so that these are whole."""
    return bool(period.days) and min(row.month for row in ever.rows) < f"{utc(period.before + 1):%Y-%m}"


def against(now: Total, before: Total, currency: str, period: Period) -> str:
    """How a sum stands to that of as many days of the months before; '' where there is nothing to compare with."""
    if not period.months or not before.of(currency):
        return ""
    moved = float(now.of(currency) / before.of(currency)) - 1
    sign = "▲" if moved > 0 else "▼"
    months = "month" if period.months == 1 else f"{period.months} months"
    return f"{sign} {abs(moved) * 100:,.0f} % on the same days of the {months} before"


def premium_share(premium: Total, worked: Total) -> float | None:
    """The share of premium in hours worked."""
    return float(premium.hours / worked.hours) if worked.hours else None


def reconciliation(book: Book, checks: Sequence[SpendCheck]) -> str:
    """Whether the sums are those of the documents counted one by one, to the cent."""
    counted = sum(check.documents for check in checks)
    rows = [row for row in book.rows if row.current]
    shown = sum(row.documents for row in rows)
    untold, converted = sum(row.untold for row in rows), sum(row.converted for row in rows)
    apart = [check.stage for check in checks if not agrees(book, check)]
    notes = [f"{count(untold)} tell no amount" if untold else ""]
    notes.append(f"{count(converted)} were converted at declared rates" if converted else "")
    if not book.budgeted and book.total("budget").documents:
        notes.append(UNBUDGETED)
    note = "".join(f" {text}." for text in notes if text)
    if apart or counted != shown:
        wrong = ", ".join(TITLES.get(stage, stage) for stage in apart) or "their number differs"
        return f"The rows do not reconcile with their {count(counted)} documents ({wrong}).{note}"
    return f"Totals reconcile with {count(counted)} documents to the cent.{note}"


def agrees(book: Book, check: SpendCheck) -> bool:
    """Whether one stage has the same documents, and the same money in each currency that was not converted."""
    total = book.total(check.stage)
    if total.documents != check.documents:
        return False
    rates = book.rates
    mixed = {rates.currency, *(key.partition(" ")[0] for key in rates.worth)} if total.converted else set[str]()
    own = {name: Decimal(value) for name, value in zip(check.currencies, check.amounts, strict=True)}
    return all(total.of(name) == own.get(name, 0) for name in {*own, *total.money} - mixed)


def cut_values(book: Book) -> list[str]:
    """The values of the cut in the period, most committed first; what nobody tells comes last."""
    currency = book.rates.currency
    values = {row.cut for row in book.rows if row.current}
    return sorted(values, key=lambda value: (value == "", -book.total("committed", cut=value).of(currency), value))
