"""Spend & labour: tiles, funnels, table, months, causes, documents, and the CSV; all add up to the same documents."""

import csv
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from dash import no_update

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.pages.spend import choices, download, fill_words
from dashboards.reading import Unanswered
from dashboards.scope import NothingYet
from dashboards.spend_book import SpendDesk
from dashboards.spend_funnel import fill_funnels
from dashboards.spend_lists import documents_page, fill_causes
from dashboards.spend_period import SpendScope
from dashboards.spend_table import fill_table, safe
from dashboards.spend_tiles import fill_tiles
from dashboards.spend_trend import fill_trend
from dashboards.spend_vacancies import fill_vacancies
from dashboards.wording import utc
from metrics.ledger.rates import Rates
from metrics.ledger.vacancies import VacancyCost
from metrics.queries.restatement_rows import Restatement
from metrics.queries.spend_rows import (
    SpendBlocked,
    SpendCheck,
    SpendChoices,
    SpendDays,
    SpendDocument,
    SpendSum,
    SpendVacancies,
)
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

RATES = Rates("USD", {}, {})
COST = VacancyCost("USD", Decimal("200.50"), {"icu": Decimal(300)}, "the board, 2026")
R2P = "requisition_to_pay"


def row(stage: str, cut: str, amount: str, currency: str = "USD", **more: Any) -> SpendSum:
    told = {"labour": 0, "month": "2026-11", "current": 1, "documents": 1, "untold": 0, "converted": 0, "hours": "0"}
    return SpendSum(stage=stage, cut=cut, amount=amount, currency=currency, **{**told, "simulated": 1, **more})


ROWS = [
    row("budget", "north", "90.00"),
    row("budget", "north", "1000.00", labour=1),
    row("budget", "", "10.00", month="2026-10"),
    row("accrued", "north", "9.99"),
    row("committed", "north", "1.00", month="2026-01", current=0),
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
    SpendCheck("budget", 3, ["USD"], ["1100"]),
    SpendCheck("accrued", 1, ["USD"], ["9.99"]),
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
        "spend_choices": [SpendChoices(["", "S-1"], ["CC-1"], ["1010"])],
        "spend_vacancies": [SpendVacancies("north", "icu", 2), SpendVacancies("north", "pharmacy", 1)],
    }
    return FakeReader(**{**rows, **more})


def asked(reader: FakeReader, address: Address | None = None, names: tuple[str, ...] = ()) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(SpendDesk(reader).scope(address or Address()), False, 0, (), specs)


def test_tiles_tell_what_is_left_of_the_budget_and_the_change() -> None:
    names = ("left/value", "left/status", "left/note", "committed/value", "committed/unit", "committed/status")
    more = (
        "committed/note",
        "blocked/note",
        "labour/status",
        "labour/note",
        "accrued/note",
        "blocked",
        "committed",
        "accrued",
    )
    texts, classes, links = fill_tiles(store(), RATES, COST, asked(store(), names=(*names, *more)))
    assert texts[:2] == ["100", "Within budget"]  # 90 + 10 - 80.10 for orders, 1,000 - 920 for labour
    assert texts[2].startswith("orders 20 USD, agency labour 80 USD; ")
    assert texts[3:6] == ["80", "USD + 7 CHF", "80 % of budget"]
    assert texts[6:8] == ["3 documents, ▲ 95 % on the same days of the 3 months before", "3 requests past a deadline"]
    assert texts[8:10] == ["92 % of budget", "50 h, 20.0 % of them premium"]
    assert texts[10] == "1 receipt; 10 USD of it from these months"
    assert "good" in classes[1]
    assert links[11:] == [
        f"/cases?process={R2P}&list=breached",
        "/spend?stage=committed#spend-documents",
        "/spend?period=0&stage=accrued#spend-documents",
    ]


def test_without_a_budget_the_page_says_so_and_claims_nothing() -> None:
    rows = [one for one in ROWS if one.stage != "budget"]
    reader = store(spend_sums=rows)
    texts, _, _ = fill_tiles(reader, RATES, COST, asked(reader, names=("left/value", "left/note", "committed/status")))
    assert texts == ["–", "No budget of these months is known", ""]
    table = fill_table(reader, RATES, asked(reader))[0]
    assert {line["left"]["text"] for line in table} == {"–"}


