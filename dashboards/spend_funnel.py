"""The two funnels: money from request to payment and labour from demand to work, with the days between the steps."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.attributes import marked
from dashboards.components.explaining import mark
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.shown_money import at_which_rates
from dashboards.spend_book import asked_of, read_book, spend_scope, to_documents, wait_for_turn
from dashboards.wording import NONE
from metrics.ledger.asking import read_days
from metrics.ledger.funnel import Step, labour_steps, money_steps
from metrics.ledger.rates import Rates


def fill_funnels(reader: Reader, rates: Rates, request: Request) -> list[Any]:
    """The lines of both funnels, and the period."""
    wait_for_turn(request)
    scope = spend_scope(request)
    book = read_book(reader, rates, scope)
    days = read_days(reader, asked_of(scope, rates))
    funnels = (money_steps(book, days), labour_steps(book, days))
    return [*(lines(steps, scope.address, rates) for steps in funnels), f"{scope.words}."]


def lines(steps: Sequence[Step], address: Address, rates: Rates) -> Component:
    """A funnel as a list that reads without colours and without a chart; its numbers open their documents."""
    return html.Ol([_line(step, to_documents(address, step.stage), rates) for step in steps], className="fg-funnel")


def _line(step: Step, href: str, rates: Rates) -> html.Li:
    width = max(step.share or 0.0, 0.0) * 100
    bar = html.Span(className="fg-funnel-bar", style={"width": f"{width:.1f}%"})
    track = marked(html.Span(bar, className="fg-funnel-track"), aria_hidden="true")
    return html.Li(
        [
            html.Div(
                [
                    html.Span(step.title, className="fg-funnel-title"),
                    mark(f"spend-funnels/{step.stage}"),
                    html.Span(step.meaning, className="fg-unit"),
                ],
                className="fg-funnel-name",
            ),
            html.Div(
                [
                    dcc.Link(
                        step.value or NONE,
                        href=href,
                        title=at_which_rates(step.total, rates),
                        className="fg-link fg-number fg-funnel-value",
                    ),
                    html.Span(step.note, className="fg-unit"),
                ],
                className="fg-funnel-words",
            ),
            None if step.share is None else track,
            html.Div(step.days, className="fg-funnel-days") if step.days else None,
        ]
    )
