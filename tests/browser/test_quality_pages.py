"""Data quality and Integrations in a real browser: real clicks, the URL as their state, and a list on the phone."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Serve, Visit

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]


def state(seen: Visit) -> dict[str, str]:
    """What the URL says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(seen.page.url).query).items()}


def choose(seen: Visit, label: str, option: str) -> None:
    """Pick an option of a filter."""
    seen.page.get_by_label(label, exact=True).first.click()
    seen.page.get_by_role("option", name=option, exact=True).click()


def test_a_tile_opens_its_list_and_a_reload_keeps_what_was_chosen(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open("/data-quality")
    tile = seen.page.locator("article.fg-tile", has_text="Contradictory")
    number = tile.locator(".fg-value").inner_text()
    tile.locator(".fg-tile-link").click()
    seen.page.wait_for_url("**fault=contradiction", timeout=60_000)
    seen.page.get_by_text(f"{number} contradictions").wait_for(timeout=60_000)
    row = seen.page.locator("#quality-grid .ag-row[row-index='2'] a")
    row.wait_for(timeout=60_000)
    name = row.inner_text()
    row.click()
    seen.page.wait_for_url("**finding=finding*", timeout=60_000)
    seen.page.locator("#quality-panel strong", has_text=name).wait_for(timeout=60_000)
    chosen = state(seen)
    seen.page.reload()
    seen.settle()
    assert state(seen) == chosen
    assert seen.page.locator("#quality-panel strong").first.inner_text() == name
    assert seen.page.get_by_label("Kind", exact=True).first.input_value() == "Contradictory"
    assert "Who says what" in seen.page.locator("#quality-panel").inner_text()
    assert seen.problems == []


def test_filters_narrow_the_list_and_a_reset_widens_it_again(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open("/data-quality")
    choose(seen, "Domain", "Supplier")
    seen.page.wait_for_url("**domain=supplier", timeout=60_000)
    choose(seen, "Kind", "Late events")
    seen.page.locator("#quality-list.fg-is-empty").wait_for(timeout=60_000)
    seen.page.locator("#quality-list").get_by_text("Reset filters").click()
    seen.page.locator("#quality-list.fg-is-ok").wait_for(timeout=60_000)
    assert state(seen) == {}


def test_an_exception_opens_its_case(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open("/data-quality?fault=unmapped")
    link = seen.page.locator("#quality-panel .fg-table a").first
    case = link.inner_text()
    link.click()
    seen.page.get_by_role("heading", name=f"Case {case}").wait_for(timeout=60_000)


def test_a_lane_opens_its_interface_and_its_breached_cases(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url).open("/integrations")
    seen.page.locator(".fg-lane-box", has_text="oracle → jaggaer order dispatch").click()
    seen.page.wait_for_url("**interface=oracle*", timeout=60_000)
    seen.page.reload()
    seen.settle()
    seen.page.locator("#interface-head strong", has_text="oracle → jaggaer order dispatch").wait_for(timeout=60_000)
    assert "Failing" in seen.page.locator("#interface-head").inner_text()
    breached = seen.page.locator("#interface-impact a[href*='list=breached']").first
    number = breached.inner_text()
    breached.click()
    seen.page.locator("#cases-words", has_text=f"{number} cases of").wait_for(timeout=60_000)
    assert "open and breached" in seen.page.locator("#cases-words").inner_text()
    assert seen.problems == []


def test_a_failed_call_leads_to_its_case_and_the_case_back_to_the_interface(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open("/integrations?interface=oracle+%E2%86%92+jaggaer+order+dispatch")
    seen.page.locator("#interface-failures a").first.click()
    seen.page.locator("#trace-banner a", has_text="oracle → jaggaer order dispatch").first.click()
    seen.page.wait_for_url("**/integrations?*interface=*", timeout=60_000)


def test_a_system_narrows_the_drawing_and_the_window_follows_the_url(
    pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open("/integrations?period=7")
    seen.page.locator(".fg-lane-box").first.wait_for(timeout=60_000)
    lanes = seen.page.locator(".fg-lane-box").count()
    seen.page.locator("#topology-drawing .fg-system", has_text="Oracle").last.click()
    seen.page.wait_for_url("**service=oracle-erp*", timeout=60_000)
    seen.page.locator(".fg-lane-box").nth(lanes - 1).wait_for(state="detached", timeout=60_000)
    assert state(seen) == {"period": "7", "service": "oracle-erp"}


def test_on_a_phone_the_drawing_is_a_list(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url, width=390).open("/integrations").page
    assert page.locator("#topology-list").is_visible()
    assert not page.locator("#topology-drawing").is_visible()
    page.locator("#topology-list a").first.click()
    page.wait_for_url("**interface=*", timeout=60_000)


@pytest.mark.parametrize("path", ["/data-quality", "/integrations", "/alerts"])
def test_an_empty_store_says_so(path: str, store_url: str, serve: Serve, visit: Callable[..., Visit]) -> None:
    seen = visit(serve(store_url, "vacant")).open(path)
    assert set(seen.states().values()) == {"empty"}
    assert seen.problems == []


def test_all_pages_fit_into_the_bar_of_a_small_screen(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url, width=1200).open("/data-quality")
    edges = seen.page.locator(".fg-nav-link").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect().right)"
    )
    assert len(edges) >= 8
    assert max(edges) <= 1200
    seen.page.set_viewport_size({"width": 390, "height": 900})
    here = seen.page.locator(".fg-nav-here")
    here.wait_for()
    seen.page.wait_for_timeout(300)
    box = here.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
