"""All that one page tells of spend and labour, read at once for a report: what the page's cards ask, too."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from metrics.ledger.asking import (
    Asked,
    Reader,
    read_blocked,
    read_book,
    read_checks,
    read_days,
    read_money_changes,
)
from metrics.ledger.book import NOT_TOLD, Book
from metrics.ledger.causes import by_money
from metrics.ledger.open_positions import Vacancy, read_vacancies
from metrics.ledger.period import Period, month_start
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.restatement_rows import Restatement
from metrics.queries.rows import Process
from metrics.queries.spend_rows import SpendBlocked, SpendCheck, SpendDays
from metrics.texts.shown import utc
from metrics.words import MINUTE

ROWS: Final = "facility"
"""What the report's table has a row for; its columns are processes."""
_MONTH: Final = 30


class NothingToTell(ValueError):
    """There is no document to report on; the message says why."""


class Overview(NamedTuple):
    """What was read. `book` is by facility, `by_process` the same of each process apart ('' is not told).

    `ever` is all time up to the same moment; `newest`: the newest event of all, in microseconds UTC. `blocked` is None
    where it is narrowed to what cases don't tell; `changes`, published figures that changed since, where they can't be
    told of what is shown.
    """

    asked: Asked
    newest: int
    book: Book
    ever: Book
    by_process: Mapping[str, Book]
    days: Mapping[str, SpendDays]
    blocked: Sequence[SpendBlocked] | None
    vacancies: Sequence[Vacancy]
    cost: VacancyCost
    checks: Sequence[SpendCheck]
    changes: Sequence[Restatement] | None

    @property
    def period(self) -> Period:
        """The months it is about."""
        return self.asked.period

    @property
    def simulated(self) -> bool:
        """Whether played documents are among them."""
        return any(row.simulated for row in self.book.rows)


def newest_event(reader: Reader) -> int:
    """The minute of the newest event of any process, microseconds UTC. Raises NothingToTell."""
    sizes = reader.rows("processes", Process)
    if not sizes:
        raise NothingToTell("the store holds no case yet, so there is nothing to report")
    return -(-max(size.newest_us for size in sizes) // MINUTE) * MINUTE


def month_of(newest: int, year: int, month: int) -> Period:
    """One calendar month, as far as it has come. Raises NothingToTell for a month that has not begun."""
    back = (_counted(newest) - year * 12) - (month - 1)
    if back < 0:
        raise NothingToTell(f"the month {year}-{month:02} has not begun: the newest event lies before it")
    return Period(min(newest, month_start(newest, back - 1) - 1), _MONTH)


def _counted(at: int) -> int:
    """The months from year 0 to that of an instant."""
    day = utc(at)
    return day.year * 12 + day.month - 1


def read_overview(reader: Reader, asked: Asked, cost: VacancyCost, newest: int) -> Overview:
    """Everything, from one reader, whose reach holds for each number. Raises NothingToTell, and the reader's errors."""
    book = read_book(reader, asked, ROWS)
    if not book.rows:
        raise NothingToTell(f"no document with money or hours matches: {asked.period.words}")
    ever = read_book(reader, asked._replace(period=asked.period._replace(days=0)), ROWS)
    processes = sorted({row.cut for row in read_book(reader, asked, "process").rows if row.current})
    blocked = read_blocked(reader, asked)
    booked = {name: asked.narrowed(booked=name or NOT_TOLD) for name in processes}
    return Overview(
        asked,
        newest,
        book,
        ever,
        {name: read_book(reader, narrow, ROWS) for name, narrow in booked.items()},
        read_days(reader, asked),
        None if blocked is None else by_money(blocked),
        read_vacancies(reader, cost, asked, ROWS),
        cost,
        read_checks(reader, asked),
        read_money_changes(reader, asked.filters),
    )
