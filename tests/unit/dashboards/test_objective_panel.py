"""The objectives of the SLA page: verdicts, budgets, alarms, and numbers that open their cases."""

from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.objective_panel import fill_objectives
from dashboards.scope import Desk
from tests.unit.dashboards.fake_reader import FakeReader
from tests.unit.metrics.objectives.scene import QUIET, outcomes

BAD = outcomes(QUIET + "1" * 12, overdue=2, old=1)


def shown(reader: FakeReader, address: Address | None = None, tick: int | None = None) -> str:
    scope = Desk(reader).scope(address or Address(process="requisition_to_pay"))
    (articles,) = fill_objectives(reader, Request(scope, tick is not None, tick or 0, (), []))  # type: ignore[arg-type]
    return " ".join(str(one) for one in articles)


def links(text: str) -> set[str]:
    return {part.split("'")[0] for part in text.split("href='")[1:]}


def test_an_objective_below_its_target_says_so_with_budgets_alarms_and_cases() -> None:
    text = shown(FakeReader(objective_outcomes=[BAD]))
    assert "Below target" in text
    assert "too many" in text
    assert "5.20 USD over 25.05" in text
    assert "60 of 100 JPY left" in text
    assert "by luck in fewer than one month in a million" in text
    assert "(1 since before the window)" in text
    assert "fg-budget-over" in text
    assert "/cases?process=requisition_to_pay&sla=approval&clock=breached" in links(text)
    assert "/cases?process=requisition_to_pay&sla=approval&clock=met" in links(text)


def test_few_cases_are_no_verdict() -> None:
    text = shown(FakeReader(objective_outcomes=[outcomes("0100")]))
    assert "Below target, may be chance" in text
    assert "fg-tier-fires" not in text


def test_a_window_that_can_never_fire_is_grey_and_says_why() -> None:
    text = shown(FakeReader(objective_outcomes=[outcomes()]))
    assert "fg-burn fg-tier-cannot" in text
    assert "If every case missed, the burn were 10×: it can never reach 14.4×." in text


def test_the_panel_asks_for_the_filters_of_the_page_and_each_objective_s_own_window() -> None:
    reader = FakeReader(objective_outcomes=[BAD])
    shown(reader, Address(process="requisition_to_pay", facility="north", sla="approval"))
    asked = dict(reader.asked)["objective_outcomes"]
    assert (asked["objectives"], asked["days"], asked["facility"]) == (["requisition_to_pay/approval"], [28], "north")


def test_nothing_decided_says_so_and_most_ticks_change_nothing() -> None:
    with pytest.raises(Empty):
        shown(FakeReader())
    reader: Any = FakeReader(objective_outcomes=[BAD])
    with pytest.raises(PreventUpdate):
        shown(reader, tick=5)
    assert shown(reader, tick=12)
