"""What the report on spend and labour says: texts and shares of an overview, ready to be drawn or mailed. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from metrics.figures.wording import both, interval
from metrics.ledger.asking import UNTOLD
from metrics.ledger.book import CUTS, MONEY_STAGES, NOT_TOLD, TITLES, Book, Total, documents, named
from metrics.ledger.causes import held_up, held_up_besides
from metrics.ledger.comparing import Tone, against, known_before, left_status, premium_share, used_of_budget
from metrics.ledger.overview import Overview
from metrics.ledger.period import Period
from metrics.queries.restatement_rows import Restatement
from metrics.texts.shown import NONE, count, percent, utc

TITLE: Final = "Spend & labour"
NO_BUDGET: Final = "No budget of these months is known"


class Headline(NamedTuple):
    """One of the four numbers: `target` is what it is held against, `changed` what of it was restated since."""

    title: str
    value: str
    unit: str
    target: str
    tone: Tone | None
    trend: str
    changed: str


class Small(NamedTuple):
    """A number of the second row."""

    title: str
    value: str
    note: str


class BudgetLine(NamedTuple):
    """A budget and what counts against it, money to the cent; `share` is how much of it is used, 1 is all."""

    title: str
    used: str
    budget: str
    left: str
    share: float
    tone: Tone


def headlines(told: Overview) -> list[Headline]:
    """Left of budget, committed, agency labour and paid."""
    book, period, currency = told.book, told.period, told.asked.rates.currency
    whole = known_before(told.ever, period)

    def headline(stage: str, title: str, total: Total, before: Total, target: str, tone: Tone | None) -> Headline:
        trend = against(total, before if whole else Total(), currency, period).replace(" same days of the", "")
        return Headline(title, *big(total, currency), target, tone, trend or "No months before", changed(told, stage))

    orders, labour = used_of_budget(book, 0, period), used_of_budget(book, 1, period)
    worked, committed, paid = book.labour("worked"), book.total("committed"), book.total("paid")
    invoiced = book.total("invoiced").of(currency)
    of_bills = f"{percent(float(paid.of(currency) / invoiced), 0)} of what was invoiced" if invoiced else ""
    return [
        _left(told),
        headline(
            "committed", "Committed", committed, book.total("committed", current=False),
            _of_budget(book, 0, orders.share if orders else None), orders.tone if orders else None,
        ),
        headline(
            "worked", "Agency labour", worked, book.labour("worked", current=False),
            _of_budget(book, 1, labour.share if labour else None), labour.tone if labour else None,
        ),
        headline("paid", "Paid", paid, book.total("paid", current=False), of_bills, None),
    ]  # fmt: skip


def _left(told: Overview) -> Headline:
    book, currency = told.book, told.asked.rates.currency
    left = book.left()
    if not left.documents:
        return Headline("Left of budget", NONE, "", NO_BUDGET, None, "", changed(told, "budget"))
    status = left_status(book)
    trend = f"{percent(told.period.gone, 0)} of {utc(told.period.as_of):%B} is over"
    if status.tone == "warn":
        return Headline("Left of budget", NONE, "", status.words, status.tone, trend, changed(told, "budget"))
    target, value = f"{status.words} {book.total('budget').of(currency):,.2f}", cents(left.of(currency))
    return Headline("Left of budget", value, currency, target, status.tone, trend, changed(told, "budget"))


def _of_budget(book: Book, labour: int, share: float | None) -> str:
    currency = book.rates.currency
    if share is None:
        return f"No budget in {currency}" if book.budget(labour).documents else NO_BUDGET
    return f"{percent(share, 0)} of budget {book.budget(labour).of(currency):,.2f}"


def big(total: Total, currency: str) -> tuple[str, str]:
    """A headline's number to the cent, and its unit; what has no rate is told apart (`without_rate`)."""
    return (cents(total.of(currency)), currency) if total.documents else (NONE, "")


def smalls(told: Overview) -> list[Small]:
    """Invoiced, received and not billed, held up, open positions."""
    book, currency = told.book, told.asked.rates.currency
    invoiced, accrued = book.total("invoiced"), told.ever.total("accrued")
    positions = sum(one.positions for one in told.vacancies)
    a_day = sum((one.a_day for one in told.vacancies), Decimal(0))
    share = percent(premium_share(book.labour("premium"), book.labour("worked")))
    return [
        Small("Invoiced", " ".join(big(invoiced, currency)), documents(invoiced, "invoice")),
        Small("Received, not billed", " ".join(big(accrued, currency)), "of all months"),
        _held_up(told),
        Small("Agency hours", f"{book.labour('worked').hours:,.0f} h", f"{share} of them premium"),
        Small("Open positions", count(positions), f"{a_day:,.2f} {told.cost.currency} a day"),
    ]


def _held_up(told: Overview) -> Small:
    """The money held up, and beside it what no rate brings into the currency."""
    if told.blocked is None:
        return Small("Held up", NONE, UNTOLD)
    currency = told.asked.rates.currency
    money, cases = held_up(told.blocked, currency)
    besides = sorted(held_up_besides(told.blocked, currency).items())
    value = " + ".join(f"{amount:,.2f} {name}" for name, amount in ((currency, money), *besides))
    return Small("Held up", value, f"{count(cases)} requests past a deadline")


