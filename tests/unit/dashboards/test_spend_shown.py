"""Spend & labour in the currency and by the fiscal periods that somebody chose; what has no rate is told."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dashboards.address import Address, parse
from dashboards.api.spend_report import pdf_href
from dashboards.figures.spend_trend import spend_trend
from dashboards.pages.spend import choices
from dashboards.shown import Shown, show_in
from dashboards.shown_money import at_which_rates, in_currency
from dashboards.spend_book import SpendDesk
from dashboards.spend_sentence import committed_words
from dashboards.spend_table import fill_table
from dashboards.spend_tiles import blocked_tile
from dashboards.spend_trend import with_others
from metrics.ledger.book import Book, Total, added
from metrics.ledger.comparing import left_status
from metrics.ledger.rates import Rates
from metrics.queries.spend_rows import SpendBlocked, SpendSum
from metrics.sla.zones import load_zone
from tests.unit.dashboards.fake_reader import FakeReader
from tests.unit.dashboards.test_spend import asked, store

RATES = Rates("USD", {"EUR 2026": Decimal("1.25")}, {"EUR": "a bank, 2026-12-31"})
PART = SpendSum("committed", 0, "2026-11", "north", "EUR", 1, 3, 0, 2, "80.00", "0", 0, ["USD"])


@pytest.fixture
def in_euro() -> Iterator[None]:
    show_in(Shown(load_zone("UTC"), "EUR"))
    yield
    show_in(None)


def asked_for(reader: FakeReader, query: str) -> dict[str, Any]:
    return next(parameters for name, parameters in reader.asked if name == query)


@pytest.mark.usefixtures("in_euro")
def test_the_ledger_is_asked_for_the_chosen_currency_document_by_document() -> None:
    reader = store(spend_sums=[PART])
    rows, *_ = in_currency(fill_table, reader, RATES)(asked(reader))
    told = asked_for(reader, "spend_sums")
    assert (told["currency"], told["rate_keys"], told["rates"]) == ("EUR", ["USD 2026"], ["0.800000000000"])
    assert rows[0]["committed"]["text"] == "80.00"
    assert rows[0]["committed"]["title"] == (
        "Converted document by document: USD at 0.8 EUR (2026; a bank, 2026-12-31)."
    )


def test_without_a_choice_it_is_asked_for_the_declared_one() -> None:
    reader = store()
    in_currency(fill_table, reader, RATES)(asked(reader))
    assert asked_for(reader, "spend_sums")["currency"] == "USD"


def test_a_sum_knows_the_months_of_its_rates() -> None:
    total = added([PART, PART, SpendSum("committed", 0, "2026-10", "", "EUR", 1, 1, 0, 0, "5", "0", 0)])
    assert total.origins == {("USD", "2026-11")}
    assert at_which_rates(Total(1, money={"USD": Decimal(5)}), RATES) == ""


def test_what_has_no_rate_is_told_beside_the_sum_and_on_the_chart() -> None:
    dollars = Total(2, money={"EUR": Decimal(-3), "USD": Decimal("7.5")})
    assert with_others(dollars, "EUR") == "−3.00 + 7.50 USD"
    blocked = [SpendBlocked("p", "sla", "ann", 2, 0, name, "10") for name in ("USD", "USD", "EUR")]
    assert blocked_tile(blocked, "EUR")["blocked/unit"].text == "EUR + 20 USD"
    budget = SpendSum("budget", 0, "2026-11", "north", "USD", 1, 1, 0, 0, "500.00", "0", 0)
    assert left_status(Book((budget, PART), RATES._replace(currency="EUR"))).words == "None in EUR"
    assert left_status(Book((budget,), RATES)) == ("Within budget", "good")
    titles = dict.fromkeys(("budget", "committed"), "Money")
    figure = spend_trend(["2026-11"], {"budget": [1.0], "committed": [2.0]}, titles, "EUR", ["USD"])
    assert "Not drawn, for want of a rate into EUR: USD" in str(figure.layout.annotations)


def test_a_fiscal_period_is_its_months_as_far_as_they_have_come() -> None:
    desk = SpendDesk(store(), first_month=10)
    assert desk.scope(Address(fiscal="2027q1")).words == "FY27 Q1: 1 October to 20 November 2026 (UTC)"
    assert desk.scope(Address(fiscal="2026")).words == "FY26: 1 October 2025 to 30 September 2026 (UTC)"
    assert desk.scope(Address(fiscal="2026q4", period=30)).months == 3


def test_a_fiscal_period_that_has_not_begun_is_as_none() -> None:
    desk = SpendDesk(store(), first_month=10)
    assert desk.scope(Address(fiscal="2031q2")).words == desk.scope(Address()).words
    assert parse("?fiscal=27Q1").fiscal == ""


def test_fiscal_periods_are_offered_by_their_labels() -> None:
    offered = choices(SpendDesk(store(), first_month=10))[4]
    assert [one["label"] for one in offered] == [
        "FY27 so far", "FY26", "FY27 Q1 so far", "FY26 Q4", "FY26 Q3", "FY26 Q2", "FY26 Q1",
    ]  # fmt: skip
    assert "fiscal=2026q4" in pdf_href(Address(fiscal=offered[3]["value"]))


@pytest.mark.parametrize(
    ("documents", "untold", "words"),
    [(0, 0, "nothing committed"), (34, 34, "34 committed without an amount"), (3, 1, "20.0 k USD committed")],
)
def test_what_is_committed_without_an_amount_is_not_told_as_nothing(documents: int, untold: int, words: str) -> None:
    total = Total(documents, untold, money={"USD": Decimal(20_000)})
    assert committed_words(total, Book((), RATES)) == words
