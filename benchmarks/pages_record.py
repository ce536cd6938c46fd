"""What a browser asks for: pages are opened in Chromium once, and their callbacks are kept to be sent again."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec
from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
CALLBACK: Final = "/_dash-update-component"
SETTLE_SECONDS: Final = 2.0
TICK_SECONDS: Final = 6.0
PATIENCE: Final = 60.0
READY: Final = "() => window.dash_clientside?.set_props && document.querySelector('.fg-card')"
FIRST_TILE: Final = """
new MutationObserver(function (changes, observer) {
  if (!document.querySelector("#tiles.fg-is-ok")) return;
  observer.disconnect();
  requestAnimationFrame(function () { requestAnimationFrame(function () { window.firstTile = performance.now(); }); });
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Watches for it inside the page: who asks from outside is answered when the page has nothing else to do."""


class Body(msgspec.Struct, frozen=True):
    """One callback as the browser sends it; `name` is its first output."""

    name: str
    json: dict[str, Any]

    def at(self, search: str) -> bytes:
        """The same question for another query string."""
        asked = {part: [_moved(one, search) for one in self.json.get(part, [])] for part in ("inputs", "state")}
        return msgspec.json.encode({**self.json, **asked})


class Visit(NamedTuple):
    """What one page sends when it is opened, when a filter changes, and on a tick."""

    path: str
    opening: list[Body]
    filtering: list[Body]
    ticking: list[Body]

    @property
    def callbacks(self) -> list[Body]:
        """Each callback once, as a changed filter sends it where it does."""
        known = {body.name: body for body in (*self.opening, *self.filtering)}
        return list(known.values())


def _moved(one: Any, search: str) -> Any:
    if isinstance(one, list):
        return [_moved(each, search) for each in one]
    is_search = one.get("id") == "url" and one.get("property") == "search"
    return {**one, "value": search} if is_search else one


@contextmanager
def chromium() -> Iterator[Browser]:
    """A fresh browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def first_tile(page: Page, url: str) -> float:
    """Seconds from the address to the frame after the first that shows a number in a tile, by the browser's clock."""
    page.add_init_script(FIRST_TILE)
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.firstTile", timeout=PATIENCE * 1000)
    return float(page.evaluate("window.firstTile")) / 1000


def recorded(browser: Browser, url: str, searches: Mapping[str, str], filtered: Mapping[str, str]) -> list[Visit]:
    """The visits of pages: `searches` by path when they are opened, `filtered` after a filter changed."""
    return [_visit(browser, url, path, search, filtered[path]) for path, search in searches.items()]


def _visit(browser: Browser, url: str, path: str, search: str, filtered: str) -> Visit:
    page = browser.new_page()
    try:
        ear = _Ear(page)
        page.goto(f"{url}{path}{search}", wait_until="commit")
        page.wait_for_function(READY, timeout=PATIENCE * 1000)
        opening = ear.until_quiet()
        page.evaluate("search => dash_clientside.set_props('url', {search})", filtered)
        filtering = ear.until_quiet()
        page.wait_for_timeout(TICK_SECONDS * 1000)
        return Visit(path, opening, filtering, _once(ear.ticks))
    finally:
        page.close()


class _Ear:
    """Hears what a page asks, ticks apart."""

    def __init__(self, page: Page) -> None:
        self.ticks: list[Body] = []
        self._page = page
        self._heard: list[Body] = []
        self._waiting = 0
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def _begin(self, request: Request) -> None:
        if CALLBACK in request.url:
            self._waiting += 1
            body = msgspec.json.decode(request.post_data_buffer or b"{}")
            ticked = set(body["changedPropIds"]) == {"tick.data"}
            (self.ticks if ticked else self._heard).append(Body(name_of(body["output"]), body))

    def _end(self, request: Request) -> None:
        self._waiting -= CALLBACK in request.url

    def until_quiet(self) -> list[Body]:
        """What was asked until every answer was there for a while."""
        until = time.monotonic() + PATIENCE
        calm = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < min(until, calm):
            self._page.wait_for_timeout(200)
            if self._waiting:
                calm = time.monotonic() + SETTLE_SECONDS
        found, self._heard = _once(self._heard), []
        return found


def _once(bodies: Sequence[Body]) -> list[Body]:
    return list({body.name: body for body in bodies}.values())


def name_of(output: str) -> str:
    """The first output of a callback, in short: `tiles`, `map`, `offer`."""
    first = output.strip(".").split("...")[0]
    return first.rpartition(".")[0].replace('"', "").replace("\\", "") or first


def search_of(**fields: str) -> str:
    """A query string."""
    told = "&".join(f"{name}={quote(value)}" for name, value in fields.items() if value)
    return f"?{told}" if told else ""