def changed(told: Overview, stage: str) -> str:
    """By how much published figures of a stage changed since, over the months of the period.

    '' where that can't be told of what is shown: of less than the whole ledger, or in other currencies alone.
    """
    if told.changes is None:
        return ""
    found = [one for one in of_period(told.changes, told.period) if _stage(one) == stage]
    own = [one for one in found if one.currency == told.asked.rates.currency]
    moved = sum((_amount(one.after) - _amount(one.before) for one in own), Decimal(0))
    if moved:
        return f"Restated by {moved:+,.2f}".replace("-", "−")
    return "" if found else "Not restated since"


def of_period(changes: Iterable[Restatement], period: Period) -> list[Restatement]:
    """The changes of monthly figures of the period, newest first."""
    first = f"{utc(period.since + 1):%Y-%m}" if period.days else ""
    last = f"{utc(period.as_of):%Y-%m}"
    return [one for one in changes if one.unit == "month" and first <= one.start[:7] <= last]


def _stage(one: Restatement) -> str:
    return one.name.partition("/")[2]


def _amount(figures: str) -> Decimal:
    said = msgspec.json.decode(figures, type=dict[str, str])
    return Decimal(said.get("amount") or 0)


def restated_words(changes: Iterable[Restatement] | None, period: Period) -> str:
    """How many published figures of the period changed since, and the newest change; None: it can't be told."""
    if changes is None:
        return "Restatements are told of the whole ledger only."
    found = of_period(changes, period)
    if not found:
        return "No published figure of these months has been restated."
    newest, figures = found[0], {(one.name, one.currency, one.start) for one in found}
    was, now = both(newest.figure, newest.before, newest.after, newest.currency)
    part = "agency labour, " if newest.name.startswith("labour/") else ""
    about = f"{interval(newest.unit, newest.start)}, {part}{TITLES.get(_stage(newest), _stage(newest)).lower()}"
    rest = "" if len(figures) == 1 else f" {count(len(figures) - 1)} more figures of these months were restated."
    return f"Restated: {about}, was {was}, is {now}.{rest}"


def scope_words(filters: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """What the report is narrowed to; `titles` by process."""
    said = []
    for name, value in filters.items():
        if value:
            cut = "process" if name == "booked" else name
            told = "not told" if value == NOT_TOLD else titles.get(value, named(cut, value))
            said.append(f"{CUTS[cut]}: {told}")
    return " · ".join(said) or "All facilities, departments, cost centres, suppliers and processes"


def budget_lines(told: Overview) -> list[BudgetLine]:
    """Orders, agency labour, and both together; none without a budget."""
    book, currency = told.book, told.asked.rates.currency
    found = []
    for title, kind in (("Orders", 0), ("Agency labour", 1)):
        used = used_of_budget(book, kind, told.period)
        if used:
            spent, budget, left = (one.of(currency) for one in (book.used(kind), book.budget(kind), book.left(kind)))
            found.append(_budget_line(title, spent, budget, left, used.tone))
    if found:
        spent = book.used(0).of(currency) + book.used(1).of(currency)
        budget, left = book.total("budget").of(currency), book.left().of(currency)
        found.append(_budget_line("Together", spent, budget, left, "bad" if left < 0 else "good"))
    return found


def _budget_line(title: str, used: Decimal, budget: Decimal, left: Decimal, tone: Tone) -> BudgetLine:
    share = float(used / budget) if budget else 0.0
    return BudgetLine(title, cents(used), cents(budget), cents(left), share, tone)


def cents(value: Decimal) -> str:
    """Money without its currency."""
    return f"{value:,.2f}".replace("-", "−")


def together(totals: Iterable[Total]) -> Total:
    """The sum of totals."""
    money: dict[str, Decimal] = {}
    parts = list(totals)
    for one in parts:
        for name, value in one.money.items():
            money[name] = money.get(name, Decimal(0)) + value
    return Total(
        sum(one.documents for one in parts), sum(one.untold for one in parts), sum(one.converted for one in parts),
        sum((one.hours for one in parts), Decimal(0)), money,
    )  # fmt: skip


def summary(told: Overview, titles: Mapping[str, str], reader: str = "") -> str:
    """The report in a few lines of plain text, for a mail. `reader`: as whom it is read, '' for everybody."""
    scope = scope_words(told.asked.filters, titles) + (f", as {reader} may see it" if reader else "")
    lines = [f"{TITLE}, {told.period.words}", scope, f"Data as of {utc(told.newest):%Y-%m-%d %H:%M} UTC", ""]
    for one in headlines(told):
        parts = (f"{one.title}: {one.value} {one.unit}".strip(), one.target, one.trend, one.changed)
        lines.append(". ".join(part for part in parts if part) + ".")
    lines += [f"{one.title}: {one.value} ({one.note})." for one in smalls(told)]
    apart = without_rate(told.book)
    return "\n".join([*lines, *([apart] if apart else []), "", restated_words(told.changes, told.period)])


def without_rate(book: Book) -> str:
    """Money that no rate brings into the currency of the report, and that is in none of its sums; '' for none."""
    said = [
        f"{TITLES[stage].lower()} {value:,.2f} {name}"
        for stage in (*MONEY_STAGES, "worked")
        for name, value in sorted(book.total(stage).others(book.rates.currency).items())
    ]
    return f"Without a rate, and in no sum: {', '.join(said)}." if said else ""
