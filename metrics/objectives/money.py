"""The error budget in money: of each currency its own, with as many decimals as it has."""

from decimal import ROUND_FLOOR, Decimal

import msgspec

_WITHOUT = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_THREE = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
_FOUR = frozenset(("CLF", "UYW"))


class MoneyBudget(msgspec.Struct, frozen=True):
    """Decimal texts in one currency: of all decided cases, of those that missed, and of those that may miss.

    `left` is negative when too much missed.
    """

    currency: str
    total: str
    missed: str
    allowed: str
    left: str


def money_budget(currency: str, total: str, missed: str, target: float) -> MoneyBudget:
    """The budget of a target (0 to 1): its complement of the total, rounded down to what the currency can pay."""
    spent, whole = Decimal(missed), Decimal(total)
    allowed = ((1 - Decimal(str(target))) * whole).quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_FLOOR)
    return MoneyBudget(
        currency=currency,
        total=written(whole, currency),
        missed=written(spent, currency),
        allowed=written(allowed, currency),
        left=written(allowed - spent, currency),
    )


def decimals(currency: str) -> int:
    """Decimals of a currency (ISO 4217, as amended to 2024); 2 where it is not known."""
    return 0 if currency in _WITHOUT else 3 if currency in _THREE else 4 if currency in _FOUR else 2


def written(amount: Decimal, currency: str) -> str:
    """An amount with its currency's decimals, or more where it has more: nothing is rounded away."""
    fraction = f"{amount.normalize():f}".partition(".")[2]
    return f"{amount:.{max(decimals(currency), len(fraction))}f}"
