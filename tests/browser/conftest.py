"""A real store with seeded data, the dashboards as a real server, and Chromium."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser.running import CHROMIUM, FLAGS, seeded_store, served

AXE_PACKAGE = "axe-core@4"
LATE_ANSWER = re.compile(
    r"\{.*: Array\(\d+\).*\}$|ReferenceError: A nonexistent object was used in an `Output` of a Dash callback"
)
"""What Dash writes to the console (a list of the ids there are comes first) when an answer finds its page gone."""

Serve = Callable[[str, str], str]


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded store with two databases: `flowglass`, seeded, and `vacant`, empty."""
    with seeded_store(tmp_path_factory.mktemp("store")) as url:
        yield url


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts the dashboards on a store and database; gives the URL."""
    data = tmp_path_factory.mktemp("data")
    with ExitStack() as running:
        yield lambda store, database: running.enter_context(served(store, database, data))


@pytest.fixture(scope="module")
def pages_url(store_url: str, serve: Serve) -> str:
    """The dashboards on the seeded store."""
    return serve(store_url, "flowglass")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser; skips where Chromium is not installed."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed: {CHROMIUM} is missing (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe_source(pytestconfig: pytest.Config) -> str:
    """The text of axe-core from npm, kept in the test cache; skips where npm cannot give it."""
    cache = getattr(pytestconfig, "cache", None)
    folder = Path(cache.mkdir("axe-core")) if cache else Path(".pytest_cache/axe-core")
    try:
        return fetched_axe(folder)
    except OSError as problem:
        pytest.skip(str(problem))


def fetched_axe(folder: Path) -> str:
    """The text of axe-core, kept in `folder`; raises OSError where npm cannot give it."""
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise OSError("axe-core is not here: npm, which would fetch it, is not installed")
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", AXE_PACKAGE]
        fetched = subprocess.run(command, capture_output=True, check=False)
        if fetched.returncode or not script.exists():
            raise OSError("axe-core is not here: npm could not fetch it")
    return script.read_text(encoding="utf-8")


class Visit:
    """One page in the browser: waits for cards, collects what went wrong and what left the host."""

    def __init__(self, page: Any, base: str):
        self.page = page
        self.base = base
        self.outside: list[str] = []
        self.problems: list[str] = []
        self._moves = 0
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self._note_error(str(error)))
        page.on("console", lambda message: self._note_error(message.text) if message.type == "error" else None)
        page.on("framenavigated", self._note_move)
        page.on(
            "response",
            lambda response: (
                self.problems.append(f"{response.status} {response.url}") if response.status >= 500 else None
            ),
        )

    def _note_move(self, _: Any) -> None:
        self._moves += 1

    def _note_error(self, text: str) -> None:
        """An answer may come after its page was left; that Dash complains of it then is no problem."""
        if self._moves < 2 or not LATE_ANSWER.match(text):
            self.problems.append(text)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, path: str, seconds: float = 60) -> "Visit":
        """Open a page and wait until no card is loading."""
        self.page.goto(self.base + path)
        return self.settle(seconds)

    def settle(self, seconds: float = 60) -> "Visit":
        """Wait until there are cards and none is loading."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.page.locator(".fg-card").count() and not self.page.locator(".fg-is-loading").count():
                return self
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"cards still loading after {seconds} s: {self.states()}")

    def states(self) -> dict[str, str]:
        """Card name to state (ok, empty, error, stale, loading)."""
        cards = self.page.locator(".fg-card").evaluate_all("cards => cards.map(card => [card.id, card.className])")
        return {name: classes.rpartition("fg-is-")[2].split()[0] for name, classes in cards}


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """Opens fresh browser contexts."""
    contexts: list[Any] = []

    def begin(base: str, width: int = 1440, scheme: str = "light", bypass_csp: bool = False) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=bypass_csp
        )
        contexts.append(context)
        return Visit(context.new_page(), base)

    yield begin
    for context in contexts:
        context.close()


def violations(page: Any, axe: str) -> list[str]:
    """What axe-core objects to, one line a rule and element. It runs beside the page's own policy, not against it."""
    session = page.context.new_cdp_session(page)
    told = "found => JSON.stringify({passes: found.passes.length, bad: found.violations})"
    asked = f"{axe};\naxe.run(document).then({told})"
    answer = session.send("Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True})
    session.detach()
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    result = json.loads(answer["result"]["value"])
    assert result["passes"] > 10, "axe-core has not looked at the page"
    return [f"{rule['id']}: {node['html'][:160]}" for rule in result["bad"] for node in rule["nodes"]]
