"""A store that is away is told once, nothing is asked of it meanwhile, and pages go on by themselves."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboards.security import CALLBACKS
from tests.browser.conftest import Serve, Visit, violations
from tests.browser.running import free_port

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]


class Way:
    """The way to the store, which can be closed and opened: connections to `port` reach `target` while it is open."""

    def __init__(self, target: int) -> None:
        self.port, self._target = free_port(), target
        self._server: socket.socket | None = None
        self._ends: list[socket.socket] = []

    def open(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            for end in (self._server, *self._ends):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            self._server, self._ends = None, []

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._ends += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: Any, sink: Any) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def way(store_url: str) -> Iterator[Way]:
    made = Way(urlsplit(store_url).port or 0)
    yield made
    made.close()


def count_asked(page: Any) -> tuple[list[str], list[str]]:
    """From now on: the callbacks that the page asks for, and its questions whether the store is back."""
    callbacks: list[str] = []
    probes: list[str] = []

    def note(request: Any) -> None:
        if request.url.endswith(CALLBACKS):
            callbacks.append(str(request.post_data)[:200])
        elif request.url.endswith("/ready"):
            probes.append(request.url)

    page.on("request", note)
    return callbacks, probes


def test_a_store_that_is_down_is_told_once_and_soon_and_the_page_fills_by_itself(
    way: Way, serve: Serve, axe_source: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(serve(f"http://127.0.0.1:{way.port}", "flowglass"))
    page = seen.page
    page.goto(seen.base + "/")
    page.locator(".fg-card").first.wait_for()
    begun = time.monotonic()
    seen.settle(20)
    page.locator("#away:not([hidden])", has_text="The store does not answer").wait_for()
    waited = time.monotonic() - begun
    assert set(seen.states().values()) == {"away"}
    assert page.locator(".fg-message-error").count() == 0
    assert violations(page, axe_source) == []
    assert waited < 5
    callbacks, probes = count_asked(page)
    until = time.monotonic() + 60
    while len(probes) < 2 and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert len(probes) >= 2
    assert callbacks == []
    way.open()
    page.locator("#stages.fg-is-ok").wait_for(timeout=60_000)
    page.locator("#away").wait_for(state="hidden")


def test_a_store_that_goes_away_leaves_the_last_figures_under_one_banner(
    way: Way, serve: Serve, visit: Callable[..., Visit]
) -> None:
    way.open()
    seen = visit(serve(f"http://127.0.0.1:{way.port}", "flowglass")).open("/")
    page = seen.page
    figure = page.locator("#tiles .fg-value").first.inner_text()
    way.close()
    page.locator("#away:not([hidden])", has_text="last known").wait_for(timeout=60_000)
    page.locator("#tiles.fg-is-stale").wait_for(timeout=60_000)
    assert page.locator("#tiles .fg-value").first.inner_text() == figure
    assert page.locator(".fg-stale-note, .fg-message-error").count() == 0
    way.open()
    page.locator("#tiles.fg-is-ok").wait_for(timeout=60_000)
    page.locator("#away").wait_for(state="hidden", timeout=60_000)
    assert not [state for state in seen.states().values() if state in ("away", "stale", "error")]
