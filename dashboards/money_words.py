"""One amount in words, also where the reach of who asks masks money."""

from decimal import Decimal

from metrics.access.masks import HIDDEN


def amount_words(amount: str, currency: str, without: str = "") -> str:
    """`1,466.61 USD`; `without` where there is no amount. `amount`: a decimal text or empty."""
    if currency == HIDDEN:
        return HIDDEN
    return f"{Decimal(amount):,.2f} {currency}" if amount else without
