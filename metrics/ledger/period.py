"""The period of money and labour: whole calendar months (UTC), because budgets are by month."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from metrics.texts.shown import utc

EARLIEST: Final = -2_208_988_800_000_000
"""1900-01-01: the earliest time the store can hold."""
MONTH_DAYS: Final = 30.4


class Period(NamedTuple):
    """The month of `as_of` (microseconds UTC) as far as it has come, and those before it that `days` reach back to.

    `days` is 0 for all time.
    """

    as_of: int
    days: int

    @property
    def months(self) -> int:
        """How many calendar months the period has; 0 for all time."""
        return max(round(self.days / MONTH_DAYS), 1) if self.days else 0

    @property
    def since(self) -> int:
        """The last microsecond before the first month of the period."""
        return month_start(self.as_of, self.months - 1) - 1 if self.days else EARLIEST

    @property
    def before(self) -> int:
        """The same of the months to compare with: as many, right before these."""
        return month_start(self.as_of, 2 * self.months - 1) - 1 if self.days else EARLIEST

    @property
    def words(self) -> str:
        """The period in words: '1 September to 23 November 2026 (UTC)'."""
        last = utc(self.as_of)
        until = f"{last.day} {last:%B %Y} (UTC)"
        if not self.days:
            return f"All time until {until}"
        first = utc(self.since + 1)
        return f"{first.day} {first:%B}{f' {first.year}' if first.year != last.year else ''} to {until}"

    @property
    def under_way(self) -> str:
        """The period's last month (2026-11) where it has not ended; '' where it is over."""
        return "" if self.as_of + 1 == month_start(self.as_of, -1) else f"{utc(self.as_of):%Y-%m}"

    @property
    def gone(self) -> float:
        """The share of the period's last month that is over, 0 to 1."""
        begin, end = month_start(self.as_of, 0), month_start(self.as_of, -1)
        return (self.as_of - begin) / (end - begin)


def month_start(at: int, back: int) -> int:
    """The first instant of a month in UTC, `back` months before that of `at`; microseconds."""
    day = utc(at)
    month = day.year * 12 + day.month - 1 - back
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
