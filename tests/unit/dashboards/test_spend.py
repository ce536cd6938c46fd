"""Spend & labour: tiles, funnels, table, months, causes, documents, and the CSV; all add up to the same documents."""

import csv
from decimal import Decimal
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.pages.spend import choices, download, fill_words
from dashboards.scope import NothingYet
from dashboards.spend_book import SpendDesk
from dashboards.spend_funnel import fill_funnels
from dashboards.spend_lists import documents_page, fill_causes, fill_trend
from dashboards.spend_table import fill_table, safe
from dashboards.spend_tiles import fill_tiles
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import (
    SpendBlocked,
    SpendCheck,
    SpendChoices,
    SpendDays,
    SpendDocument,
    SpendSum,
)
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

RATES = Rates("USD", {}, {})
R2P = "requisition_to_pay"


def row(stage: str, cut: str, amount: str, currency: str = "USD", **more: Any) -> SpendSum:
    told = {"labour": 0, "month": "2026-11", "current": 1, "documents": 1, "untold": 0, "converted": 0, "hours": "0"}
    return SpendSum(stage=stage, cut=cut, amount=amount, currency=currency, **{**told, "simulated": 1, **more})


ROWS = [
    row("requested", "north", "100.10"),
    row("reserved", "north", "100.00"),
    row("committed", "north", "60.05"),
    row("committed", "", "20.05", month="2026-10"),
    row("committed", "north", "7.00", "CHF"),
    row("committed", "north", "40.00", current=0),
    row("received", "north", "0", untold=1),
    row("invoiced", "north", "50.00"),
    row("paid", "north", "-5.00"),
    row("worked", "north", "920.00", labour=1, hours="50"),
    row("premium", "north", "0", "", labour=1, hours="10", untold=1),
    row("demand", "north", "0", "", labour=1, untold=1),
]
CHECKS = [
    SpendCheck("requested", 1, ["USD"], ["100.10"]),
    SpendCheck("reserved", 1, ["USD"], ["100"]),
    SpendCheck("committed", 3, ["CHF", "USD"], ["7", "80.10"]),
    SpendCheck("received", 1, ["USD"], ["0"]),
    SpendCheck("invoiced", 1, ["USD"], ["50"]),
    SpendCheck("paid", 1, ["USD"], ["-5"]),
    SpendCheck("worked", 1, ["USD"], ["920"]),
    SpendCheck("premium", 1, [""], ["0"]),
    SpendCheck("demand", 1, [""], ["0"]),
]
BLOCKED = [SpendBlocked(R2P, "approval", "procurement", 3, 1, "USD", "1200.50")]
DOCUMENT = SpendDocument(
    "received", "goods_receipt", "GR-1", "", NOW, "north", "icu", "", "S-1", "USD", "90", "", 1, R2P, "R-1", 1
)


def store(**more: list[Any]) -> FakeReader:
    rows: dict[str, list[Any]] = {
        "spend_sums": ROWS,
        "spend_check": CHECKS,
        "spend_blocked": BLOCKED,
        "spend_days": [SpendDays("committed", 4, 3 * DAY)],
        "spend_documents": [DOCUMENT],
        "spend_choices": [SpendChoices(["", "S-1"], ["CC-1"])],
    }
    return FakeReader(**{**rows, **more})


def asked(reader: FakeReader, address: Address | None = None, names: tuple[str, ...] = ()) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(SpendDesk(reader).scope(address or Address()), False, 0, (), specs)


def test_tiles_tell_money_with_its_share_of_the_budget_and_the_change() -> None:
    names = ("committed/value", "committed/unit", "committed/status", "committed/note", "blocked/note", "premium/value")
    texts, classes, links = fill_tiles(store(), RATES, asked(store(), names=(*names, "blocked", "committed")))
    assert texts[:3] == ["80", "USD + 7 CHF", "80 % of budget reserved"]
    assert texts[3:6] == ["3 documents, ▲ 100 % on the 90 days before", "3 requests past a deadline", "20.0"]
    assert "good" in classes[2]
    assert links[6:] == [f"/cases?process={R2P}&list=breached", "/spend?stage=committed#spend-documents"]


def test_a_funnel_tells_each_step_with_its_days_and_opens_its_documents() -> None:
    money, labour = fill_funnels(store(), RATES, asked(store(), Address(facility="north")))
    told = str(money)
    for part in ("80.10 USD + 7.00 CHF", "3 d after the step before, median of 4", "1 without an amount"):
        assert part in told
    assert "/spend?facility=north&stage=received" in told
    assert "50 h on 1 timesheet" in str(labour)


