"""`flowglass up` as a person runs it: a process of its own, what it says, and the programs below it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.runtime.ports import HOST, free_port

ROOT = Path(__file__).parents[3]
PATIENCE = 400.0
"""Seconds. Everything here takes far less on a quiet machine."""


class Up:
    """Runs from the start of the `with` block; what is left of it is killed at the end."""

    def __init__(self, data_dir: Path, *options: str, settings: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.output = data_dir.with_name(f"{data_dir.name}-{self.port}.log")
        gateway = () if any("gateway" in option for option in options) else ("--gateway-port", str(free_port()))
        self._options = (*options, *gateway)  # the usual port is one for all tests that run at once
        self._settings = settings or {}

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "metrics.cli", "up", "--data-dir", str(self.data_dir)]
        environment = {**os.environ, "COLUMNS": "200", **self._settings}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self._options],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        left = self.programs()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in left.values():
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)

    @property
    def url(self) -> str:
        """The dashboards."""
        return f"http://{HOST}:{self.port}"

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_for(self, text: str, within: float = PATIENCE) -> None:
        """Wait until it has said so; its own end before that is an error."""
        deadline = time.monotonic() + within
        while text not in self.said():
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.said()}"
            assert time.monotonic() < deadline, f"{text!r} was not said within {within:.0f} s:\n{self.said()}"
            time.sleep(0.1)

    def programs(self) -> dict[str, int]:
        """Process ids of the programs it supervises now, by the names of their log files."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            pids = [int(pid) for pid in children.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            return {}
        return {Path(os.readlink(f"/proc/{pid}/fd/2")).stem: pid for pid in pids if is_running(pid)}

    def stop(self, within: float = 60.0) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)


def is_running(pid: int) -> bool:
    """Whether a process lives; one that ended and was not asked for its exit code yet does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
