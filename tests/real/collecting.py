"""The OpenTelemetry Collector, built once by the Go toolchain from what `collector/go.mod` locks:
`python -m tests.real.collecting` builds it ahead of the tests, which takes minutes on the first time.

It stays where Kafka's jars stay (55 MB).
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.broker import embedded
from streams.runtime.stack import responds
from tests.faults.stack import ROOT, wait_until
from tests.real.jars import cache_folder

SOURCE = Path(__file__).with_name("collector")
CONFIGURATION = ROOT / "deploy/collector/config.yaml"
BUILD_SECONDS = 1500.0


class CollectorUnavailable(Exception):
    """The Collector cannot be had on this machine; the message is one sentence that says why."""


def program(within: float = BUILD_SECONDS) -> Path:
    """The Collector's program, built on first use. Raises CollectorUnavailable."""
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in ("go.mod", "go.sum", "main.go")))
    cache = cache_folder()
    wanted = cache / f"otelcol-{digest.hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "collector.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not wanted.exists():
            _build(wanted, within)
    return wanted


def _build(wanted: Path, within: float) -> None:
    go = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if go is None:
        raise CollectorUnavailable("the OpenTelemetry Collector is built with Go: install Go 1.21 or later")
    partial = wanted.with_suffix(".partial")
    command = [go, "build", "-trimpath", "-ldflags=-s -w", "-o", str(partial), "."]
    try:
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False, timeout=within)
    except subprocess.TimeoutExpired:
        raise CollectorUnavailable(f"Go did not build the Collector within {within:.0f} s") from None
    if done.returncode:
        raise CollectorUnavailable(f"Go could not build the Collector: {done.stderr.strip()[-300:]}")
    partial.rename(wanted)


class Collector:
    """The shipped configuration on loopback, with free ports and the broker of a test. Raises CollectorUnavailable."""

    def __init__(self, folder: Path, broker: str) -> None:
        self._program = program()
        self._folder = folder
        ports = {port: embedded.free_port() for port in (13133, 4317, 4318, 8888)}
        text = CONFIGURATION.read_text().replace("kafka:9092", broker)
        for shipped, free in ports.items():
            text = text.replace(f"0.0.0.0:{shipped}", f"{embedded.HOST}:{free}")
        text = text.replace("host: 0.0.0.0, port: 8888", f"host: {embedded.HOST}, port: {ports[8888]}")
        assert "0.0.0.0" not in text, "the Collector of a test listens on loopback"
        self._configuration = folder / "collector.yaml"
        self._configuration.write_text(text)
        self._health = f"http://{embedded.HOST}:{ports[13133]}/"
        self.traces_url = f"http://{embedded.HOST}:{ports[4318]}/v1/traces"

    def __enter__(self) -> Self:
        with (self._folder / "collector.log").open("wb") as log:
            command = [str(self._program), f"--config={self._configuration}"]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(responds(self._health), within=60, every=0.2)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)


if __name__ == "__main__":
    try:
        print(program())
    except CollectorUnavailable as error:
        sys.exit(str(error))
