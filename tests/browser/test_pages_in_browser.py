"""The pages in a real browser, on a real store."""

import itertools
from collections.abc import Callable

import pytest

from tests.browser.conftest import Serve, Visit, violations

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

CASE = "/case?process=requisition_to_pay&id=R-100001"
PAGES = (
    "/", "/process", CASE, "/sla", "/cases?list=open", "/exceptions", "/data-quality", "/integrations", "/alerts",
    "/spend",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_its_data_without_errors_or_requests_outside(
    path: str, pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open(path)
    assert not {name: state for name, state in seen.states().items() if state not in ("ok", "empty")}
    assert "ok" in seen.states().values()
    assert seen.outside == []
    assert seen.problems == []


def test_operations_marks_simulated_data_and_its_age(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url).open("/").page
    page.locator("#simulated:not([hidden])").wait_for()
    assert "Simulated data" in page.locator("#simulated").inner_text()
    assert "Data as of" in page.locator("#as-of").inner_text()


@pytest.mark.parametrize("path", ["/", "/process", "/sla", "/cases"])
def test_a_log_without_a_definition_makes_sense_on_each_page(
    path: str, pages_url: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url).open(f"{path}?process=log.5eed0a11c0de")
    assert set(seen.states().values()) <= {"ok", "empty"}
    assert seen.problems == []


def test_an_empty_store_says_so_on_every_card_and_once_in_full(
    store_url: str, serve: Serve, visit: Callable[..., Visit]
) -> None:
    seen = visit(serve(store_url, "vacant")).open("/")
    assert set(seen.states().values()) == {"empty"}
    assert "holds no cases yet" in seen.page.locator("#tiles-message").inner_text()
    assert seen.page.locator("#stages-message").inner_text() == "No source has sent anything yet."
    for path in ("/", "/sla", CASE):
        ways_on = seen.open(path).page.get_by_role("link", name="Connect your first source")
        assert [way.is_visible() for way in ways_on.all()].count(True) == 1, path


def test_the_url_holds_the_state_and_controls_follow_it_back(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url).open("/process").page
    page.get_by_text("Breach share", exact=True).click()
    page.wait_for_url("**/process?metric=breached", timeout=20_000)
    page.go_back()
    page.wait_for_url("**/process", timeout=20_000)
    page.locator("#map.fg-is-ok").wait_for()


def test_a_click_on_the_map_offers_filters(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url).open("/process").page
    page.locator(".fg-node").first.click()
    page.get_by_text("Cases with it").click()
    page.wait_for_url("**has=*", timeout=20_000)
    page.locator(".fg-chip").first.wait_for()


def test_slash_focuses_the_search_and_any_id_opens_its_case(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url).open("/").page
    page.keyboard.press("/")
    page.locator("#search:focus").wait_for()
    page.keyboard.type("PO-100001")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Case R-100001").wait_for()
    assert page.url.endswith("/case?process=requisition_to_pay&id=R-100001")


def test_on_a_phone_the_map_is_a_list_and_nothing_overflows(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url, width=390)
    for path in PAGES:
        page = seen.open(path).page
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page = seen.open("/process").page
    assert page.locator("#map-list").is_visible()
    assert not page.locator("#map-drawing").is_visible()


@pytest.mark.parametrize("path", ["/", "/process", CASE, "/sla", "/integrations", "/spend", "/connect"])
def test_a_phone_shows_no_place_that_only_a_finger_can_scroll(
    path: str, pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    page = visit(pages_url, width=390).open(path).page
    page.wait_for_timeout(1500)  # a grid may have a row without its cells before
    assert violations(page, axe_source) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_top_bar_is_visible_at_any_width(scheme: str, pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url, scheme=scheme).open("/")
    seen.page.locator("#as-of:has-text('behind')").wait_for()  # the longest text that the bar takes
    for width in (390, 768, 920, 1024, 1200, 1280, 1380, 1440):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.wait_for_timeout(150)
        edges = seen.page.evaluate(
            "['#theme', '#live', '#search', '#as-of'].map(q => document.querySelector(q).getBoundingClientRect().right)"
        )
        assert max(edges) <= width, f"{width}: {edges}"
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_saved_and_opened_again_by_keyboard_and_shown_in_another_zone(
    pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url, bypass_csp=True).open("/sla?period=7")
    page, hostile = seen.page, "<b onclick=alert(1)>Late</b>"
    page.locator("#views-menu > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#views-name").fill(hostile)
    page.keyboard.press("Enter")
    page.locator("#views-list .fg-link", has_text=hostile).wait_for()
    assert violations(page, axe_source) == []
    page.keyboard.press("Escape")
    page.locator("#views-menu > summary:focus").wait_for()
    page = seen.open("/cases?list=open").page
    page.locator("#views-menu > summary").press("Enter")
    page.locator("#views-list .fg-link", has_text=hostile).press("Enter")
    page.wait_for_url("**/sla?period=7", timeout=20_000)
    page.locator("#shown-menu > summary").press("Enter")
    page.locator("#shown-zone").fill("Kathmandu")
    page.get_by_role("option", name="Asia/Kathmandu").click()
    page.locator("#shown-text", has_text="Times in Asia/Kathmandu").wait_for(timeout=30_000)
    assert seen.problems == []


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_two_labels_of_the_timeline_overlap(width: int, pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url, width=width).open(CASE).page
    page.locator("#case-timeline-chart .annotation-text").first.wait_for()
    boxes = page.locator("#case-timeline-chart .annotation-text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    )
    assert len(boxes) >= 5
    for one, other in itertools.combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 2 or other[3] <= one[1] + 2
        assert apart, (one, other)


def test_the_case_itself_needs_no_proof(pages_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(pages_url).open(CASE).page
    page.locator("#case-objects-grid .ag-row[row-index='0']", has_text="The case itself").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(
    path: str, scheme: str, pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    page = visit(pages_url, scheme=scheme, bypass_csp=True).open(path).page
    for _ in range(20):  # a page that is still being drawn may have a row without its cells
        page.wait_for_timeout(1500)
        found = violations(page, axe_source)
        if not found:
            break
    assert found == []
