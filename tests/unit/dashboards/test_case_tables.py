"""The tables of a case: what each row says."""

from typing import Any

from dashboards.address import Address
from dashboards.case_facts import header_facts, value_words
from dashboards.case_tables import attribute_words, object_row, objects_words, type_words
from dashboards.headline import day_change
from dashboards.scope import Desk
from metrics.queries.rows import CaseHeader, CaseObject
from tests.unit.dashboards.fake_reader import LOG, NOW, FakeReader

SCOPE = Desk(FakeReader()).scope(Address())


def related(**changes: Any) -> CaseObject:
    base = {
        "object_type": "purchase_order",
        "object_id": "PO-1",
        "via_type": "requisition",
        "via_id": "R-1",
        "event_id": "e-12",
        "activity": "purchase_order.created.v1",
        "time_us": NOW,
    }
    return CaseObject(**{**base, **changes})


def test_the_object_that_the_case_is_about_is_told_as_the_case_itself() -> None:
    own = related(object_type="requisition", object_id="R-1", event_id="", activity="", time_us=0)
    row = object_row(own, SCOPE)
    assert (row["object"], row["via"], row["proof"], row["time"]) == ("Requisition R-1", "–", "The case itself", "–")


def test_any_other_object_shows_the_event_that_proves_it() -> None:
    row = object_row(related(), SCOPE)
    assert row["via"] == "Requisition R-1"
    assert row["proof"].endswith("(e-12)")
    assert object_row(related(activity=""), SCOPE)["proof"] == "An event of another case (e-12)"


def test_an_object_of_the_same_id_but_another_type_is_not_the_case() -> None:
    assert "(e-12)" in object_row(related(object_type="invoice", object_id="R-1"), SCOPE)["proof"]


def test_the_case_of_a_log_has_no_type_but_case() -> None:
    assert (type_words("log.5eed0a11c0de"), type_words("goods_receipt")) == ("Case", "Goods receipt")


def test_attributes_read_as_names_and_values_and_anything_else_stays() -> None:
    assert attribute_words('{"facility":"north","lines":3}') == "facility: north, lines: 3"
    assert attribute_words("{}") == attribute_words("") == ""
    assert attribute_words("[not an object]") == "[not an object]"


def test_codes_become_words_and_ids_and_numbers_stay() -> None:
    assert [value_words(value) for value in ("it_hardware", "SUP-7.b", 4.5)] == ["IT hardware", "SUP-7.b", "4.5"]


def test_a_log_shows_only_the_facts_that_it_knows() -> None:
    case = CaseHeader(
        LOG.process, "7", "open", "", "", 0, 1, NOW, NOW, NOW, 9, "1", "", "", "", "", "", '{"lane":"b"}', 0
    )
    scope = Desk(FakeReader()).scope(Address(process=LOG.process))
    text = str(header_facts(case, [], scope))
    assert "Waits in" not in text
    assert "Facility" not in text
    assert "Lane" in text


def test_the_day_before_is_compared_in_words_that_fit_no_change() -> None:
    assert day_change(3, 3) == "same as the day before"
    assert day_change(5, 3) == "▲ 2 on the day before"


def test_the_objects_of_an_event_are_told_in_words() -> None:
    told = "purchase_order PO-1 (subject), supplier SUP-2 (with)"
    assert objects_words(told) == "Purchase order PO-1, Supplier SUP-2 (with)"
    assert objects_words("") == ""
