"""What Spend & labour says of itself on paper, where its filters are not printed: months, scope, as-of, changes."""

from typing import Any

from dash import Dash, Input, Output, html

from dashboards.address import Address, parse
from dashboards.filling import checked_text
from dashboards.reading import Unanswered
from dashboards.scope import NothingYet
from dashboards.spend_book import SpendDesk, narrowed
from dashboards.wording import exact_moment, humanised
from metrics.ledger.asking import read_money_changes
from metrics.reports.spend_words import restated_words, scope_words


def paper_head() -> html.Div:
    """The lines below the title; on paper alone."""
    return html.Div(id="spend-paper", className="fg-paper")


def register_paper(app: Dash, desk: SpendDesk) -> None:
    """The callback that fills them."""
    app.callback(Output("spend-paper", "children"), Input("url", "search"))(
        lambda search: paper_lines(desk, parse(checked_text(search)))
    )


def paper_lines(desk: SpendDesk, address: Address) -> list[Any]:
    """The months and the newest event; the scope; what was restated. Nothing where the store has nothing to say."""
    try:
        scope = desk.scope(address)
        until = desk.until(address)
        changes = read_money_changes(desk.reader, narrowed(address))
        names = {one.process: humanised(one.process) for one in desk.processes()}
    except (Unanswered, NothingYet):
        return []
    return [
        html.P([html.Strong(scope.words), f" · Data as of {exact_moment(until)}"]),
        html.P(scope_words(narrowed(address), names)),
        html.P(restated_words(changes, scope.period)),
    ]
