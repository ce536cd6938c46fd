"""What holds money up: the deadlines that open cases broke first, most money first."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec

from metrics.queries.spend_rows import SpendBlocked
from metrics.texts.shown import NONE


def by_money(blocked: Iterable[SpendBlocked]) -> list[SpendBlocked]:
    """The causes, those first that hold most money up."""
    return sorted(blocked, key=lambda one: (-Decimal(one.amount), -one.cases, one.process, one.sla))


def by_owner(blocked: Iterable[SpendBlocked], owner: Callable[[SpendBlocked], str]) -> list[SpendBlocked]:
    """The causes with the owner that is shown, those alike as one, sorted by money.

    Cases have owners of their own, but it is the owner of the broken deadline who is told: without this the same line
    would stand there several times.
    """
    found: dict[tuple[str, str, str, str], SpendBlocked] = {}
    for each in blocked:
        one = msgspec.structs.replace(each, owner=owner(each))
        key = one.process, one.sla, one.owner, one.currency
        before = found.get(key)
        found[key] = one if before is None else msgspec.structs.replace(
            before,
            cases=before.cases + one.cases,
            untold=before.untold + one.untold,
            amount=str(Decimal(before.amount) + Decimal(one.amount)),
        )  # fmt: skip
    return by_money(found.values())


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
