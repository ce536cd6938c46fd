"""Budgets of the simulated group: for every cost centre and month, and beside the play."""

from collections import Counter
from decimal import Decimal

from metrics.ledger.posting import posting_rows
from metrics.ledger.rules import load_rules

from .conftest import Played


def budgets(harsh: Played) -> list[tuple[str, str]]:
    return [(event.type, event.effective_date) for event in harsh.events.values() if "-B" in event.id]


def test_every_cost_center_has_a_budget_of_both_kinds_for_every_month(harsh: Played) -> None:
    assert Counter(budgets(harsh)).keys() == {("budget.set.v1", "2026-11-01"), ("labour_budget.set.v1", "2026-11-01")}
    centers = {(event.type, event.attributes["cost_center"]) for event in harsh.sent if "-B" in event.id}
    assert len(centers) == 2 * 60
    assert {event.attributes["legal_entity"] for event in harsh.sent if "-B" in event.id} == {
        "1010", "1020", "1030", "1040", "1050",
    }  # fmt: skip


def test_budgets_take_no_number_of_what_happens_in_the_play(harsh: Played) -> None:
    played = sorted(int(one.rpartition("-")[2]) for one in harsh.events if "-B" not in one)
    assert played == list(range(1, len(played) + 1))


def test_a_budget_is_posted_on_the_first_day_of_its_month(harsh: Played) -> None:
    rows = posting_rows(load_rules(), [event for event in harsh.sent if "-B" in event.id])
    assert {(row[0], row[-1]) for row in rows} == {("budget", "2026-11-01")}
    assert {row[10] for row in rows if row[1] == "labour_budget"} == {True}
    assert sum(Decimal(row[19]) for row in rows) > 0
