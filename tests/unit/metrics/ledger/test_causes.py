"""What holds money up, by who answers for the broken deadline."""

from metrics.ledger.causes import by_owner
from metrics.queries.spend_rows import SpendBlocked


def blocked(owner: str, cases: int, amount: str, sla: str = "approval", untold: int = 0) -> SpendBlocked:
    return SpendBlocked("requisition_to_pay", sla, owner, cases, untold, "USD", amount)


def test_what_would_read_alike_is_told_once_with_its_sum_and_most_money_first() -> None:
    rows = [blocked("icu", 4, "10.10", untold=1), blocked("hr", 5, "500", "delivery"), blocked("surgery", 2, "20.05")]
    told = by_owner(rows, lambda one: "heads" if one.sla == "approval" else one.owner)
    assert [(one.sla, one.owner, one.cases, one.untold, one.amount) for one in told] == [
        ("delivery", "hr", 5, 0, "500"),
        ("approval", "heads", 6, 1, "30.15"),
    ]
