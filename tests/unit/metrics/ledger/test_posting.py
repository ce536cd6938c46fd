"""What single events say in the ledger, and what is wrong with a file of its rules or rates."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger.posting import posting_rows
from metrics.ledger.rates import load_rates, read_rates
from metrics.ledger.rules import LEDGER_FILE, load_rules
from metrics.store.tables import TABLES
from metrics.store.wire import fields
from metrics.words import Amount, Event, ObjectRef

NAMES = [field.name for field in fields("ledger_postings")]


def posted(kind: str, *objects: ObjectRef, amount: Amount | None = None, **about: Any) -> dict[str, dict[str, Any]]:
    event = Event(
        id="e", type=kind, activity=kind, time=5, source="/s", objects=objects, origin="o", position=1,
        subject=f"{objects[0].type}/{objects[0].id}", attributes=about, amount=amount,
    )  # fmt: skip
    rows = [dict(zip(NAMES, row, strict=True)) for row in posting_rows(load_rules(), [event])]
    return {row["stage"]: row for row in rows}


def test_an_order_commits_its_amount_at_the_place_it_tells() -> None:
    objects = (
        ObjectRef("purchase_order", "PO-1", "subject"),
        ObjectRef("purchase_order", "0001", "alias"),
        ObjectRef("requisition", "R-1", "serves"),
        ObjectRef("cost_center", "CC-1", ""),
    )
    row = posted("purchase_order.created.v1", *objects, amount=Amount("12.50", "USD"), facility="north")["committed"]
    assert (row["document_id"], row["verb"], row["amount"], row["currency"]) == ("PO-1", "post", "12.50", "USD")
    assert (row["facility"], row["cost_center"], row["aliases"]) == ("north", "CC-1", ["0001"])
    assert ("requisition", "R-1") in row["named"]


def test_of_several_cost_centres_none_is_guessed() -> None:
    objects = (ObjectRef("purchase_order", "PO-1"), ObjectRef("cost_center", "CC-1"), ObjectRef("cost_center", "CC-2"))
    assert posted("purchase_order.created.v1", *objects)["committed"]["cost_center"] == ""


def test_what_an_invoice_was_paid_with_is_not_what_it_asked_for() -> None:
    rows = posted("invoice.paid.v1", ObjectRef("invoice", "I-1"), amount=Amount("7", "USD"))
    assert (rows["invoiced"]["verb"], rows["invoiced"]["amount"]) == ("restore", "")
    assert (rows["paid"]["verb"], rows["paid"]["amount"], rows["paid"]["yields_to"]) == ("post", "7", "payment")


def test_a_timesheet_is_labour_with_the_hours_beyond_forty_as_premium() -> None:
    rows = posted("timesheet.approved.v1", ObjectRef("timesheet", "T-1"), amount=Amount("480", "USD"), hours="48.5")
    assert (rows["worked"]["hours"], rows["worked"]["amount"], rows["worked"]["labour"]) == ("48.5", "480", True)
    assert (rows["premium"]["hours"], rows["premium"]["amount"]) == ("8.5", "")


@pytest.mark.parametrize(("hours", "expected"), [("36", "0"), ("40", "0"), (None, ""), ("many", ""), (True, "")])
def test_hours_that_are_not_told_are_not_zero(hours: Any, expected: str) -> None:
    told = {} if hours is None else {"hours": hours}
    assert posted("timesheet.submitted.v1", ObjectRef("timesheet", "T-1"), **told)["premium"]["hours"] == expected


def test_overtime_that_the_source_tells_goes_before_our_limit() -> None:
    row = posted("timesheet.submitted.v1", ObjectRef("timesheet", "T"), hours="48", overtime_hours="3")["premium"]
    assert row["hours"] == "3"


def test_a_posting_has_every_column_of_its_table() -> None:
    made = posted("commitment.posted.v1", ObjectRef("commitment", "C-1"))["reserved"]
    assert {name for name in TABLES["ledger_postings"].names if not name.startswith("named_")} <= {*made, "named"}


def test_every_mistake_in_the_rules_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "ledger.yaml"
    wrong = LEDGER_FILE.read_text().replace("commitment.released.v1", "invoice.voided.v1")
    file.write_text(wrong.replace("goods_receipt.reversed.v1", "goods_receipt.posted.v1"))
    with pytest.raises(DefinitionsError) as caught:
        load_rules(file)
    told = [mistake.message for mistake in caught.value.mistakes]
    assert told == ["invoice.voided.v1 is no event type of a commitment", "goods_receipt.posted.v1 stands twice"]
    assert all(mistake.line > 1 for mistake in caught.value.mistakes)


def test_a_rate_divides_or_multiplies_as_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    head = "version: 1\ncurrency: USD\nrates:\n"
    one = '  {}: {{source: s, dated: "2026-01-02", per_unit: {}, values: {{"2026": "{}"}}}}\n'
    file.write_text(head + one.format("CAD", "foreign", "1.25") + one.format("EUR", "own", "1.1"))
    rates = load_rates(tmp_path)
    assert rates.worth == {"CAD 2026": Decimal("0.800000000000"), "EUR 2026": Decimal("1.100000000000")}
    assert rates.parameters["rates"] == ["0.800000000000", "1.100000000000"]


def test_a_rate_of_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    values = '{source: s, dated: d, per_unit: own, values: {"2026": "0"}}'
    file.write_text(f"version: 1\ncurrency: USD\nrates:\n  EUR: {values}\n")
    with pytest.raises(DefinitionsError):
        read_rates(file)
