"""Answers in sentences: what holds cases up, why a case breached, how the month stands against its budget."""

import json
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.case_breach import fill_breach
from dashboards.filling import Empty, Request
from dashboards.held_up import by_interface, fill_held, held_names, owner_words
from dashboards.scope import Desk
from dashboards.spend_book import SpendDesk
from dashboards.spend_sentence import fill_sentence
from metrics.ledger.rates import load_rates
from metrics.queries.delay_rows import DelayCase, DelayEvent
from metrics.queries.interface_rows import HeldCase
from metrics.queries.rows import CaseClock
from metrics.queries.spend_rows import SpendSum
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

HOUR = 3_600_000_000
R2P = "requisition_to_pay"


def held(case: str, interface: str, owner: str, sla: str = "", hours: int = 3) -> HeldCase:
    return HeldCase(case, interface, NOW - HOUR, owner, sla, NOW - hours * HOUR)


HELD = [
    held("W-1", "users", "icu_team", "breached", 50), held("W-2", "users", "icu_team"), held("W-3", "users", ""),
    held("W-4", "learning", "hr", "at_risk"), held("W-5", "mail", "hr", "breached"),
]  # fmt: skip


def request(reader: FakeReader, address: Address, tick: int | None = None, desk: Any = Desk) -> Request:
    return Request(desk(reader).scope(address), tick is not None, tick or 0, (), [])


def test_the_interface_that_holds_up_most_comes_first_with_whose_cases_they_are() -> None:
    reader = FakeReader(held_cases=HELD)
    tree = fill_held(reader, request(reader, Address()))
    text = json.dumps(tree, default=lambda part: part.to_plotly_json(), ensure_ascii=False)
    assert "users holds up most: 3 open cases of" in text
    assert "Whose: ICU team (2), nobody (1)." in text
    assert [one.interface for one in by_interface(HELD)] == ["users", "mail", "learning"]
    assert "list=held&interface=users" in text
    assert "50 h" in text


def test_many_owners_are_told_in_short() -> None:
    (one,) = by_interface([held(f"W-{number}", "users", f"team_{number % 5}") for number in range(11)])
    assert owner_words(one) == "Team 0 (3), Team 1 (2), Team 2 (2), others (4)"


def test_the_list_behind_a_number_holds_the_cases_of_its_interface() -> None:
    reader = FakeReader(held_cases=HELD)
    scope = Desk(reader).scope(Address())
    assert [row.case_id for row in held_names(reader, scope, "users")] == ["W-1", "W-2", "W-3"]
    assert len(held_names(reader, scope, "")) == 5


def test_nothing_held_up_is_good_news() -> None:
    with pytest.raises(Empty, match="holds up an open case"):
        fill_held(FakeReader(), request(FakeReader(), Address()))


def clock(status: str, stopped: int | None, deadline: int) -> CaseClock:
    return CaseClock(
        "approval", status, NOW - 40 * HOUR, stopped, None, deadline, 40 * HOUR, 40 * HOUR, 26 * HOUR, "[]"
    )


def breach(*clocks: CaseClock) -> str:
    started = [row.started_us for row in clocks]
    life = DelayCase(
        "R-1", 1, "open", NOW - 50 * HOUR, NOW, ["approval"] * len(clocks), started, [row.stopped_us for row in clocks],
        [row.status for row in clocks], [row.gross_us for row in clocks], ["[]"] * len(clocks), 1,
    )  # fmt: skip
    events = [
        DelayEvent("R-1", "e1", NOW - 50 * HOUR, "requisition.created.v1", ""),
        DelayEvent("R-1", "e2", NOW - 40 * HOUR, "requisition.submitted.v1", ""),
    ]
    reader = FakeReader(case_clocks=list(clocks), delay_cases=[life], delay_events=events)
    return str(fill_breach(reader, request(reader, Address(process=R2P, id="R-1")))[0])


def test_a_broken_sla_says_how_far_it_went_over_and_what_ate_its_time() -> None:
    told = breach(clock("breached", NOW - 4 * HOUR, NOW - 14 * HOUR))
    assert "10 h late. Most of it (100 %): 36 h" in told
    assert "It may take 26 h" in told
    assert "14 h over and still running" in breach(clock("breached", None, NOW - 14 * HOUR))


def test_a_case_that_kept_its_slas_says_so() -> None:
    with pytest.raises(Empty, match="No SLA of this case has breached: met"):
        breach(clock("met", NOW - 20 * HOUR, NOW - 14 * HOUR))
    with pytest.raises(Empty, match="No SLA clock has started"):
        breach()


def money(stage: str, labour: int, amount: str, cut: str = "", hours: str = "0") -> SpendSum:
    return SpendSum(stage, labour, "2026-11", cut, "USD", 1, 1, 0, 0, amount, hours, 0)


def said(*rows: SpendSum) -> tuple[list[str], FakeReader]:
    reader = FakeReader(spend_sums=list(rows))
    asked = request(reader, Address(facility="north", period=365), desk=SpendDesk)
    paragraphs = fill_sentence(reader, load_rates(), asked)[0].children
    return [_text(one) for one in paragraphs], reader


def _text(part: Any) -> str:
    children = getattr(part, "children", part)
    return children if isinstance(children, str) else "".join(_text(child) for child in children)


def test_the_month_is_told_against_its_budget_with_the_roles_that_worked() -> None:
    (labour, orders), reader = said(
        money("budget", 1, "10000"), money("worked", 1, "5000", "registered_nurse", "60"),
        money("worked", 1, "2000", "lab_technician", "30"), money("committed", 1, "4400", "registered_nurse"),
        money("committed", 0, "900"), money("invoiced", 0, "300"),
    )  # fmt: skip
    assert labour.startswith("Agency labour at North, 1 November to 20 November 2026 (UTC): 4,400 USD committed and")
    assert "7,000 USD worked (90 h); that is 70 % of a budget of 10.0 k USD, with" in labour
    assert "Of it Registered nurse 5,000 USD (60 h), Lab technician 2,000 USD (30 h)." in labour
    assert "900 USD committed and 300 USD invoiced; no budget of it is known" in orders
    asked = dict(reader.asked)["spend_sums"]
    assert (asked["facility"], asked["cut"]) == ("north", "category")
    assert NOW - asked["since"] < 31 * DAY
