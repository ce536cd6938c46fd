"""The two funnels: money from request to payment and labour from demand to work, with the days between the steps."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.components.attributes import marked
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.spend_book import (
    TITLES,
    Book,
    documents,
    money_text,
    narrowed,
    read_book,
    spend_scope,
    to_documents,
    wait_for_turn,
    window,
)
from dashboards.wording import NONE, count, duration, percent
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendDays

MONEY_STEPS = ("requested", "committed", "received", "invoiced", "paid")
LABOUR_STEPS = ("demand", "approved", "assigned")
MEANINGS = {
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

    `share` of the widest, None where the step has another measure; `days` tells the time since the step before.
    """

    title: str
    meaning: str
    value: str
    note: str
    share: float | None
    days: str
    href: str


def fill_funnels(reader: Reader, rates: Rates, request: Request) -> list[Any]:
    """The lines of both funnels, and the period."""
    wait_for_turn(request)
    scope = spend_scope(request)
    book = read_book(reader, rates, scope)
    found = reader.rows("spend_days", SpendDays, **window(scope), **narrowed(scope.address))
    days = {row.step: row for row in found}
    return [lines(money_steps(book, days, request)), lines(labour_steps(book, days, request)), f"{scope.words}."]


def money_steps(book: Book, days: dict[str, SpendDays], request: Request) -> list[Step]:
    """Requested to paid, in money."""
    currency = book.rates.currency
    totals = {stage: book.total(stage) for stage in MONEY_STEPS}
    widest = max((total.of(currency) for total in totals.values()), default=Decimal(0))
    steps = []
    for stage, total in totals.items():
        untold = f", {count(total.untold)} without an amount" if total.untold else ""
        share = float(total.of(currency) / widest) if widest else 0.0
        steps.append(
            Step(
                TITLES[stage],
                MEANINGS[stage],
                money_text(total, currency, currency),
                f"{documents(total)}{untold}",
                share,
                between(days.get(stage)),
                to_documents(request.scope.address, stage),
            )
        )
    return steps


def labour_steps(book: Book, days: dict[str, SpendDays], request: Request) -> list[Step]:
    """Asked for to worked, in requests and hours."""
    totals = {stage: book.total(stage) for stage in LABOUR_STEPS}
    widest = max((total.documents for total in totals.values()), default=0)
    steps = [
        Step(
            TITLES[stage],
            MEANINGS[stage],
            f"{count(total.documents)} requests",
            percent(total.documents / widest if widest else None, 0) + " of the most",
            total.documents / widest if widest else 0.0,
            between(days.get(stage)),
            to_documents(request.scope.address, stage),
        )
        for stage, total in totals.items()
    ]
    worked, currency = book.total("worked"), book.rates.currency
    hours = f"{worked.hours:,.0f} h on {documents(worked, 'timesheet')}"
    value = money_text(worked, currency, currency)
    href = to_documents(request.scope.address, "worked")
    steps.append(Step(TITLES["worked"], MEANINGS["worked"], value, hours, None, "", href))
    return [*steps, premium_step(book, request)]


def premium_step(book: Book, request: Request) -> Step:
    """The premium hours among those worked."""
    premium, worked = book.total("premium"), book.total("worked")
    share = percent(float(premium.hours / worked.hours) if worked.hours else None)
    href = to_documents(request.scope.address, "premium")
    return Step(
        TITLES["premium"], MEANINGS["premium"], f"{premium.hours:,.0f} h", f"{share} of the hours", None, "", href
    )


def between(days: SpendDays | None) -> str:
    """The median time from the step before, in words."""
    return f"{duration(days.median_us)} after the step before, median of {count(days.pairs)}" if days else ""


def lines(steps: Sequence[Step]) -> Component:
    """A funnel as a list that reads without colours and without a chart."""
    return html.Ol([_line(step) for step in steps], className="fg-funnel")


def _line(step: Step) -> html.Li:
    width = max(step.share or 0.0, 0.0) * 100
    bar = html.Span(className="fg-funnel-bar", style={"width": f"{width:.1f}%"})
    track = marked(html.Span(bar, className="fg-funnel-track"), aria_hidden="true")
    return html.Li(
        [
            html.Div(
                [html.Span(step.title, className="fg-funnel-title"), html.Span(step.meaning, className="fg-unit")],
                className="fg-funnel-name",
            ),
            html.Div(
                [
                    dcc.Link(step.value or NONE, href=step.href, className="fg-link fg-number fg-funnel-value"),
                    html.Span(step.note, className="fg-unit"),
                ],
                className="fg-funnel-words",
            ),
            None if step.share is None else track,
            html.Div(step.days, className="fg-funnel-days") if step.days else None,
        ]
    )
