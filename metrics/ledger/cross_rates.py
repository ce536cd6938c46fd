"""The declared rates turned to another currency: what one unit of each is worth in that one.

Money is always converted document by document, at the rate of the document's month, else of its year. The rate from one
foreign currency into another is the quotient of what both are worth in the declared one, where both are told.
"""

from collections.abc import Iterable
from decimal import Decimal, localcontext

from metrics.ledger.rates import PRECISION, Rates

_DIGITS = 50


def currencies(rates: Rates) -> list[str]:
    """The currencies that amounts can be shown in, the declared one first."""
    return [rates.currency, *sorted({key.partition(" ")[0] for key in rates.worth} - {rates.currency})]


def into(rates: Rates, currency: str) -> Rates:
    """The rates for pages in `currency`; as they are for the declared currency and for one without a rate."""
    if currency == rates.currency or currency not in currencies(rates):
        return rates
    periods = {key.partition(" ")[2] for key in rates.worth}
    worth = {
        f"{own} {period}": rate
        for own in currencies(rates)
        if own != currency
        for period in sorted(periods)
        if (rate := _cross(rates, own, currency, period)) is not None
    }
    return Rates(currency, worth, {own: _source(rates, own, currency) for own in currencies(rates) if own != currency})


def rate_words(rates: Rates, origins: Iterable[tuple[str, str]]) -> str:
    """At which rates money of (currency, month) pairs was converted, each rate once: 'EUR at 1.0812 USD (2026-03)'."""
    told: dict[str, str] = {}
    for own, month in sorted(origins):
        period = month if f"{own} {month}" in rates.worth else month[:4]
        rate = rates.worth.get(f"{own} {period}")
        if rate is not None:
            when = "; ".join(part for part in (period, rates.sources.get(own, "")) if part)
            told[f"{own} {period}"] = f"{own} at {_plain(rate)} {rates.currency} ({when})"
    return ", ".join(told.values())


def _cross(rates: Rates, own: str, other: str, period: str) -> Decimal | None:
    """What one unit of `own` is worth in `other` in a month or year; None where one of the two has no rate."""
    one, many = _worth(rates, own, period), _worth(rates, other, period)
    if one is None or many is None:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        return (one / many).quantize(PRECISION)


def _worth(rates: Rates, own: str, period: str) -> Decimal | None:
    if own == rates.currency:
        return Decimal(1)
    return rates.worth.get(f"{own} {period}", rates.worth.get(f"{own} {period[:4]}"))


def _source(rates: Rates, own: str, other: str) -> str:
    """Whose rates were used."""
    return "; ".join(dict.fromkeys(rates.sources[name] for name in (own, other) if name in rates.sources))


def _plain(rate: Decimal) -> str:
    """A rate to six decimals, without zeros at its end."""
    return f"{rate:.6f}".rstrip("0").rstrip(".")
