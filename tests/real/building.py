"""Go programs that tests need, each built once from the versions that its `go.mod` and `go.sum` lock.

They stay where Kafka's jars stay.
"""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.real.jars import cache_folder

BUILD_SECONDS = 1500.0


class ProgramUnavailable(Exception):
    """A Go program cannot be had on this machine; the message is one sentence that says why."""


def built(name: str, source: Path, within: float = BUILD_SECONDS) -> Path:
    """The program of a folder with `main.go`, built on first use. Raises ProgramUnavailable."""
    digest = hashlib.sha256(b"".join((source / part).read_bytes() for part in ("go.mod", "go.sum", "main.go")))
    cache = cache_folder()
    wanted = cache / f"{name}-{digest.hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not wanted.exists():
            _build(name, source, wanted, within)
    return wanted


def _build(name: str, source: Path, wanted: Path, within: float) -> None:
    go = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if go is None:
        raise ProgramUnavailable(f"{name} is built with Go: install Go 1.21 or later")
    partial = wanted.with_suffix(".partial")
    command = [go, "build", "-trimpath", "-ldflags=-s -w", "-o", str(partial), "."]
    try:
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False, timeout=within)
    except subprocess.TimeoutExpired:
        raise ProgramUnavailable(f"Go did not build {name} within {within:.0f} s") from None
    if done.returncode:
        raise ProgramUnavailable(f"Go could not build {name}: {done.stderr.strip()[-300:]}")
    partial.rename(wanted)
