"""Breaches as rows: known by their event, so that repeating adds nothing."""

from metrics.contracts.checker import ContractChecker
from metrics.contracts.model import load_contracts
from metrics.contracts.rows import COLUMNS, breach_rows
from metrics.words import Event
from tests.unit.metrics.contracts.events import event

CHECKER = ContractChecker(load_contracts())


def told(*events: Event) -> list[dict[str, object]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in breach_rows(CHECKER.check(events), now=99)]


def test_a_row_says_who_must_act_and_where_the_event_was_read() -> None:
    (row,) = told(event(id="e-1", time=10, attributes={"delivery": "half"}))
    assert (row["domain"], row["code"], row["member"]) == ("financial", "wrong_value", "delivery")
    assert (row["event_id"], row["time"], row["origin"], row["position"]) == ("e-1", 10, "flowglass.events/0@i", 7)
    assert (row["simulated"], row["noted"]) == (False, 99)


def test_an_event_sent_twice_is_one_row_and_two_events_are_two() -> None:
    first, second = event(id="e-1", objects="goods_receipt/1"), event(id="e-2", objects="goods_receipt/2")
    assert [row["event_id"] for row in told(first, second, first)] == ["e-1", "e-2"]


def test_a_type_that_no_contract_knows_is_one_row_however_many_events_come() -> None:
    (row,) = told(*(event("goods_receipt.eaten.v1", id=f"e-{n}") for n in range(9)))
    assert (row["code"], row["event_id"]) == ("unknown_type", "")
