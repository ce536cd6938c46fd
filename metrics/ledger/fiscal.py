"""The fiscal calendar: years and quarters of whole months that begin with a declared month.

A fiscal year is named for the calendar year in which it ends: with October first, FY27 Q1 is October to December 2026.
"""

import re
from typing import Final, NamedTuple

from metrics.ledger.period import MONTH_DAYS, Period, month_start
from metrics.texts.shown import utc

_KEY: Final = re.compile(r"([12]\d{3})(?:q([1-4]))?")
_YEAR, _QUARTER = 12, 3


class FiscalPeriod(NamedTuple):
    """A fiscal year, or one quarter of it (1 to 4; 0: the whole year)."""

    year: int
    quarter: int = 0

    @property
    def key(self) -> str:
        """As addresses hold it: '2027', '2027q1'."""
        return f"{self.year}q{self.quarter}" if self.quarter else str(self.year)

    @property
    def label(self) -> str:
        """As people say it: 'FY27', 'FY27 Q1'."""
        return f"FY{self.year % 100:02d}" + (f" Q{self.quarter}" if self.quarter else "")

    @property
    def months(self) -> int:
        """How many months it has."""
        return _QUARTER if self.quarter else _YEAR


def read_fiscal(key: str) -> FiscalPeriod | None:
    """The period of a key; None for a text that is none."""
    found = _KEY.fullmatch(key)
    return FiscalPeriod(int(found[1]), int(found[2] or 0)) if found else None


def fiscal_at(at: int, first_month: int) -> tuple[FiscalPeriod, FiscalPeriod]:
    """The fiscal year and the quarter in which an instant (microseconds UTC) lies."""
    day = utc(at)
    year = day.year + (first_month > 1 and day.month >= first_month)
    return FiscalPeriod(year), FiscalPeriod(year, (day.month - first_month) % _YEAR // _QUARTER + 1)


def bounds(period: FiscalPeriod, first_month: int) -> tuple[int, int]:
    """The first instant of a period and that of the one after it, microseconds UTC."""
    begins = (period.year - (first_month > 1)) * _YEAR + first_month - 1 + max(period.quarter - 1, 0) * _QUARTER
    return _month(begins), _month(begins + period.months)


def before(period: FiscalPeriod) -> FiscalPeriod:
    """The year or quarter right before."""
    if not period.quarter:
        return FiscalPeriod(period.year - 1)
    return FiscalPeriod(period.year, period.quarter - 1) if period.quarter > 1 else FiscalPeriod(period.year - 1, 4)


def offered(at: int, first_month: int, quarters: int = 5) -> list[FiscalPeriod]:
    """What a page offers as of an instant: its year and the one before, then its quarter and those before."""
    year, quarter = fiscal_at(at, first_month)
    found = [year, before(year), quarter]
    for _ in range(quarters - 1):
        found.append(before(found[-1]))
    return found


def fiscal_period(key: str, newest: int, first_month: int) -> Period | None:
    """The months of a fiscal period as far as they have come; None for no period, and for one that has not begun."""
    period = read_fiscal(key)
    begins, ends = bounds(period, first_month) if period else (newest + 1, 0)
    if period is None or begins > newest:
        return None
    as_of = min(newest, ends - 1)
    return Period(as_of, round((_months(as_of) - _months(begins) + 1) * MONTH_DAYS))


def _months(at: int) -> int:
    day = utc(at)
    return day.year * _YEAR + day.month


def _month(count: int) -> int:
    """The first instant of a month, counted from January of the year 0."""
    return month_start(0, 1970 * _YEAR - count)