def test_months_that_are_not_known_from_their_beginning_are_not_compared_with() -> None:
    rows = [one for one in ROWS if one.month != "2026-01"]
    texts, _, _ = fill_tiles(store(spend_sums=rows), RATES, COST, asked(store(), names=("committed/note",)))
    assert texts == ["3 documents"]


def test_what_is_left_of_budgets_adds_up_over_every_dimension_and_can_be_less_than_nothing() -> None:
    over = [*ROWS, row("committed", "west", "5000.01")]
    *parts, whole = fill_table(store(spend_sums=over), RATES, asked(store()))[0]
    told = {part["name"]["text"]: part["left"] for part in parts}
    assert (told["West"]["text"], told["West"]["tone"]) == ("−5,000.01", "bad")
    assert sum(Decimal(str(part["sort"])) for part in told.values()) == Decimal(str(whole["left"]["sort"]))
    assert told["North"]["text"] == "109.95 −7.00 CHF"
    assert told["Not told"]["href"] == "/spend?stage=budget&untold=facility#spend-documents"


def test_open_positions_cost_what_is_declared_for_their_department() -> None:
    rows, _, words = fill_vacancies(store(), RATES, COST, asked(store()))
    assert [(one["positions"]["text"], one["cost"]["text"]) for one in rows] == [("3", "800.50 USD")] * 2
    assert rows[0]["positions"]["href"] == "/spend?facility=north&period=0&stage=vacant#spend-documents"
    assert rows[0]["premium"]["text"] == "20.0 %"
    assert "200.50 USD a calendar day, 1 departments with a cost of their own (the board, 2026)" in words
    with pytest.raises(Empty, match="No position is open"):
        fill_vacancies(store(spend_vacancies=[]), RATES, COST, asked(store()))


def test_the_period_is_whole_calendar_months_and_the_ones_to_compare_with_lie_before_them() -> None:
    scope = SpendDesk(store()).scope(Address())
    assert isinstance(scope, SpendScope)
    first, before = utc(scope.since + 1), utc(scope.before + 1)
    assert (first.day, first.hour, before.day) == (1, 0, 1)
    now = utc(scope.as_of)
    assert (now.year - first.year) * 12 + now.month - first.month == 2
    assert (first.year - before.year) * 12 + first.month - before.month == 3
    month = SpendDesk(store()).scope(Address(period=30))
    assert utc(month.since + 1).month == now.month
    assert SpendDesk(store()).scope(Address(period=0)).words.startswith("All time until ")


def test_a_funnel_tells_each_step_with_its_days_and_opens_its_documents() -> None:
    money, labour, period = fill_funnels(store(), RATES, asked(store(), Address(facility="north")))
    told = str(money)
    for part in ("80.10 USD + 7.00 CHF", "3 d after the step before, median of 4", "1 without an amount"):
        assert part in told
    assert "/spend?facility=north&stage=received" in told
    assert "50 h on 1 timesheet" in str(labour)
    assert "20.0 % of the hours" in str(labour)
    assert period.endswith("(UTC).")


def test_rows_of_the_table_add_up_to_the_row_of_all_and_reconcile_to_the_cent() -> None:
    rows, _, words = fill_table(store(), RATES, asked(store()))
    *parts, whole = rows
    assert [part["name"]["text"] for part in parts] == ["North", "Not told"]
    for stage in ("requested", "committed", "invoiced", "paid", "worked"):
        told = [part[stage]["sort"] for part in parts if part[stage]["sort"] != -1]
        assert sum(map(Decimal, map(str, told))) == Decimal(str(whole[stage]["sort"]))
    assert words == "Totals reconcile with 15 documents to the cent. 3 tell no amount."
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
    budget = next(bar for bar in figure.data if bar.name == "Budget for orders")
    assert list(budget.y) == [10.0, 90.0]


def test_a_month_stands_beside_the_month_before_and_what_was_restated_of_it() -> None:
    change = Restatement(
        figure="money", process="", name="spend/committed", facility="", currency="USD", unit="month",
        start="2026-10-01", revision=1, noticed_us=NOW, before='{"documents": "1", "amount": "20.00", "hours": "0"}',
        after='{"documents": "1", "amount": "20.05", "hours": "0"}', causes=["late_event"], cause_counts=[1], changes=1,
        event_ids=[], case_processes=[], case_ids=[], late_us=0, detail="", simulated=1, total=1,
    )  # fmt: skip
    rows = [*ROWS, row("committed", "north", "10.00", month="2026-09")]
    narrow = asked(store(), Address(facility="north"))
    one_place = str(fill_trend(store(spend_sums=rows, restatement_list=[change]), RATES, narrow)[1])
    assert "Restated since" not in one_place
    assert "Committed: was" not in one_place
    table = str(fill_trend(store(spend_sums=rows, restatement_list=[change]), RATES, asked(store()))[1])
    assert "+100%" in table
    assert "2026-11 (so far)" in table
    assert "Committed: was" in table
    labour = msgspec.structs.replace(change, name="labour/committed")
    both = str(fill_trend(store(spend_sums=rows, restatement_list=[labour, change]), RATES, asked(store()))[1])
    assert "Committed: was" in both
    assert "Committed (agency labour): was" in both


