"""The tables of the report on spend and labour: facility by process, months, causes. Texts, ready to be drawn. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from metrics.ledger.asking import UNTOLD
from metrics.ledger.book import Total, named
from metrics.ledger.causes import by_owner, money_words
from metrics.ledger.comparing import cut_values
from metrics.ledger.overview import ROWS, Overview
from metrics.reports.spend_words import cents, together
from metrics.reports.titles import Titles
from metrics.texts.shown import NONE, count

MOST_FACILITIES, MOST_PROCESSES, MOST_MONTHS, MOST_CAUSES = 7, 4, 12, 5
SUM_ROW: Final = "All together"
MONTH_STAGES: Final = ("committed", "invoiced", "paid")


class Table(NamedTuple):
    """Heads and rows of equal length; the last row is the sum of the others if `summed`. `note` stands below."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    summed: bool
    note: str = ""


class Month(NamedTuple):
    """One month's money in the report's currency: its bars (`budget` is that for orders) and its row."""

    name: str
    budget: float
    bars: tuple[float, ...]
    row: tuple[str, ...]


def places(told: Overview, titles: Titles) -> Table:
    """What was committed by facility and process, and agency labour and what is left of budgets beside it.

    Facilities and processes beyond those with most money are one row and one column, so that all adds up.
    """
    book, currency = told.book, told.asked.rates.currency
    values, shown = cut_values(book), _largest(told)
    rest = [name for name, one in told.by_process.items() if name not in shown and one.total("committed").documents]
    columns = [[name] for name in shown] + ([rest] if rest else [])
    heads = [titles.process(name) for name in shown] + (["Other processes"] if rest else [])
    groups = [[value] for value in values[:MOST_FACILITIES]]
    if len(values) > MOST_FACILITIES:
        groups = [*groups[:-1], values[MOST_FACILITIES - 1 :]]
    rows = [_place(told, group, columns) for group in groups]
    whole = _place(told, values, columns)
    last = (SUM_ROW, *whole[1:-1], cents(book.left().of(currency)) if book.total("budget").documents else NONE)
    return Table(("Facility", *heads, "Committed", "Agency labour", "Left of budget"), [*rows, last], True)


def _largest(told: Overview) -> list[str]:
    currency = told.asked.rates.currency
    order = sorted(told.by_process, key=lambda name: (-told.by_process[name].total("committed").of(currency), name))
    told_apart = [name for name in order if told.by_process[name].total("committed").documents]
    return told_apart[: MOST_PROCESSES if len(told_apart) > MOST_PROCESSES + 1 else MOST_PROCESSES + 1]


def _place(told: Overview, group: Sequence[str], columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    book, currency = told.book, told.asked.rates.currency

    def money(total: Total) -> str:
        return cents(total.of(currency)) if total.documents > total.untold else NONE

    cells = [
        money(together(told.by_process[name].total("committed", cut=value) for name in column for value in group))
        for column in columns
    ]
    all_of, worked = (together(book.total(stage, cut=value) for value in group) for stage in ("committed", "worked"))
    left = sum((book.left(cut=value).of(currency) for value in group), Decimal(0))
    name = named(ROWS, group[0]) if len(group) == 1 else f"{count(len(group))} others"
    return (name, *cells, money(all_of), money(worked), cents(left) if book.budgeted else NONE)


def months(told: Overview) -> list[Month]:
    """The newest months of the period, oldest first."""
    book, currency = told.book, told.asked.rates.currency
    names = sorted({row.month for row in book.rows if row.current})[-MOST_MONTHS:]
    found = []
    for name in names:
        totals = [book.total(stage, month=name) for stage in ("budget", *MONTH_STAGES, "worked")]
        row = [cents(one.of(currency)) if one.documents > one.untold else NONE for one in totals]
        bars = tuple(float(one.of(currency)) for one in totals[1:-1])
        said = f"{name} so far" if name == told.period.under_way else name
        found.append(Month(name, float(book.budget(0, month=name).of(currency)), bars, (said, *row)))
    return found


def month_heads(currency: str) -> tuple[str, ...]:
    """The heads of the months' table."""
    return (f"Month ({currency})", "Budget", "Committed", "Invoiced", "Paid", "Agency labour")


def causes(told: Overview, titles: Titles) -> Table:
    """The deadlines that hold most money up, with their owners; the rest is named below."""
    heads = ("Deadline broken first", "Process", "Owner", "Cases", "Money")
    if told.blocked is None:
        return Table(heads, [], False, f"{UNTOLD}.")
    blocked = by_owner(told.blocked, lambda one: titles.owner(one.process, one.sla, one.owner))
    rows = [
        (
            titles.deadline(one.process, one.sla), titles.process(one.process),
            one.owner or NONE, count(one.cases), money_words(one),
        )
        for one in blocked[:MOST_CAUSES]
    ]  # fmt: skip
    more = blocked[MOST_CAUSES:]
    note = f"{count(len(more))} more causes with {count(sum(one.cases for one in more))} cases." if more else ""
    if not rows:
        note = "No open case has broken a deadline."
    return Table(heads, rows, False, note)
