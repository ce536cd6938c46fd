"""A card whose answer takes longer than the time between two ticks is filled all the same."""

from collections.abc import Callable

import pytest

from dashboards.shell import TICK_MS
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

SLOW = """
(function () {
  const asked = window.fetch.bind(window);
  window.slow = 0;
  window.fetch = async function (resource, options) {
    if (String((options || {}).body).includes('"output":"..held.')) {
      window.slow += 1;
      await new Promise(function (go) { window.setTimeout(go, MILLISECONDS); });
    }
    return asked(resource, options);
  };
})();
"""
"""Each question of the card `held` waits so long before it is sent."""


def test_a_card_slower_than_ticks_is_filled(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url)
    seen.page.add_init_script(SLOW.replace("MILLISECONDS", str(int(TICK_MS * 1.5))))
    seen.open("/")
    assert seen.page.locator("#held.fg-is-loading").count() == 0
    assert seen.page.evaluate("window.slow") > 0
    seen.page.wait_for_function("() => window.slow > 1")  # pages go on after it
    assert seen.problems == []