def test_the_last_month_of_a_finished_period_is_whole() -> None:
    rows = [row("committed", "north", "10.00", month="2026-08"), row("committed", "north", "20.00", month="2026-09")]
    scope = SpendDesk(store(), first_month=10).scope(Address(fiscal="2026q4"))
    table = str(fill_trend(store(spend_sums=rows), RATES, Request(scope, False, 0, (), []))[1])
    assert "so far" not in table
    assert "+100%" in table


def test_what_is_held_up_is_of_the_process_that_the_page_is_narrowed_to() -> None:
    reader = store()
    fill_causes(SpendDesk(reader), RATES, asked(reader, Address(booked=R2P)))
    assert next(told for name, told in reader.asked if name == "spend_blocked")["booked"] == R2P


@pytest.mark.parametrize("name", ["supplier", "cost_center", "legal_entity"])
def test_what_is_held_up_is_not_told_where_cases_do_not_tell_the_filter(name: str) -> None:
    narrow = Address.model_validate({name: "X-1"})
    names = ("blocked/value", "blocked/status", "blocked/note")
    texts, _, _ = fill_tiles(store(), RATES, COST, asked(store(), narrow, names))
    assert texts == ["–", "", "Not told by this filter"]
    with pytest.raises(Empty, match="Not told by this filter"):
        fill_causes(SpendDesk(store()), RATES, asked(store(), narrow))


def test_a_dimension_that_budgets_do_not_tell_is_held_against_their_sum_only() -> None:
    rows = [one for one in ROWS if one.stage != "budget"] + [row("budget", "", "90.00")]
    lines, _, words = fill_table(store(spend_sums=rows), RATES, asked(store(), Address(cut="supplier")))
    assert [line["left"]["text"] for line in lines[:-1]] == ["–", "–"]
    assert lines[-1]["left"]["text"] != "–"
    assert "only their sum" in words


def test_the_row_of_a_process_opens_its_documents() -> None:
    lines = fill_table(store(), RATES, asked(store(), Address(cut="process")))[0]
    assert lines[0]["committed"]["href"] == "/spend?booked=north&cut=process&stage=committed#spend-documents"


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
    assert {(line["simulated"], line["from_utc"][-2:]) for line in lines} == {("1", "01")}
    left = {
        line["facility"]: line["amount"]
        for line in lines
        if (line["stage"], line["currency"]) == ("left_of_budget", "USD")
    }
    assert left == {"north": "109.95", "not told": "-10.05"}
    assert {line["stage"] for line in lines} >= {"budget", "accrued"}
    assert committed[-1]["facility"] == "not told"
    assert safe("=cmd()") == "'=cmd()"


def test_the_csv_is_noted_before_it_is_given_and_withheld_where_it_cannot_be() -> None:
    noted: list[tuple[str, str]] = []
    desk = SpendDesk(store(), note=lambda did, what: noted.append((did, what)))
    assert "content" in download(desk, RATES, Address(supplier="S-1"))
    assert noted == [("exported", f"spend csv {desk.scope(Address()).days} supplier=S-1")]

    def refuse(_did: str, _what: str) -> None:
        raise Unanswered("the log is full")

    assert download(SpendDesk(store(), note=refuse), RATES, Address()) is no_update


def test_money_is_looked_at_over_all_processes() -> None:
    scope = SpendDesk(store()).scope(Address(process="log.5eed0a11c0de"))
    assert (scope.days, scope.as_of >= NOW, scope.as_of - NOW < 60_000_000) == (90, True, True)
    offered = choices(SpendDesk(store()))
    assert offered[0] == [{"value": "S-1", "label": "S-1"}]
    assert offered[2] == [{"value": "1010", "label": "1010"}]
