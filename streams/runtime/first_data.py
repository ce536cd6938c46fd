"""Tells the person at the terminal when there is something to look at, and how far the history is."""

from time import monotonic

from rich.console import Console

from metrics.store.client import connect_url
from metrics.store.errors import StoreError
from streams.runtime.ports import HOST
from streams.runtime.stack import Addresses

EVERY_SECONDS = 2.0


class FirstData:
    """Looks into the store now and then until the first cases are there and history is through."""

    def __init__(self, addresses: Addresses, console: Console, *, expected: bool) -> None:
        self._addresses = addresses
        self._console = console
        self._expected = expected
        self._began = self._next = monotonic()
        self._shown = False
        self._done = False

    def look(self) -> None:
        """Called every round of the supervisor; cheap unless its time has come."""
        if self._done or monotonic() < self._next:
            return
        self._next = monotonic() + EVERY_SECONDS
        if not self._expected:
            self._announce("ready; no events yet")
            self._done = True
            return
        try:
            cases, phases = self._count()
        except StoreError:
            return
        if cases and not self._shown:
            self._announce("data is on the page; history is still coming in")
            self._shown = True
        if cases and phases and "backfill" not in phases:
            self._announce(f"history is through, {cases:,} cases; live from now on")
            self._done = True

    def _count(self) -> tuple[int, set[str]]:
        store = connect_url(self._addresses.store)
        try:
            cases = next(iter(store.rows("SELECT count() AS n FROM v_cases", {})))["n"]
            phases = {row["phase"] for row in store.rows("SELECT phase FROM v_feeds", {})}
        finally:
            store.close()
        return cases, phases

    def _announce(self, text: str) -> None:
        url = f"http://{HOST}:{self._addresses.dashboards_port}"
        self._console.print(f"[bold]{url}[/bold] · {text} ({monotonic() - self._began:.0f} s)")
