"""Which months a report is about, by the names that people write, and what it is narrowed to."""

from datetime import date
from typing import Final, Literal

from metrics.ledger.asking import FILTERS
from metrics.ledger.overview import month_of
from metrics.ledger.period import Period

STANDARD_DAYS: Final = 90
Span = Literal["last_month", "this_month", "3_months", "6_months", "12_months"]
_DAYS: Final = {"this_month": 30, "3_months": STANDARD_DAYS, "6_months": 180, "12_months": 365}


def everywhere(**filters: str) -> dict[str, str]:
    """All filters, those not named open."""
    return {name: filters.get(name, "") for name in FILTERS}


def span_of(span: Span, newest: int, last_month: date) -> Period:
    """A period by its name, up to the newest event. `last_month`: a day of the month that counts as the last one.

    Raises NothingToTell for a month that has not begun.
    """
    if span == "last_month":
        return month_of(newest, last_month.year, last_month.month)
    return Period(newest, _DAYS[span])


def month_in(text: str, newest: int) -> Period:
    """The calendar month of a text such as 2026-10. Raises ValueError."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"{text!r} is no month such as 2026-10") from None
    return month_of(newest, first.year, first.month)
