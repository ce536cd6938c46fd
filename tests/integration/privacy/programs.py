"""Every program that takes something in, on a real broker and store, with privacy on or off."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring
from streams.broker.embedded import HOST, free_port
from streams.broker.trim import lag
from streams.runtime.renewal import READERS
from tests.faults.stack import ROOT, Stack, wait_until

WORKERS = ("cases", "spans", "sources", "quality")


class Programs:
    """A stack with four workers and a gateway; what they say of themselves can be read."""

    def __init__(self, stack: Stack, privacy: str) -> None:
        self.stack = stack
        self._privacy = privacy
        self._started: list[subprocess.Popen[bytes]] = []
        self._metrics: list[int] = []
        self.gateway = ""
        self.answers: list[str] = []

    def start(self) -> None:
        if self._privacy == "on":
            ensure_keyring(self.stack.folder / KEYS_FILE)
        port = free_port()
        self.gateway = f"http://{HOST}:{port}"
        self._start("gateway", ["gateway", "--port", str(port)])
        for kind in WORKERS:
            self._start(f"worker-{kind}", ["worker", kind])
        wait_until(lambda: self._gets(f"{self.gateway}/ready"), within=120, every=0.2)
        for port in self._metrics:
            wait_until(lambda at=port: self._gets(f"http://{HOST}:{at}/health"), within=120, every=0.2)

    def stop(self) -> None:
        for process in self._started:
            process.terminate()
        for process in self._started:
            process.wait(30)

    def run(self, *words: str, within: float = 120) -> "subprocess.CompletedProcess[str]":
        """A command as people run it."""
        command = [sys.executable, "-m", "metrics.cli", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment(0), capture_output=True, text=True, timeout=within, check=False
        )

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status; what is answered to a request that is refused is kept."""
        token = (self.stack.folder / "gateway.token").read_text().strip()
        plain = {name: value.encode("latin-1", "replace").decode("latin-1") for name, value in headers.items()}
        told = {**plain, "Authorization": f"Bearer {token}"}
        request = urllib.request.Request(self.gateway + path, body, told, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                if answer.status == 207:
                    self.answers.append(answer.read().decode())
                return int(answer.status)
        except urllib.error.HTTPError as error:
            self.answers.append(f"{error.headers}{error.read().decode()}")
            return error.code

    def post_json(self, path: str, content: object, kind: str) -> int:
        return self.post(path, json.dumps(content).encode(), {"Content-Type": kind})

    def come_to_rest(self) -> None:
        """Wait until all that was sent is stored, and what is judged of it has had its time."""
        inside = {group: topics for group, topics in READERS.items() if group != "flowglass-quality"}
        wait_until(lambda: not asyncio.run(lag(self.stack.broker_address, inside)), within=240, every=1.0)
        if self._privacy == "on":
            time.sleep(5)

    def told(self) -> dict[str, str]:
        """What the programs wrote, exposed and answered, by where it stands."""
        exposed = {f"metrics of {port}": self._text(f"http://{HOST}:{port}/metrics") for port in self._metrics}
        logs = {path.name: path.read_text(errors="replace") for path in self.stack.folder.glob("*.log")}
        return {**exposed, **logs, "answers": "\n".join(self.answers)}

    def _start(self, name: str, words: Sequence[str]) -> None:
        port = free_port()
        self._metrics.append(port)
        command = [sys.executable, "-m", "metrics.cli", *words]
        with (self.stack.folder / f"{name}.log").open("ab") as log:
            self._started.append(
                subprocess.Popen(command, cwd=ROOT, env=self._environment(port), stdout=log, stderr=log, stdin=DEVNULL)
            )

    def _environment(self, metrics_port: int) -> dict[str, str]:
        return {
            **os.environ,
            "FLOWGLASS_BROKER_URL": self.stack.broker_address,
            "FLOWGLASS_STORE_URL": self.stack.store_url,
            "FLOWGLASS_DATA_DIR": str(self.stack.folder),
            "FLOWGLASS_PRIVACY": self._privacy,
            "FLOWGLASS_METRICS_PORT": str(metrics_port),
        }

    def _gets(self, url: str) -> bool:
        try:
            return bool(self._text(url))
        except OSError:
            return False

    def _text(self, url: str) -> str:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode(errors="replace"))


def texts_of(stack: Stack) -> list[tuple[str, str]]:
    """Every (table, column) that holds text, in arrays and maps too."""
    rows = stack.rows(
        """SELECT table, name FROM system.columns WHERE database = currentDatabase()
           AND (type LIKE '%%String%%') AND table IN
           (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT LIKE '%%View')"""
    )
    return [(row["table"], row["name"]) for row in rows]


def keys_of(folder: Path) -> Path:
    return folder / KEYS_FILE
