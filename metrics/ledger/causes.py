"""What holds money up: the deadlines that open cases broke first, most money first."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from metrics.queries.spend_rows import SpendBlocked
from metrics.texts.shown import NONE


def by_money(blocked: Iterable[SpendBlocked]) -> list[SpendBlocked]:
    """The causes, those first that hold most money up."""
    return sorted(blocked, key=lambda one: (-Decimal(one.amount), -one.cases, one.process, one.sla))


def held_up(blocked: Sequence[SpendBlocked], currency: str) -> tuple[Decimal, int]:
    """The money held up in a currency, and the cases of all whose money is known."""
    money = sum((Decimal(one.amount) for one in blocked if one.currency == currency), Decimal(0))
    return money, sum(one.cases for one in blocked if one.untold < one.cases)


def held_up_besides(blocked: Sequence[SpendBlocked], currency: str) -> dict[str, Decimal]:
    """The money held up that no rate brings into the currency, by its own."""
    found = dict[str, Decimal]()
    for one in blocked:
        if one.currency not in (currency, "") and Decimal(one.amount):
            found[one.currency] = found.get(one.currency, Decimal(0)) + Decimal(one.amount)
    return found


def money_words(one: SpendBlocked) -> str:
    """The money of one cause; a dash where no case of it tells any."""
    return f"{Decimal(one.amount):,.2f} {one.currency}".strip() if one.untold < one.cases else NONE
