"""What the store says of a file's events: how many there are, how many are stored, and with what money."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from streams.folder.totals import as_json

_CENT: Final = Decimal("0.01")


class Figure(msgspec.Struct, frozen=True):
    """`folder_events`: the events of a file with money of one currency ('': of none), and how many are stored."""

    currency: str
    events: int
    stored: int
    amount: str
    amount_stored: str


class Removed(msgspec.Struct, frozen=True):
    """`folder_removed`: an event of a superseded file that its correction has no more. `total`: how many there are."""

    event_id: str
    row: int
    type: str
    subject: str
    amount: str
    currency: str
    total: int


def amounts(figures: Iterable[Figure], *, stored: bool) -> str:
    """The money of a file's events by currency, as JSON."""
    told = {one.currency: one.amount_stored if stored else one.amount for one in figures if one.currency}
    return as_json({currency: _short(Decimal(text)) for currency, text in told.items()})


def _short(money: Decimal) -> Decimal:
    """Without zeros that say nothing: the store gives six digits behind the point."""
    return money.quantize(_CENT) if money == money.quantize(_CENT) else money.normalize()
