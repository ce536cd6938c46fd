"""What Spend & labour says of itself on paper, and where its PDF is: of what the page shows."""

import pytest

from dashboards.address import Address
from dashboards.api.spend_report import pdf_href
from dashboards.pages.spend import layout
from dashboards.spend_book import SpendDesk
from dashboards.spend_paper import paper_lines
from metrics.queries.spend_rows import SpendPublished
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader


def test_the_pdf_is_of_what_the_page_is_narrowed_to() -> None:
    assert pdf_href(Address()) == "/api/v1/exports/spend"
    narrowed = Address(facility="north", booked="requisition_to_pay", period=0, cut="supplier", stage="paid")
    assert pdf_href(narrowed) == "/api/v1/exports/spend?facility=north&booked=requisition_to_pay&period=0"
    assert pdf_href(Address(untold="supplier", as_of=NOW)) == f"/api/v1/exports/spend?supplier=%3F&as_of={NOW}"
    assert pdf_href(Address(fiscal="2027q1")) == "/api/v1/exports/spend?fiscal=2027q1"
    assert pdf_href(Address(facility="a&b=c#d")) == "/api/v1/exports/spend?facility=a%26b%3Dc%23d"
    assert "/api/v1/exports/spend?facility=north" in str(layout(Address(facility="north")))


def test_paper_tells_its_months_scope_newest_event_and_changes() -> None:
    lines = str(paper_lines(SpendDesk(FakeReader()), Address(facility="north", supplier="S-1")))
    assert "1 September to 20 November 2026 (UTC)" in lines
    assert "Data as of 2026-11-20 16:00:00 UTC" in lines
    assert "Facility: North · Supplier: S-1" in lines
    assert "No published figure of these months has been restated." in str(
        paper_lines(SpendDesk(FakeReader()), Address())
    )
    assert paper_lines(SpendDesk(FakeReader(processes=[])), Address()) == []


@pytest.mark.parametrize(
    ("published", "address"), [(1, Address(facility="north")), (1, Address(untold="supplier")), (0, Address())]
)
def test_paper_of_less_than_the_whole_ledger_tells_no_restatements(published: int, address: Address) -> None:
    lines = str(paper_lines(SpendDesk(FakeReader(spend_published=[SpendPublished(published)])), address))
    assert "Restatements are told of the whole ledger only." in lines
    assert "No published figure" not in lines


def test_paper_of_a_finished_fiscal_period_tells_the_newest_event() -> None:
    desk = SpendDesk(FakeReader(), first_month=10)
    assert "Data as of 2026-11-20 16:00:00 UTC" in str(paper_lines(desk, Address(fiscal="2026q4")))
    fixed = Address(fiscal="2026q4", as_of=NOW - DAY)
    assert "Data as of 2026-11-19 16:00:00 UTC" in str(paper_lines(desk, fixed))
