"""`flowglass alerts run` and a real Alertmanager as programs of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams.runtime.ports import free_port

ALERTMANAGER = "prometheus-alertmanager"
CONFIG = """\
global: {resolve_timeout: 5s}
route: {receiver: page, group_by: [process, cause], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: page, webhook_configs: [{url: "http://127.0.0.1:%d/page", send_resolved: true}]}]
"""


class Alertmanager:
    """On loopback, alone. Its pages go to a webhook at `pages_port`."""

    def __init__(self, folder: Path, pages_port: int) -> None:
        if shutil.which(ALERTMANAGER) is None:
            pytest.skip(f"{ALERTMANAGER} is not installed (Debian package prometheus-alertmanager)")
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        (folder / "alertmanager.yml").write_text(CONFIG % pages_port)

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    ALERTMANAGER,
                    f"--config.file={self._folder}/alertmanager.yml",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--cluster.listen-address=",
                    f"--storage.path={self._folder}/data",
                ],
                stderr=log,
                stdout=log,
            )
        wait_until(lambda: self.alerts() is not None, "Alertmanager answers")

    def stop(self) -> None:
        """End it as an administrator does: it keeps its log of pages, and forgets what fires."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def alerts(self) -> dict[tuple[str, str], str] | None:
        """(process, cause) → count of the alerts that fire; None when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v2/alerts?active=true", timeout=2) as answer:
                found: list[dict[str, Any]] = json.load(answer)
        except (urllib.error.URLError, OSError):
            return None
        return {(one["labels"]["process"], one["labels"]["cause"]): one["annotations"]["count"] for one in found}


class AlertsProgram:
    """`flowglass alerts run`."""

    def __init__(self, folder: Path, store_url: str, file: str) -> None:
        self._folder = folder
        (folder / "alerts.yaml").write_text(file)
        self.environment = {
            **os.environ,
            "FLOWGLASS_STORE_URL": store_url,
            "FLOWGLASS_BROKER_URL": "127.0.0.1:1",
            "FLOWGLASS_ALERTS": str(folder / "alerts.yaml"),
            "HOOK": "a-secret-of-thirty-two-characters",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "alerts.log").open("ab") as log:
            command = [sys.executable, "-m", "metrics.cli", "alerts", "run"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def said(self) -> str:
        return (self._folder / "alerts.log").read_text()


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 150.0, every: float = 0.2) -> float:
    """Seconds until it held."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)
    return time.monotonic() - began
