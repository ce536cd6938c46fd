"""A page's tiles are asked for before its other cards, which wait for them a second at most."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

LISTENS = """
(function () {
  const asked = window.fetch.bind(window);
  window.sent = [];
  window.fetch = async function (resource, options) {
    const card = /"output":"[.][.]([a-z-]+)[.]className/.exec(String((options || {}).body));
    if (!card) return asked(resource, options);
    window.sent.push([card[1], "asked", performance.now()]);
    if (card[1] === "tiles") await new Promise(function (go) { window.setTimeout(go, MILLISECONDS); });
    const answer = await asked(resource, options);
    window.sent.push([card[1], "answered", performance.now()]);
    return answer;
  };
})();
"""
"""Notes when each card's question leaves the page and its answer comes; that of the tiles comes later."""
CARDS = {"tiles", "held", "due", "stages", "yesterday", "restated"}
LONGEST = 1000.0
PROMPT = 3000.0
"""Milliseconds within which a page on a busy machine asks once it may."""


def first(seen: Visit, what: str) -> dict[str, float]:
    """When each card was first asked for, or answered, in milliseconds."""
    moments: dict[str, float] = {}
    for card, happened, at in seen.page.evaluate("window.sent"):
        if happened == what:
            moments.setdefault(card, at)
    return moments


def test_other_cards_are_asked_for_once_the_tiles_are_there(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url)
    seen.page.add_init_script(LISTENS.replace("MILLISECONDS", "200"))
    seen.open("/", 120)
    asked, answered = first(seen, "asked"), first(seen, "answered")
    assert asked.keys() == CARDS
    free = min(answered["tiles"], asked["tiles"] + 0.9 * LONGEST)  # the former, unless the machine is very busy
    assert all(at > free for card, at in asked.items() if card != "tiles")
    assert seen.problems == []


def test_tiles_that_take_long_hold_nothing_up(pages_url: str, visit: Callable[..., Visit]) -> None:
    seen = visit(pages_url)
    seen.page.add_init_script(LISTENS.replace("MILLISECONDS", str(2 * LONGEST + PROMPT)))
    seen.open("/", 120)
    asked, answered = first(seen, "asked"), first(seen, "answered")
    waited = {card: at - asked["tiles"] for card, at in asked.items() if card != "tiles"}
    assert all(LONGEST * 0.9 <= one <= LONGEST + PROMPT for one in waited.values()), waited
    assert max(answered[card] for card in waited) < answered["tiles"]
