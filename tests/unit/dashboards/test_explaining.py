"""The dialog that explains a figure, and pages as of an earlier instant, without a browser."""

import json
from typing import Any

import pytest
from dash import no_update
from dash.development.base_component import Component
from werkzeug.exceptions import BadRequest

from dashboards.address import Address, parse
from dashboards.explain_dialog import Clearance, Question, answered, checked_question
from dashboards.filling import answer
from dashboards.pinned import banner, blanked, compared, pin_link
from dashboards.reading import KeepingReader
from dashboards.scope import Desk
from dashboards.spend_book import SpendDesk
from metrics.access.load import load_roles
from metrics.explaining.catalogue import find
from metrics.queries.explain_rows import CaseVersion
from metrics.store.errors import StoreUnavailable
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

ATTAINED = find("tiles/attainment")
OPEN = find("tiles/open")


def words(tree: Any) -> str:
    return json.dumps(tree.to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def asked(
    figure: Any = ATTAINED, said: str = "97 %", search: str = "", reader: Any = None, **clearance: Any
) -> Component:
    desk = Desk(KeepingReader(reader or FakeReader(explain_versions=[CaseVersion(2, "beef", 9, 1)])))
    question = Question(figure=figure.name, said=said)
    return answered(desk, figure, question, parse(search), Clearance(**clearance), NOW)


def test_the_dialog_tells_the_figure_its_versions_and_a_link_that_fixes_it() -> None:
    told = words(asked(search="?facility=north"))
    assert ATTAINED.said.definition in told
    assert "Version 2, content beef: 9 cases" in told
    assert f"as_of={NOW}" in told
    assert "said=97+%25" in told
    assert "facility=north" in told


def test_the_text_of_queries_is_for_those_who_may_see_it() -> None:
    assert "FROM v_clocks" in words(asked())
    hidden = words(asked(sees_queries=lambda: False))
    assert "FROM v_clocks" not in hidden
    assert "attainment_totals" in hidden
    may = {name for name, role in load_roles().items() if "see_queries" in role.may}
    assert may == {"operations", "auditor", "admin"}


def test_without_the_store_the_dialog_tells_what_is_declared() -> None:
    reader = FakeReader()
    reader.problem = StoreUnavailable("away")
    told = words(asked(reader=reader))
    assert ATTAINED.said.definition in told
    assert "The store does not answer." in told


def test_a_state_of_now_offers_no_link() -> None:
    told = words(asked(OPEN, "40 of 100 cases"))
    assert "Link to this number" not in told
    assert "what was then is not kept" in told


def test_a_fixed_page_tells_both_values_when_the_number_has_changed() -> None:
    address = Address(as_of=NOW - DAY, figure="tiles/attainment", said="97 %")
    assert compared(ATTAINED, "97 %", address) == ["The link said 97 %; so it does still."]
    assert compared(ATTAINED, "95 %", address) == ["The link said 97 %; the same question is answered 95 % now."]
    assert compared(OPEN, "95 %", address) == compared(ATTAINED, "95 %", Address()) == []


def test_a_link_fixes_the_instant_the_period_and_the_process() -> None:
    link = pin_link(ATTAINED, "97 %", Desk(FakeReader()).scope(Address(facility="north")))
    state = parse(link.removeprefix("/"))
    assert (state.as_of, state.period, state.process, state.facility) == (NOW, 28, "requisition_to_pay", "north")
    assert (state.figure, state.said) == ("tiles/attainment", "97 %")


def test_a_fixed_page_stands_at_its_instant_and_never_after_the_newest_event() -> None:
    desk = Desk(FakeReader())
    assert desk.scope(Address(as_of=NOW - DAY)).as_of == NOW - DAY
    assert desk.scope(Address(as_of=NOW + DAY)).as_of == NOW
    assert SpendDesk(FakeReader()).scope(Address(as_of=NOW - DAY)).as_of == NOW - DAY
    assert parse("?as_of=-5").as_of is parse("?as_of=soon").as_of is None


def test_what_only_tells_of_now_is_left_out_of_a_fixed_page() -> None:
    specs = [[{"id": {"leaf": "tiles", "name": name}} for name in names] for names in (LEAVES, LEAVES, ["open"])]
    values = [["40", "cases", "12 opened", "97", "% of 9", "1 below"], ["a"] * 6, ["/cases"]]
    texts, looks, links = blanked("tiles", specs, values)
    assert texts == ["–", "", "Not kept for earlier instants", "97", "% of 9", ""]
    assert (looks, links) == (values[1], values[2])
    assert blanked("weeks", [{"id": "sla-heat"}], ["figure"]) == ["figure"]


LEAVES = ["open/value", "open/unit", "open/note", "attainment/value", "attainment/unit", "attainment/status"]


def test_a_card_of_now_says_so_on_a_fixed_page_and_asks_nothing() -> None:
    reader = FakeReader()
    outputs = [{"id": "due-grid", "property": "rowData"}]
    fixed = Address(as_of=NOW - DAY)
    state, message, rows = answer(Desk(reader), "due", fixed, None, "", (), outputs, lambda _request: [[]])
    assert state == "fg-card fg-is-empty"
    assert "earlier instant is not kept" in words(message)
    assert rows is no_update
    assert reader.asked == []


def test_the_banner_of_a_fixed_page_names_the_number_and_leads_back() -> None:
    told = words(banner(Address(as_of=NOW, facility="north", figure="tiles/attainment", said="97 %")))
    assert "The link said SLA attainment: 97 %" in told
    assert '"href": "?facility=north"' in told
    assert '"hidden": true' in words(banner(Address()))


@pytest.mark.parametrize("value", [None, 1, "tiles/open", [], {"figure": 3}, {"figure": "x" * 200}, {"else": 1}])
def test_a_question_that_no_mark_asks_is_refused(value: Any) -> None:
    with pytest.raises(BadRequest):
        checked_question(value)
