"""Three questions as somebody new asks them, answered in sentences; the clicks are counted."""

from collections.abc import Callable
from typing import Any

import pytest

from metrics.store.client import connect_url
from tests.browser.conftest import Visit, violations
from tests.browser.seed_held import HELD, OTHER, WORST

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

R2P = "requisition_to_pay"


class Newcomer:
    """Clicks, and counts its clicks."""

    def __init__(self, page: Any) -> None:
        self.page, self.clicks = page, 0

    def click(self, place: Any) -> None:
        place.click()
        self.clicks += 1

    def choose(self, field: str, option: str) -> None:
        """Open a drop-down and pick: two clicks."""
        self.click(self.page.locator(".fg-choice", has_text=field).locator("input:visible").first)
        self.click(self.page.get_by_role("option", name=option, exact=True))


def test_which_interface_holds_up_most_onboarding_cases_and_whose_they_are(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open("/")
    someone = Newcomer(seen.page)
    someone.choose("Process", "Employee onboarding")
    told = seen.page.locator("#held .fg-lead", has_text="Employee onboarding")
    told.wait_for()
    assert told.inner_text().startswith(
        f"{WORST} holds up most: {HELD[WORST]} open cases of Employee onboarding. Whose: "
    )
    rows = [row.inner_text().split("\t") for row in seen.page.locator("#held-table tbody tr").all()]
    assert [(row[0], row[1]) for row in rows] == [(WORST, str(HELD[WORST])), (OTHER, str(HELD[OTHER]))]
    assert "team" in rows[0][4]
    assert someone.clicks <= 3
    someone.click(seen.page.locator("#held-table a", has_text=str(HELD[WORST])).first)
    seen.page.get_by_text(f"{HELD[WORST]} cases of Employee onboarding, held up by a failed call").wait_for()


def test_why_a_requisition_breached(
    store_url: str, pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    case, clocks = a_breached_case(store_url)
    seen = visit(pages_url).open("/")
    someone = Newcomer(seen.page)
    someone.click(seen.page.locator("#search"))
    seen.page.keyboard.type(case)
    seen.page.keyboard.press("Enter")
    seen.page.locator("#case-breach.fg-is-ok").wait_for()
    told = seen.page.locator("#case-breach-told li").all_inner_texts()
    assert len(told) == clocks
    assert all("of it (" in one and "its deadline was" in one and "Of " in one for one in told)
    assert someone.clicks <= 2
    seen.settle()
    assert violations(seen.page, axe_source) == []


def a_breached_case(store_url: str) -> tuple[str, int]:
    """A requisition with a breached clock, and how many of its clocks are."""
    client = connect_url(store_url, "flowglass")
    query = (
        "SELECT case_id, countEqual(clock.status, 'breached') AS breached FROM v_cases"
        " WHERE process = {process:String} AND breached > 0 ORDER BY breached DESC, case_id LIMIT 1"
    )
    case, clocks = client._client.query(query, parameters={"process": R2P}).result_rows[0]
    return str(case), int(clocks)


def test_what_agency_labour_cost_a_facility_this_month_against_its_budget(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open("/")
    someone = Newcomer(seen.page)
    someone.click(seen.page.locator(".fg-nav-link", has_text="Spend & labour"))
    seen.page.locator("#spend-sentence.fg-is-ok").wait_for()
    someone.choose("Facility", "North")
    told = seen.page.locator("#spend-sentence-told p", has_text="Agency labour at North, 1 November to")
    told.wait_for()
    text = told.inner_text()
    assert "committed and" in text
    assert "35 % of a budget of 10.0 k USD" in text
    assert "Registered nurse" in text
    assert someone.clicks <= 3
