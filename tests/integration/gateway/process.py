"""`flowglass gateway` as a process."""

import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from streams.broker import embedded

ROOT = Path(__file__).resolve().parents[3]
_ANY_CERTIFICATE = ssl.create_default_context()
_ANY_CERTIFICATE.check_hostname = False
_ANY_CERTIFICATE.verify_mode = ssl.CERT_NONE


@contextmanager
def process(
    broker: str, folder: Path, *arguments: str, scheme: str = "http", **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A gateway that is ready, and its URL; its data directory is the folder's `.flowglass`."""
    port = embedded.free_port()
    given = {
        **os.environ,
        "FLOWGLASS_BROKER_URL": broker,
        "FLOWGLASS_STORE_URL": "http://127.0.0.1:1",
        "FLOWGLASS_DATA_DIR": ".flowglass",
        "FLOWGLASS_PRIVACY": "off",
        "FLOWGLASS_PARTITIONS": "2",
        "PYTHONPATH": str(ROOT),
        **environment,
    }
    with (folder / "gateway.log").open("wb") as log:
        command = [sys.executable, "-m", "streams.gateway", "--port", str(port), *arguments]
        running = subprocess.Popen(command, cwd=folder, env=given, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        _wait_until_ready(running, f"{scheme}://127.0.0.1:{port}", folder)
        yield running, f"{scheme}://127.0.0.1:{port}"
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


def _wait_until_ready(running: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    ends = monotonic() + 90
    while running.poll() is None and monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2, context=_ANY_CERTIFICATE):
                return
        except (urllib.error.URLError, OSError):
            sleep(0.05)
    raise AssertionError((folder / "gateway.log").read_text())
