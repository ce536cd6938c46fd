"""What was committed and spent on agency labour and on everything else this month, against budget, in sentences."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboards.components.cards import card
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.spend_book import read_book, spend_scope, wait_for_turn
from dashboards.spend_period import SpendScope
from dashboards.wording import humanised, percent
from metrics.ledger.book import Book, Total, short_money
from metrics.ledger.comparing import used_of_budget
from metrics.ledger.period import Period
from metrics.ledger.rates import Rates

CARD: Final = "spend-sentence"
MONTH_DAYS: Final = 30
KINDS: Final = ((1, "Agency labour"), (0, "Orders"))
MOST_ROLES: Final = 3


def sentence_card() -> html.Section:
    """The card, loading."""
    return card(CARD, "This month in sentences", html.Div(id="spend-sentence-told"), height=80)


def fill_sentence(reader: Reader, rates: Rates, request: Request) -> list[Any]:
    """A sentence on agency labour and one on all else: of the month of the newest event, at what is chosen above."""
    wait_for_turn(request)
    scope = spend_scope(request)
    month = scope._replace(days=MONTH_DAYS)
    book = read_book(reader, rates, month, "category")
    return [html.Div([told(book, month, labour, title) for labour, title in KINDS], className="fg-said")]


def told(book: Book, scope: SpendScope, labour: int, title: str) -> Component:
    """One sentence; what is asked for most stands in bold."""
    head = f"{title}{place_words(scope)}, {scope.period.words}: "
    spent = book.labour("worked") if labour else book.besides("invoiced")
    committed = book.labour("committed") if labour else book.besides("committed")
    parts = [
        committed_words(committed, book),
        f"{money(spent, book)} {'worked' if labour else 'invoiced'}",
    ]
    if labour and spent.hours:
        parts[1] += f" ({spent.hours:,.0f} h)"
    return html.P(
        [head, html.Strong(" and ".join(parts)), f"; {budget_words(book, labour, scope.period)}", *roles(book, labour)]
    )


def place_words(scope: SpendScope) -> str:
    """Where: ' at Riverside, ICU'; '' for everywhere."""
    address = scope.address
    named = [humanised(value) for value in (address.facility, address.department) if value]
    told = (("cost centre", address.cost_center), ("supplier", address.supplier), ("entity", address.legal_entity))
    named += [f"{name} {value}" for name, value in told if value]
    return f" at {', '.join(named)}" if named else ""


def committed_words(total: Total, book: Book) -> str:
    """What is committed; a sum only where documents tell amounts."""
    if not total.documents:
        return "nothing committed"
    if total.documents == total.untold:
        return f"{total.documents:,} committed without an amount"
    return f"{money(total, book)} committed"


def money(total: Total, book: Book) -> str:
    """A sum in words; what has no rate stands beside it."""
    currency = book.rates.currency
    others = "".join(f" + {value:,.0f} {name}" for name, value in sorted(total.others(currency).items()))
    return " ".join(short_money(total.of(currency), currency)) + others


def budget_words(book: Book, labour: int, period: Period) -> str:
    """How the budget of it stands."""
    used = used_of_budget(book, labour, period)
    if used is None:
        return "no budget of it is known here for this month."
    word = {"bad": "over budget", "warn": "faster than the month goes by", "good": "within budget"}[used.tone]
    budget, gone = money(book.budget(labour), book), percent(period.gone, 0)
    return f"that is {percent(used.share, 0)} of a budget of {budget}, with {gone} of the month over: {word}."


def roles(book: Book, labour: int) -> Sequence[str]:
    """For which roles most of the labour was: 'Of it Registered nurse 21.1 k USD …'."""
    if not labour:
        return []
    currency, values = book.rates.currency, {row.cut for row in book.rows if row.labour and row.current and row.cut}
    sums = {value: book.labour("worked", cut=value) for value in values}
    most = sorted((name for name, total in sums.items() if total.documents), key=lambda name: -sums[name].of(currency))
    parts = [f"{humanised(name)} {money(sums[name], book)} ({sums[name].hours:,.0f} h)" for name in most[:MOST_ROLES]]
    return [f" Of it {', '.join(parts)}."] if parts else []
