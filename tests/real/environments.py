"""Virtual environments beside the project's own, for programs with libraries that are no part of it."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from tests.real.jars import cache_folder


class EnvironmentUnavailable(Exception):
    """Its libraries cannot be had on this machine; the message is one sentence that says why."""


def interpreter_of(name: str, locked: Path) -> Path:
    """The Python with everything that a lock file names, made on first use; it stays where Kafka's jars stay.

    Raises EnvironmentUnavailable.
    """
    wanted = cache_folder() / f"{name}-{hashlib.sha256(locked.read_bytes()).hexdigest()[:16]}"
    done = wanted / "complete"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with (wanted.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not done.exists():
            _run(name, sys.executable, "-m", "venv", "--clear", str(wanted))
            pip = (str(wanted / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
            _run(name, *pip, "--require-hashes", "-r", str(locked))
            done.touch()
    return wanted / "bin/python"


def _run(name: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        raise EnvironmentUnavailable(f"the virtual environment of the {name} could not be made: {reason}")
