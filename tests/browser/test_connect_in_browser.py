"""Connect a source in a real browser: a file is dropped, its columns are corrected, the mapping is taken away."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from metrics.connecting.columns import MEANING
from tests.browser.conftest import Serve, Visit, violations
from tests.unit.metrics.connecting.tables import INVOICES, ORDERS, STEPS

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def empty_url(store_url: str, serve: Serve) -> str:
    """The dashboards on a store without a single event."""
    return serve(store_url, "vacant")


def written(folder: Path, table: tuple[str, bytes]) -> Path:
    file = folder / table[0]
    file.write_bytes(table[1])
    return file


def choose(seen: Visit, file: Path) -> Any:
    """The page after a file was chosen and everything about it is on show."""
    page = seen.open("/connect").page
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Choose a file").click()
    asked.value.set_files(file)
    page.locator("#connect-rows > *, .fg-refusal").first.wait_for()
    page.wait_for_timeout(300)
    return page


def pick(page: Any, label: str, option: str) -> None:
    """Choose an option of the control with this label."""
    page.get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_an_empty_store_leads_to_the_first_source(empty_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(empty_url).open("/")
    seen.page.get_by_role("link", name="Connect your first source").first.click()
    seen.page.get_by_role("heading", name="Connect a source").wait_for()
    assert seen.problems == []


def test_a_chosen_file_becomes_events_and_a_mapping(
    empty_url: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    seen = visit(empty_url)
    page = choose(seen, written(tmp_path, INVOICES))
    assert "5 rows, 11 columns, separated by semicolons" in page.locator("#connect-note").inner_text()
    assert "2 rows cannot be read" in page.locator("#connect-rows").inner_text()
    assert "Invoice received" in page.locator("#connect-rows").inner_text()
    assert page.get_by_label("Meaning of Comment").first.input_value() == MEANING["leave"]
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download").click()
    assert taken.value.suggested_filename == "rechnungen_marz.yaml"
    assert Path(taken.value.path()).read_text(encoding="utf-8") == page.locator("#connect-yaml").input_value()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").or_(page.get_by_role("button", name="Select it")).wait_for()
    assert seen.problems == []
    assert seen.outside == []


def test_a_dropped_file_is_taken_wherever_it_lands(empty_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(empty_url).open("/connect").page
    text = base64.b64encode(STEPS[1]).decode()
    data = page.evaluate_handle(
        "text => { const all = new DataTransfer(); const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));"
        " all.items.add(new File([bytes], 'requisitions.csv')); return all; }",
        text,
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": data})
    page.locator("#connect-steps-frame:not([hidden])").wait_for()
    page.locator("#connect-lines code").first.wait_for()
    assert "flowglass analyse requisitions.csv --case 'Case ID'" in page.locator("#connect-lines").inner_text()


def test_another_meaning_changes_the_events_and_the_mapping(
    empty_url: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    seen = visit(empty_url)
    page = choose(seen, written(tmp_path, ORDERS))
    pick(page, "Meaning of Requisition No", MEANING["case"])
    expect(page.get_by_label("Meaning of PO Number", exact=True).first).to_have_value(MEANING["object"])
    pick(page, "Meaning of Facility", MEANING["leave"])
    page.locator("#connect-rows:not(:has-text('facility: North'))").wait_for()
    assert "facility" not in page.locator("#connect-yaml").input_value().split("mapping:", 1)[1]
    assert seen.problems == []


def test_a_step_is_given_another_event(empty_url: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit(empty_url)
    page = choose(seen, written(tmp_path, STEPS))
    pick(page, "Event of the step Coffee", "Requisition withdrawn")
    page.locator("#connect-rows:has-text('Requisition withdrawn')").wait_for()
    assert "requisition.withdrawn.v1" in page.locator("#connect-yaml").input_value()
    assert seen.problems == []


def test_rubbish_gets_a_sentence_and_the_next_file_works(
    empty_url: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    seen = visit(empty_url)
    page = choose(seen, written(tmp_path, ("holiday.csv", bytes(range(1, 256)) * 50)))
    assert "binary data" in page.locator("#connect-note").inner_text()
    assert page.locator("#connect-result").is_hidden()
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name="Choose a file").click()
    asked.value.set_files(written(tmp_path, ORDERS))
    page.locator("#connect-rows:has-text('Purchase order created')").wait_for()
    assert seen.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_the_bare_page_or_a_filled_one(
    scheme: str, empty_url: str, axe_source: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    bare = visit(empty_url, scheme=scheme, bypass_csp=True).open("/connect").page
    assert violations(bare, axe_source) == []
    for table in (INVOICES, STEPS):
        page = choose(visit(empty_url, scheme=scheme, bypass_csp=True), written(tmp_path, table))
        assert violations(page, axe_source) == []


def test_nothing_overflows_on_a_phone(empty_url: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    for table in (INVOICES, STEPS):
        page = choose(visit(empty_url, width=390), written(tmp_path, table))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
