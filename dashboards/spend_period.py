"""The period of Spend & labour: whole calendar months up to the newest event, because budgets are by month."""

from datetime import UTC, datetime
from typing import Final

from dashboards.scope import EARLIEST, Scope
from dashboards.wording import utc

PERIODS: Final = (
    ("30", "This month"),
    ("90", "3 months"),
    ("180", "6 months"),
    ("365", "12 months"),
    ("0", "All time"),
)
STANDARD_DAYS: Final = 90
_MONTH_DAYS: Final = 30.4


class SpendScope(Scope):
    """A scope whose period is this month and those before it; the one under way counts as far as it has come."""

    @property
    def months(self) -> int:
        """How many calendar months the period has; 0 for all time."""
        return max(round(self.days / _MONTH_DAYS), 1) if self.days else 0

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
    def gone(self) -> float:
        """The share of the period's last month that is over, 0 to 1."""
        begin, end = month_start(self.as_of, 0), month_start(self.as_of, -1)
        return (self.as_of - begin) / (end - begin)


def month_start(at: int, back: int) -> int:
    """The first instant of a month in UTC, `back` months before that of `at`; microseconds."""
    day = utc(at)
    month = day.year * 12 + day.month - 1 - back
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
