"""One finding over rows that each tell of a case."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from metrics.alerts.condition import cases, money, muting, total
from metrics.alerts.words import Finding, Identity, Member, Severity


class CaseRow(Protocol):
    """A case, its state and money; `phase` is that of its feed."""

    @property
    def process(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def amount(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def phase(self) -> str: ...


Row = TypeVar("Row", bound=CaseRow)


def finding_of(
    identity: Identity, rows: Sequence[Row], severity: Severity, said: Callable[[str, Sequence[Row]], str]
) -> Finding:
    """What `said` makes of "3 cases, 20 USD" and the rows that count, with those cases.

    Cases of feeds in their history count only where all of its cases are of such feeds: then it is muted.
    """
    told = [row for row in rows if not muting(row.phase)]
    counted = told or rows
    members = {
        (row.process, row.case_id): Member(row.process, row.case_id, row.state, "", row.amount, row.currency)
        for row in counted
    }
    amounts = total(members.values())
    many = f"{cases(len(members))}, {money(amounts)}" if amounts else cases(len(members))
    return Finding(
        identity=identity,
        severity=severity,
        detail=said(many, counted),
        count=len(members),
        muted="" if told else muting(rows[0].phase),
        members=tuple(sorted(members.values())),
        amounts=amounts,
    )
