"""A real store with seeded data, the dashboards as a real server, and Chromium."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from metrics.store.client import connect_url
from metrics.store.migrate import migrate_url

ANCHOR = 1_795_190_400_000_000
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE_PACKAGE = "axe-core@4"
LATE_ANSWER = re.compile(
    r"\{.*: Array\(\d+\).*\}$|ReferenceError: A nonexistent object was used in an `Output` of a Dash callback"
)
"""What Dash writes to the console (a list of the ids there are comes first) when an answer finds its page gone."""

Serve = Callable[[str, str], str]


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 90) -> None:
    """Wait until `url` answers anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer within {seconds} s")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded store with two databases: `flowglass`, seeded, and `vacant`, empty."""
    import pyarrow as pa

    from metrics.store.tables import TABLES
    from tests.browser.seed import seed_store
    from tests.browser.seed_ledger import ledger_rows

    port, path = free_port(), tmp_path_factory.mktemp("store")
    process = subprocess.Popen([sys.executable, "-m", "metrics.store.front", "--path", str(path), "--port", str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/ping")
        for database in ("flowglass", "vacant"):
            migrate_url(url, database)
        client = connect_url(url, "flowglass")
        seed_store(client._client, cases=900)
        ledger = pa.Table.from_pylist(list(ledger_rows(ANCHOR)), schema=TABLES["ledger"])
        client._client.insert_arrow("ledger", ledger)
        yield url
    finally:
        _stop(process)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts the dashboards on a store and database; gives the URL."""
    running: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "FLOWGLASS_DATA_DIR": str(tmp_path_factory.mktemp("data"))}

    def start(store: str, database: str) -> str:
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "dashboards.command",
            "--port",
            str(port),
            "--store",
            store,
            "--database",
            database,
            "--workers",
            "1",
        ]
        running.append(subprocess.Popen(command, env=environment))
        wait_for(f"http://127.0.0.1:{port}/health")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        _stop(process)


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
    folder = Path(pytestconfig.cache.mkdir("axe-core")) if pytestconfig.cache else Path(".pytest_cache/axe-core")
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("axe-core is not here: npm, which would fetch it, is not installed")
        fetched = subprocess.run(
            [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", AXE_PACKAGE],
            capture_output=True,
            check=False,
        )
        if fetched.returncode or not script.exists():
            pytest.skip("axe-core is not here: npm could not fetch it")
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
    """What axe-core objects to, one line a rule and element."""
    page.evaluate(axe)
    result = json.loads(
        page.evaluate(
            "axe.run(document).then(found => JSON.stringify({passes: found.passes.length, bad: found.violations}))"
        )
    )
    assert result["passes"] > 10, "axe-core has not looked at the page"
    return [f"{rule['id']}: {node['html'][:160]}" for rule in result["bad"] for node in rule["nodes"]]
