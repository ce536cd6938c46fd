"""A ledger of single documents, and a reader that adds them up as the store's queries do."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from metrics.ledger.asking import Asked
from metrics.ledger.overview import Overview, newest_event, read_overview
from metrics.ledger.period import Period
from metrics.ledger.rates import Rates
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.rows import Process
from metrics.queries.spend_rows import SpendBlocked, SpendCheck, SpendDays, SpendPublished, SpendSum
from metrics.reports.periods import everywhere

NEWEST = 1_795_190_400_000_000
"""2026-11-20 16:00 UTC."""
RATES = Rates("USD", {}, {})
COST = VacancyCost("USD", Decimal("200.50"), {}, "the board, 2026")


class Paid(NamedTuple):
    """One document in one stage; `amount` is a decimal text."""

    stage: str
    amount: str
    facility: str = "north"
    process: str = "requisition_to_pay"
    month: str = "2026-11"
    labour: int = 0
    hours: str = "0"
    currency: str = "USD"


class LedgerOf:
    """Answers the queries about spend from documents, all within the period; `more`: rows of other queries."""

    def __init__(self, documents: Sequence[Paid], **more: list[Any]) -> None:
        self.documents = documents
        self.more = {"spend_published": [SpendPublished(1)], **more}
        self.asked: list[str] = []

    def rows(self, name: str, row_type: type[Any], /, **asked: Any) -> list[Any]:
        self.asked.append(name)
        if name == "spend_sums":
            return self._sums(asked)
        if name == "spend_check":
            return self._checks()
        if name == "processes":
            return [Process("requisition_to_pay", 100, 40, 900, 0, NEWEST, 100, "simulator")]
        return self.more.get(name, [])

    def _sums(self, asked: dict[str, Any]) -> list[SpendSum]:
        groups: dict[tuple[Any, ...], list[Paid]] = defaultdict(list)
        for one in self.documents:
            if self._narrowed(one, asked):
                cut = {"facility": one.facility, "process": one.process}.get(asked["cut"], "")
                groups[one.stage, one.labour, one.month, cut, one.currency].append(one)
        return [
            SpendSum(
                *key, 1, len(found), 0, 0, str(sum(Decimal(one.amount) for one in found)),
                str(sum(Decimal(one.hours) for one in found)), 1,
            )
            for key, found in groups.items()
        ]  # fmt: skip

    def _narrowed(self, one: Paid, asked: dict[str, Any]) -> bool:
        wanted = ((asked["facility"], one.facility), (asked["booked"], one.process))
        return all(not value or value == (has or "?") for value, has in wanted)

    def _checks(self) -> list[SpendCheck]:
        stages: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for one in self.documents:
            stages[one.stage][one.currency] += Decimal(one.amount)
        number = {stage: sum(one.stage == stage for one in self.documents) for stage in stages}
        return [
            SpendCheck(stage, number[stage], list(money), [str(value) for value in money.values()])
            for stage, money in sorted(stages.items())
        ]


def overview_of(reader: LedgerOf, **filters: str) -> Overview:
    """What the report on three months is made of."""
    newest = newest_event(reader)
    return read_overview(reader, Asked(Period(newest, 90), everywhere(**filters), RATES), COST, newest)


def held(count: int) -> list[SpendBlocked]:
    """So many causes that hold money up, the first the most."""
    return [
        SpendBlocked("requisition_to_pay", f"deadline_{n}", "procurement", 9, 1, "USD", f"{1000 - n}.50")
        for n in range(count)
    ]


DAYS = [SpendDays("committed", 4, 3 * 86_400_000_000)]
