"""What is asked of the ledger: sums of a period, days between steps, what is held up, open positions, changed months.

The page, its exports and the report ask here, so that they show the same numbers.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from metrics.figures.wording import both
from metrics.ledger.book import TITLES, Book
from metrics.ledger.period import Period
from metrics.ledger.rates import Rates
from metrics.queries.restatement_rows import Restatement
from metrics.queries.spend_rows import SpendBlocked, SpendCheck, SpendDays, SpendPublished, SpendSum

FILTERS: Final = ("facility", "department", "cost_center", "supplier", "legal_entity", "booked")
"""What money may be narrowed to; `booked` is the process that documents belong to."""
OF_CASES: Final = ("facility", "department", "booked")
"""What of it cases tell, too."""
UNTOLD: Final = "Not told by this filter"
_EVER: Final = -2_208_988_800_000_000
_MOST_CHANGES: Final = 100
_MOST_OF_A_MONTH: Final = 3

Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]: ...


class Asked(NamedTuple):
    """A period, what it is narrowed to (all of FILTERS, '' for anything), and the currency it is shown in."""

    period: Period
    filters: Mapping[str, str]
    rates: Rates

    @property
    def window(self) -> dict[str, int]:
        """The period as queries take it."""
        return {"since": self.period.since, "as_of": self.period.as_of}

    def narrowed(self, **filters: str) -> "Asked":
        """The same, narrowed further."""
        return self._replace(filters={**self.filters, **filters})


def read_book(reader: Reader, asked: Asked, cut: str) -> Book:
    """The ledger of the period and the one before it, apart by the values of a dimension; perhaps without rows."""
    rows = reader.rows(
        "spend_sums", SpendSum, **asked.window, before=asked.period.before, cut=cut, **asked.filters,
        **asked.rates.parameters,
    )  # fmt: skip
    return Book(tuple(rows), asked.rates)


def read_days(reader: Reader, asked: Asked) -> dict[str, SpendDays]:
    """The median time to each step from the one before, by step."""
    return {row.step: row for row in reader.rows("spend_days", SpendDays, **asked.window, **asked.filters)}


def read_checks(reader: Reader, asked: Asked) -> list[SpendCheck]:
    """The documents of each stage counted one by one."""
    return reader.rows("spend_check", SpendCheck, **asked.window, **asked.filters)


def read_blocked(reader: Reader, asked: Asked) -> list[SpendBlocked] | None:
    """Open cases with a broken deadline and the money they asked for, by cause.

    None where it is narrowed to what cases don't tell: a supplier, a cost centre or a legal entity.
    """
    if any(value for name, value in asked.filters.items() if name not in OF_CASES):
        return None
    told = {name: asked.filters[name] for name in OF_CASES}
    return reader.rows("spend_blocked", SpendBlocked, **told, **asked.rates.parameters)


def read_money_changes(reader: Reader, filters: Mapping[str, str]) -> list[Restatement] | None:
    """Published figures of money that changed since, newest first.

    They are of the whole ledger: None where it is narrowed, or where the reader's reach shows none of them.
    """
    if any(filters.values()) or not any(row.figures for row in reader.rows("spend_published", SpendPublished)):
        return None
    return reader.rows(
        "restatement_list", Restatement, since=_EVER, figures=["money"], process="", about="", units=[], places=[],
        starts=[], limit=_MOST_CHANGES, offset=0,
    )  # fmt: skip


def changed_months(changes: list[Restatement]) -> dict[str, str]:
    """By month (2026-03), the figures that changed since, in words, newest change of each first."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for one in changes:
        was, now = both(one.figure, one.before, one.after, one.currency)
        part, _, stage = one.name.partition("/")
        words = f"{TITLES.get(stage, stage)}{' (agency labour)' if part == 'labour' else ''}: was {was}, is {now}"
        found.setdefault(one.start[:7], {}).setdefault((one.name, one.currency), words)
    return {month: "; ".join([*told.values()][:_MOST_OF_A_MONTH]) for month, told in found.items()}
