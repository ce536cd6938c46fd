"""One supplier under two numbers; cost centres that nobody made known."""

import pytest

from metrics.quality.marks import normalised
from metrics.words import HOUR, Event
from tests.unit.metrics.quality.telling import START, at, duplicates, facts_of, findings, judgement, told


def supplier(number: str, source: str, hours: float, id: str = "", **attributes: str) -> Event:
    return told(id or f"s{number}", "supplier.created.v1", f"supplier/{number}", source, hours, **attributes)


def named(center: str, hours: float, id: str = "named") -> Event:
    return told(id, "requisition.created.v1", "requisition/R1", "/coupa/x", hours, ("cost_center", center, "charged"))


def created(center: str, hours: float) -> Event:
    return told(f"c{center}", "cost_center.created.v1", f"cost_center/{center}", "/sap/s4/x", hours)


def test_one_tax_number_under_two_numbers_is_a_duplicate_of_the_owner() -> None:
    (found,) = duplicates(
        [supplier("900", "/sap/s4/x", 1, tax_id="12-34"), supplier("17", "/coupa/x", 3, tax_id="1234")]
    )
    assert (found.owner, found.field, found.subject_id) == ("Supplier management", "tax_number", "17")
    assert (found.opened, found.healed, found.proof) == (START + 3 * HOUR, None, "s17")
    assert {(one.system, one.object, one.value) for one in found.said} == {("coupa", "17", ""), ("s4", "900", "")}


def test_two_numbers_that_an_alias_joins_are_one_supplier() -> None:
    events = [supplier("900", "/sap/s4/x", 1, tax_id="12-34"), supplier("17", "/coupa/x", 3, tax_id="1234")]
    assert duplicates(events, joined={"900": "17"}) == []


def test_a_duplicate_is_healed_when_one_of_the_two_gets_another_number() -> None:
    events = [supplier("900", "/sap/s4/x", 1, tax_id="12"), supplier("17", "/coupa/x", 3, tax_id="12")]
    (found,) = duplicates([*events, supplier("17", "/coupa/x", 7, id="corrected", tax_id="99")])
    assert found.healed == START + 7 * HOUR


def test_a_duplicate_is_healed_when_one_of_the_two_ends() -> None:
    events = [supplier("900", "/sap/s4/x", 1, tax_id="12"), supplier("17", "/coupa/x", 3, tax_id="12")]
    gone = told("gone", "supplier.withdrawn.v1", "supplier/17", "/coupa/x", 8)
    assert duplicates([*events, gone])[0].healed == START + 8 * HOUR


def test_names_are_compared_without_accents_signs_and_legal_form() -> None:
    (found,) = duplicates([
        supplier("1", "/coupa/x", 1, supplier_name="Müller & Söhne GmbH"),
        supplier("2", "/sap/s4/x", 2, supplier_name="MULLER AND SOHNE"),
    ])  # fmt: skip
    assert found.field == "name"


@pytest.mark.parametrize("value", ["k1~mfrggzdfmztwq2lk", "…1234~k1~mfrggzdfmztwq2lk"])
def test_a_token_is_compared_as_it_is(value: str) -> None:
    assert normalised(value, "name") == value
    assert normalised(value, "number") == value


def test_nothing_by_which_a_supplier_is_recognised_is_kept() -> None:
    facts = facts_of([supplier("1", "/coupa/x", 1, supplier_name="Canary Ltd", tax_id="987-65-4320")])
    kept = repr(facts).casefold()
    assert "canary" not in kept
    assert "987" not in kept


def test_a_cost_center_that_nobody_made_known_in_time_is_unmapped() -> None:
    (found,) = findings([named("CC-9", 1)], at(2), "cost_center")
    assert (found.kind, found.owner, found.opened) == ("unmapped", "Finance", START + 2 * HOUR)
    assert [(one.system, one.value) for one in found.said] == [("coupa", "requisition")]


def test_a_reference_waits_for_its_time() -> None:
    judged = judgement([named("CC-9", 1)], at(1.5), "cost_center")
    assert list(judged.findings) == []
    assert [wake.due for wake in judged.wakes] == [START + 2 * HOUR]


def test_a_cost_center_that_is_made_known_later_is_healed() -> None:
    (found,) = findings([named("CC-9", 1), created("CC-9", 6)], at(9), "cost_center")
    assert found.healed == START + 6 * HOUR


def test_a_cost_center_that_was_known_before_is_right() -> None:
    assert findings([created("CC-9", 0), named("CC-9", 1)], at(9), "cost_center") == []


def test_a_cost_center_that_only_an_attribute_names_counts() -> None:
    event = told("t", "timesheet.submitted.v1", "timesheet/T1", "/ukg/x", 1, cost_center="CC-4")
    (found,) = findings([event], at(9), "cost_center")
    assert found.subject_id == "CC-4"


def test_no_name_stands_out_as_long_as_no_cost_center_is_known_at_all() -> None:
    assert list(judgement([named("CC-9", 1)], at(9), "cost_center", judge_names=False).findings) == []
