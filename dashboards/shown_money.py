"""Money in the currency that whoever asks has chosen: converted document by document where it is read."""

from collections.abc import Callable
from typing import Any

from dashboards.filling import Fill, Request
from dashboards.shown import shown
from metrics.ledger.book import Total
from metrics.ledger.cross_rates import into, rate_words
from metrics.ledger.rates import Rates


def chosen(rates: Rates) -> Rates:
    """The rates into the currency that the request under way is shown in."""
    return into(rates, shown().currency)


def in_currency(fill: Callable[..., Any], source: Any, rates: Rates, *more: Any) -> Fill:
    """`fill(source, rates, *more, request)` of a card, with the rates into the currency chosen when it asks."""

    def filled(request: Request) -> Any:
        return fill(source, chosen(rates), *more, request)

    return filled


def at_which_rates(total: Total, rates: Rates) -> str:
    """How a sum was converted, to be told on hover; '' where it was not."""
    told = rate_words(rates, total.origins)
    return f"Converted document by document: {told}." if told else ""
