"""A seeded store and the dashboards as real processes, for tests and for pictures."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process of ours, by force after 20 s."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


@contextmanager
def seeded_store(path: Path, cases: int = 900) -> Iterator[str]:
    """The URL of an embedded store with two databases: `flowglass`, seeded, and `vacant`, empty."""
    import pyarrow as pa

    from metrics.store.client import connect_url
    from metrics.store.migrate import migrate_url
    from metrics.store.tables import TABLES
    from tests.browser.seed import seed_store
    from tests.browser.seed_ledger import ledger_rows

    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "metrics.store.front", "--path", str(path), "--port", str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/ping")
        for database in ("flowglass", "vacant"):
            migrate_url(url, database)
        client = connect_url(url, "flowglass")
        seed_store(client._client, cases=cases)
        ledger = pa.Table.from_pylist(list(ledger_rows(ANCHOR)), schema=TABLES["ledger"])
        client._client.insert_arrow("ledger", ledger)
        yield url
    finally:
        stop(process)


@contextmanager
def served(store: str, database: str, data: Path, processes: int = 1) -> Iterator[str]:
    """The URL of the dashboards on a store and database; `data` is their data directory."""
    port = free_port()
    command = [sys.executable, "-m", "dashboards.command", "--port", str(port), "--store", store]
    command += ["--database", database, "--workers", str(processes)]
    process = subprocess.Popen(command, env={**os.environ, "FLOWGLASS_DATA_DIR": str(data)})
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
