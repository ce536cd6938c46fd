"""Programs under measurement: their CPU time and memory, read from the kernel, and a clean end for each."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds (user and system) since the process began, and its peak resident memory in bytes."""

    user: float
    system: float
    peak: int

    @property
    def cpu(self) -> float:
        return self.user + self.system

    def since(self, before: "Usage") -> "Usage":
        return Usage(self.user - before.user, self.system - before.system, self.peak)


def usage(pid: int) -> Usage:
    """What the process and the children it has waited for have used; needs Linux's /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system, waited_user, waited_system = (int(fields[i]) / _TICK for i in (11, 12, 13, 14))
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
    return Usage(user + waited_user, system + waited_system, peak * 1024)


def cpu_of_tree(pid: int) -> float:
    """CPU seconds of a process and all its descendants so far; a process that has just ended counts with its parent."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return usage(pid).cpu + sum(cpu_of_tree(int(child)) for child in children)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


class Program:
    """A child process whose output goes to a file. Leaving the block ends it, politely first."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                list(command),
                # Without compiled modules each start would compile all it imports: seconds that are not the program's.
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def usage(self) -> Usage:
        return usage(self.pid)

    def stop(self, within: float = 15.0) -> None:
        if self.running():
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class TimedOut(RuntimeError):
    """A program did not get there in its time."""


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]
