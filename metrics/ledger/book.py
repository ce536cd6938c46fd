"""What stands in the ledger of a period, and how it is added up: exact decimals by currency.

Amounts without a rate stay in a currency of their own and are never added to others.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendSum
from metrics.texts.shown import NONE, count, humanised

NOT_TOLD = "?"
"""Stands for 'no document says' in the filters of queries."""
MONEY_STAGES = ("budget", "requested", "reserved", "committed", "received", "accrued", "invoiced", "paid")
LABOUR_STAGES = ("demand", "approved", "assigned", "worked", "premium")
TITLES = {
    "budget": "Budget",
    "requested": "Requested",
    "reserved": "Budget reserved",
    "committed": "Committed",
    "received": "Received",
    "accrued": "Not billed yet",
    "invoiced": "Invoiced",
    "paid": "Paid",
    "demand": "Asked for",
    "approved": "Approved",
    "assigned": "Assigned",
    "worked": "Worked",
    "premium": "Premium hours",
    "vacant": "Open positions",
}
CUTS = {
    "facility": "Facility",
    "department": "Department",
    "cost_center": "Cost centre",
    "supplier": "Supplier",
    "process": "Process",
    "legal_entity": "Legal entity",
}


class Total(NamedTuple):
    """Documents with their money by currency and their hours.

    `untold` have no amount, `converted` had another currency: `origins` are these with the months of
    their rates.
    """

    documents: int = 0
    untold: int = 0
    converted: int = 0
    hours: Decimal = Decimal(0)
    money: Mapping[str, Decimal] = {}
    origins: frozenset[tuple[str, str]] = frozenset()

    def of(self, currency: str) -> Decimal:
        """The money in one currency."""
        return self.money.get(currency, Decimal(0))

    def others(self, currency: str) -> dict[str, Decimal]:
        """The money that no rate brings into `currency`."""
        return {name: value for name, value in self.money.items() if name not in (currency, "") and value}


class Book(NamedTuple):
    """The rows of the ledger that a page is about, and the currency it is shown in."""

    rows: tuple[SpendSum, ...]
    rates: Rates

    def total(self, stage: str, *, current: bool = True, cut: str | None = None, month: str = "") -> Total:
        """What stands in a stage, in the period or in the one before, perhaps in one value of the cut or one month."""
        return added(
            row
            for row in self.rows
            if row.stage == stage
            and row.current == current
            and (cut is None or row.cut == cut)
            and (not month or row.month == month)
        )

    def labour(self, stage: str, *, current: bool = True, cut: str | None = None) -> Total:
        """The part of a stage that is labour."""
        return self._part(stage, 1, current, cut, "")

    def besides(self, stage: str) -> Total:
        """The part of a stage that is no labour."""
        return self._part(stage, 0, True, None, "")

    def budget(self, labour: int, *, month: str = "") -> Total:
        """The budgets for agency labour (1) or for all else (0)."""
        return self._part("budget", labour, True, None, month)

    def used(self, labour: int, *, cut: str | None = None, month: str = "") -> Total:
        """What counts against a budget: orders for what is no labour, the hours that agency labour worked."""
        return self._part("worked" if labour else "committed", labour, True, cut, month)

    def left(self, labour: int | None = None, *, cut: str | None = None, month: str = "") -> Total:
        """What is left of the budgets, of the one for agency labour (1), of the other (0) or of both, by currency."""
        kinds = (0, 1) if labour is None else (labour,)
        budgets = [self._part("budget", kind, True, cut, month) for kind in kinds]
        left = dict[str, Decimal]()
        for sign, totals in ((1, budgets), (-1, [self.used(kind, cut=cut, month=month) for kind in kinds])):
            for total in totals:
                for name, value in total.money.items():
                    left[name] = left.get(name, Decimal(0)) + sign * value
        return Total(
            sum(total.documents for total in budgets), money={name: value for name, value in left.items() if name}
        )

    @property
    def budgeted(self) -> bool:
        """Whether budgets tell the cut: else only the sum over all of its values can be held against them."""
        return any(row.stage == "budget" and row.current and row.cut for row in self.rows)

    def _part(self, stage: str, labour: int, current: bool, cut: str | None, month: str) -> Total:
        return added(
            row
            for row in self.rows
            if (row.stage, row.labour, row.current) == (stage, labour, current)
            and (cut is None or row.cut == cut)
            and (not month or row.month == month)
        )


def added(rows: Iterable[SpendSum]) -> Total:
    """The sum of rows."""
    documents = untold = converted = 0
    hours, money, origins = Decimal(0), dict[str, Decimal](), set[tuple[str, str]]()
    for row in rows:
        origins.update((own, row.month) for own in row.origins)
        documents, untold, converted = documents + row.documents, untold + row.untold, converted + row.converted
        hours += Decimal(row.hours)
        money[row.currency] = money.get(row.currency, Decimal(0)) + Decimal(row.amount)
    return Total(documents, untold, converted, hours, money, frozenset(origins))


def named(cut: str, value: str) -> str:
    """A value of a cut in words."""
    if not value:
        return "Not told"
    return humanised(value) if cut in ("facility", "department", "process") else value


def short_money(value: Decimal, currency: str) -> tuple[str, str]:
    """Money for a headline: its number and its unit, such as ('12.4', 'M USD')."""
    size, sign = abs(value), "−" if value < 0 else ""
    for limit, divisor, unit in ((10**9, 10**9, "bn "), (10**6, 10**6, "M "), (10**4, 10**3, "k ")):
        if size >= limit:
            scaled = size / divisor
            return sign + (f"{scaled:,.0f}" if scaled >= 100 else f"{scaled:,.1f}"), unit + currency
    return f"{sign}{size:,.0f}", currency


def money_text(total: Total, currency: str, unit: str = "") -> str:
    """Money to the cent, and what is in other currencies; a dash where no document has an amount.

    `unit` stands behind the money in `currency`.
    """
    if total.documents == total.untold:
        return NONE
    parts = [f"{total.of(currency):,.2f} {unit}".strip()] if total.of(currency) or not total.others(currency) else []
    return " + ".join([*parts, *(f"{value:,.2f} {name}" for name, value in sorted(total.others(currency).items()))])


def signed(left: Total, currency: str) -> str:
    """Money to the cent with its sign, and what is in other currencies."""
    others = "".join(f" {value:+,.2f} {name}" for name, value in sorted(left.others(currency).items()))
    return f"{left.of(currency):,.2f}{others}".replace("-", "−")


def documents(total: Total, word: str = "document") -> str:
    """How many documents, in words."""
    return f"{count(total.documents)} {word}{'' if total.documents == 1 else 's'}"
