"""A figure explains itself in a real browser, by keyboard too, and its link brings the same number back."""

import os
from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]
MARK = "[data-figure='tiles/attainment']"
VALUE = ".fg-tile:has([data-figure='tiles/attainment']) .fg-value"


def test_a_tile_explains_itself_by_keyboard_and_its_link_brings_the_number_back(
    pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url, bypass_csp=True).open("/", seconds=120)
    page = seen.page
    before = page.locator(VALUE).inner_text()
    page.locator(MARK).hover()
    page.locator("#hovers [role=tooltip]", has_text="Clocks met, of all clocks decided").wait_for()
    assert violations(page, axe_source) == []
    page.locator(MARK).focus()
    page.keyboard.press("Enter")
    told = page.locator(".fg-explained")
    told.wait_for()
    text = told.inner_text()
    for part in ("Clocks met, of all clocks decided", "As of ", "Source: ", "Version ", "attainment_totals"):
        assert part in text
    assert violations(page, axe_source) == []
    link = told.locator("a", has_text="Link to this number").get_attribute("href")
    page.keyboard.press("Escape")
    page.locator("#explain").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.figure") == "tiles/attainment"
    fixed = seen.open(link, seconds=120).page
    assert fixed.locator(VALUE).inner_text() == before
    assert before in fixed.locator("#pinned").inner_text()
    assert fixed.locator(".fg-tile:has([data-figure='tiles/open']) .fg-value").inner_text() == "–"
    fixed.locator(MARK).click()
    fixed.locator(".fg-explained", has_text="so it does still").wait_for()
    assert violations(fixed, axe_source) == []
    if folder := os.environ.get("FLOWGLASS_PICTURES"):
        fixed.screenshot(path=f"{folder}/pinned.png")
    assert seen.problems == []