def test_rows_of_the_table_add_up_to_the_row_of_all_and_reconcile_to_the_cent() -> None:
    rows, _, words = fill_table(store(), RATES, asked(store()))
    *parts, whole = rows
    assert [part["name"]["text"] for part in parts] == ["North", "Not told"]
    for stage in ("requested", "committed", "invoiced", "paid", "worked"):
        told = [part[stage]["sort"] for part in parts if part[stage]["sort"] != -1]
        assert sum(map(Decimal, map(str, told))) == Decimal(str(whole[stage]["sort"]))
    assert words == "Totals reconcile with 11 documents to the cent. 3 tell no amount."
    assert parts[0]["committed"]["text"] == "60.05 + 7.00 CHF"
    assert parts[1]["committed"]["href"] == "/spend?stage=committed&untold=facility#spend-documents"


@pytest.mark.parametrize("wrong", [SpendCheck("paid", 1, ["USD"], ["-5.01"]), SpendCheck("paid", 2, ["USD"], ["-5"])])
def test_a_table_that_is_a_cent_or_a_document_off_says_so(wrong: SpendCheck) -> None:
    checks = [wrong if check.stage == "paid" else check for check in CHECKS]
    words = fill_table(store(spend_check=checks), RATES, asked(store()))[2]
    assert words.startswith("The rows do not reconcile with their ")
    assert "(Paid)" in words


def test_months_stand_beside_each_other_and_in_a_table() -> None:
    figure, table = fill_trend(store(), RATES, asked(store()))
    committed = next(bar for bar in figure.data if bar.name == "Committed")
    assert (list(committed.x), list(committed.y)) == (["2026-10", "2026-11"], [20.05, 60.05])
    assert "60.05" in str(table)


def test_a_cause_names_its_owner_and_opens_its_cases() -> None:
    (rows, _) = fill_causes(SpendDesk(store()), RATES, asked(store(), Address(facility="north")))
    assert (rows[0]["owner"], rows[0]["money"], rows[0]["cases"]) == ("Department heads", "1,200.50 USD", "3")
    assert rows[0]["href"] == f"/cases?process={R2P}&facility=north&list=breached&sla=approval"


def test_documents_open_their_case_and_say_where_their_money_is_from() -> None:
    page = documents_page(SpendDesk(store()), Address(stage="received"), {"startRow": 0, "endRow": 100})
    assert page["rowCount"] == 1
    assert page["rowData"][0]["amount"] == "90.00 USD (from its order)"
    assert page["rowData"][0]["href"] == f"/case?process={R2P}&id=R-1"


def test_no_number_chosen_and_nothing_there_are_told_apart() -> None:
    desk = SpendDesk(store(spend_documents=[], spend_sums=[]))
    with pytest.raises(Empty, match="Choose a number"):
        fill_words(desk, asked(store()))
    with pytest.raises(Empty, match="No document is behind"):
        fill_words(desk, asked(store(), Address(stage="paid")))
    with pytest.raises(Empty, match="matches this"):
        fill_table(store(spend_sums=[]), RATES, asked(store(), Address(facility="nowhere")))
    with pytest.raises(NothingYet):
        SpendDesk(FakeReader(processes=[])).scope(Address())


def test_the_csv_holds_every_stage_exactly_and_is_marked_as_simulated() -> None:
    sent = download(SpendDesk(store()), RATES, Address())
    lines = list(csv.DictReader(sent["content"].splitlines()))
    committed = [line for line in lines if line["stage"] == "committed"]
    assert sum(Decimal(line["amount"]) for line in committed if line["currency"] == "USD") == Decimal("80.10")
    assert {(line["simulated"], line["period_days"]) for line in lines} == {("1", "90")}
    assert committed[-1]["facility"] == "not told"
    assert safe("=cmd()") == "'=cmd()"


def test_money_is_looked_at_over_all_processes_and_ninety_days() -> None:
    scope = SpendDesk(store()).scope(Address(process="log.5eed0a11c0de"))
    assert (scope.days, scope.as_of >= NOW, scope.as_of - NOW < 60_000_000) == (90, True, True)
    assert choices(SpendDesk(store()))[0] == [{"value": "S-1", "label": "S-1"}]
