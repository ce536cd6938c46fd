"""The page of dead letters in a real browser, on a real store."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from metrics.store.client import connect_url
from tests.browser.conftest import Serve, Visit, violations
from tests.browser.running import free_port

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

PAGE = "/dead-letters"
PATIENCE = 150  # seconds for the first page of a server that has just started, on a busy machine
CARDS = {"letter-tiles", "letter-list", "letter-detail", "letter-groups", "letter-trend"}


def test_it_shows_its_data_without_errors_or_requests_outside(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open(PAGE, PATIENCE)
    assert seen.states() == dict.fromkeys(CARDS, "ok")
    seen.page.locator("#letter-grid .ag-row").first.wait_for()
    assert (seen.outside, seen.problems) == ([], [])


def test_a_row_of_the_counts_narrows_the_page_and_lets_go_again(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open(PAGE, PATIENCE)
    rows = seen.page.locator("#letter-reason-grid .ag-row a")
    rows.get_by_text("Malformed xml").click()
    seen.page.wait_for_url("**reason=malformed_xml*", timeout=20_000)
    seen.page.locator("#letter-words").get_by_text("31 letters").wait_for()
    seen.page.locator("#letter-reason-grid .fg-row-chosen a").click()
    seen.page.wait_for_url(f"**{PAGE}", timeout=20_000)


def test_a_letter_of_the_list_opens_beside_it_and_its_command_can_be_copied(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open(f"{PAGE}?reason=source_paused", PATIENCE)
    seen.page.locator("#letter-grid .ag-row a").nth(3).click()
    seen.page.wait_for_url("**finding=*", timeout=20_000)
    letter = parse_qs(urlsplit(seen.page.url).query)["finding"][0]
    seen.page.locator("#letter-panel").get_by_text(f"flowglass dlq replay {letter} --dry-run").wait_for()
    assert "flowglass source resume jaggaer" in seen.page.locator("#letter-panel").inner_text()
    button = seen.page.locator("#letter-panel [data-copy]").first
    button.click()
    button.get_by_text("Copied").wait_for()


def test_a_filter_that_nothing_matches_says_so_and_can_be_let_go(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open(f"{PAGE}?source=nobody", PATIENCE)
    assert seen.states() == dict.fromkeys(CARDS, "empty") | {"letter-tiles": "ok"}
    seen.page.locator("#letter-list-message").get_by_text("Reset filters").click()
    seen.page.locator("#letter-list.fg-is-ok").wait_for()


def test_an_empty_store_says_that_all_is_well_and_letters_show_although_no_case_exists(
    store_url: str, serve: Serve, visit: Callable[..., Visit]
) -> None:
    url = serve(store_url, "vacant")
    assert visit(url).open(PAGE, PATIENCE).states() == dict.fromkeys(CARDS, "empty") | {"letter-tiles": "ok"}
    store = connect_url(store_url, "vacant")
    store.command("INSERT INTO vacant.dead_letters SELECT * FROM flowglass.dead_letters")
    seen = visit(url).open(PAGE, PATIENCE)
    # An answer is given for some seconds after it was fetched: open pages show what came within a tick or two.
    seen.page.wait_for_function(
        "() => Array.from(document.querySelectorAll('.fg-card')).every(card => card.classList.contains('fg-is-ok'))"
    )
    assert seen.states() == dict.fromkeys(CARDS, "ok")
    store.command("TRUNCATE TABLE vacant.dead_letters")
    store.close()


def test_a_store_that_is_down_is_waited_for(serve: Serve, visit: Callable[..., Visit]) -> None:
    seen = visit(serve(f"http://127.0.0.1:{free_port()}", "flowglass")).open(PAGE, PATIENCE)
    assert seen.states() == dict.fromkeys(CARDS, "away")


def test_on_a_phone_nothing_overflows_and_a_chosen_letter_comes_into_view(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url, width=390).open(PAGE, PATIENCE)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    seen.page.locator("#letter-grid .ag-row a").nth(2).click()
    seen.page.wait_for_url("**finding=*", timeout=20_000)
    until = time.monotonic() + 30
    while (seen.page.locator("#letter-detail").bounding_box() or {"y": 9_999})["y"] > 750:
        assert time.monotonic() < until, "the chosen letter is out of sight"
        seen.page.wait_for_timeout(200)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(scheme: str, pages_url: str, axe_source: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url, scheme=scheme, bypass_csp=True).open(PAGE).page
    page.wait_for_timeout(1500)
    assert violations(page, axe_source) == []
