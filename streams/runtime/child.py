"""One supervised program: a process of its own, with a log file and a health check."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO

from metrics.steady_log import is_disk_full
from streams.broker.trim import resident_bytes

Health = Callable[[], bool]


def always_healthy() -> bool:
    """For programs whose being alive is their health."""
    return True


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to run. `command` follows the Python interpreter; `ready` runs once each start, after the check passes;
    it raises NotStarted when it can't do its work.

    Programs of one stage start side by side, once those of the stages before are healthy. What may wait while others
    are busy is given a `niceness`.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    healthy: Health = always_healthy
    ready: Callable[[], None] | None = None
    stage: int = 0
    niceness: int = 0
    start_within: float = 60.0
    stop_within: float = 12.0


class NotStarted(Exception):
    """A program did not become healthy in time, or died while starting."""


class Child:
    """A running (or fallen) program."""

    def __init__(self, spec: ChildSpec, log_folder: Path, environment: Mapping[str, str]) -> None:
        self.spec = spec
        self.log_file = log_folder / f"{spec.name}.log"
        self._environment = {**environment, **spec.environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._launched = 0.0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def resident_bytes(self) -> int | None:
        """Memory it holds; None: it does not run."""
        if self._process is None or not self.is_alive:
            return None
        with suppress(ProcessLookupError, FileNotFoundError):
            return resident_bytes(self._process.pid)
        return None

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def start(self, wait: Callable[[float], None]) -> None:
        """Launch and wait until it has started. `wait` sleeps. Raises NotStarted."""
        self.launch()
        while not self.has_started():
            wait(0.05)

    def launch(self) -> None:
        """Start the process, and return at once."""
        self._launched = monotonic()
        with self._log() as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.spec.command],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self.spec.niceness:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, self.spec.niceness)

    def _log(self) -> IO[bytes]:
        """The log file; where not even its name finds room on the disk, a program runs without."""
        try:
            return self.log_file.open("ab")
        except OSError as error:
            if not is_disk_full(error):
                raise
            return open(os.devnull, "ab")

    def has_started(self) -> bool:
        """Asked after a launch until it is so: whether it is healthy and was made ready. Raises NotStarted."""
        if self.spec.healthy():
            if self.spec.ready is not None:
                self.spec.ready()
            return True
        if not self.is_alive:
            raise NotStarted(f"{self.spec.name} ended with exit code {self.exit_code} while starting")
        if monotonic() - self._launched > self.spec.start_within:
            raise NotStarted(f"{self.spec.name} was not healthy {self.spec.start_within:.0f} s after its start")
        return False

    def stop(self) -> int | None:
        """Ask it to end, insist after `stop_within` seconds; returns its exit code."""
        if self._process is None or self._process.poll() is not None:
            return self.exit_code
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(self.spec.stop_within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def last_lines(self, count: int = 20) -> str:
        """The end of its log, for people."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-count:])
