"""The period of Spend & labour: whole calendar months up to the newest event, because budgets are by month."""

from typing import Final

from dashboards.scope import Scope
from metrics.ledger.fiscal import read_fiscal
from metrics.ledger.period import Period

PERIODS: Final = (
    ("30", "This month"),
    ("90", "3 months"),
    ("180", "6 months"),
    ("365", "12 months"),
    ("0", "All time"),
)
STANDARD_DAYS: Final = 90


class SpendScope(Scope):
    """A scope whose period is this month and those before it; the one under way counts as far as it has come."""

    @property
    def period(self) -> Period:
        """The months themselves."""
        return Period(self.as_of, self.days)

    @property
    def months(self) -> int:
        """How many calendar months the period has; 0 for all time."""
        return self.period.months

    @property
    def since(self) -> int:
        """The last microsecond before the first month of the period."""
        return self.period.since

    @property
    def before(self) -> int:
        """The same of the months to compare with: as many, right before these."""
        return self.period.before

    @property
    def words(self) -> str:
        """The period in words: '1 September to 23 November 2026 (UTC)', before it the label of a fiscal one."""
        period = read_fiscal(self.address.fiscal)
        return f"{period.label}: {self.period.words}" if period else self.period.words

    @property
    def gone(self) -> float:
        """The share of the period's last month that is over, 0 to 1."""
        return self.period.gone
