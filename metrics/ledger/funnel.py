"""The two funnels: money from request to payment and labour from demand to work, with the days between the steps."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from metrics.ledger.book import TITLES, Book, Total, documents, money_text
from metrics.ledger.comparing import premium_share
from metrics.queries.spend_rows import SpendDays
from metrics.texts.shown import count, duration, percent

MONEY_STEPS: Final = ("requested", "committed", "received", "invoiced", "paid")
LABOUR_STEPS: Final = ("demand", "approved", "assigned")
MEANINGS: Final[Mapping[str, str]] = {
    "requested": "what departments asked for",
    "committed": "orders placed",
    "received": "goods and services that arrived",
    "invoiced": "invoices that stand",
    "paid": "payments made",
    "demand": "requests for agency workers",
    "approved": "requests that may be filled",
    "assigned": "requests with a worker",
    "worked": "hours on timesheets",
    "premium": "overtime among them",
}


class Step(NamedTuple):
    """One line of a funnel.

    `share` of the widest, None where the step has another measure; `days` tells the time since the step before,
    `total` what its money is made of.
    """

    stage: str
    value: str
    note: str
    share: float | None
    days: str = ""
    total: Total = Total()

    @property
    def title(self) -> str:
        """The name of the step."""
        return TITLES[self.stage]

    @property
    def meaning(self) -> str:
        """What stands there, in a few words."""
        return MEANINGS[self.stage]


def money_steps(book: Book, days: Mapping[str, SpendDays]) -> list[Step]:
    """Requested to paid, in money."""
    currency = book.rates.currency
    totals = {stage: book.total(stage) for stage in MONEY_STEPS}
    widest = max((total.of(currency) for total in totals.values()), default=Decimal(0))
    steps = []
    for stage, total in totals.items():
        untold = f", {count(total.untold)} without an amount" if total.untold else ""
        share = float(total.of(currency) / widest) if widest else 0.0
        value = money_text(total, currency, currency)
        steps.append(Step(stage, value, f"{documents(total)}{untold}", share, between(days.get(stage)), total))
    return steps


def labour_steps(book: Book, days: Mapping[str, SpendDays]) -> list[Step]:
    """Asked for to worked, in requests and hours."""
    totals = {stage: book.total(stage) for stage in LABOUR_STEPS}
    widest = max((total.documents for total in totals.values()), default=0)
    steps = []
    for stage, total in totals.items():
        share = total.documents / widest if widest else None
        note = "" if share is None else percent(share, 0) + " of the most"
        steps.append(Step(stage, f"{count(total.documents)} requests", note, share or 0.0, between(days.get(stage))))
    worked, premium, currency = book.total("worked"), book.total("premium"), book.rates.currency
    hours = f"{worked.hours:,.0f} h on {documents(worked, 'timesheet')}"
    note = f"{percent(premium_share(premium, worked))} of the hours"
    steps.append(Step("worked", money_text(worked, currency, currency), hours, None))
    return [*steps, Step("premium", f"{premium.hours:,.0f} h", note, None)]


def between(days: SpendDays | None) -> str:
    """The median time from the step before, in words."""
    return f"{duration(days.median_us)} after the step before, median of {count(days.pairs)}" if days else ""
