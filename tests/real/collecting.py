"""The OpenTelemetry Collector, built once by the Go toolchain from what `collector/go.mod` locks:
`python -m tests.real.collecting` builds it ahead of the tests, which takes minutes on the first time.

It stays where Kafka's jars stay (55 MB).
"""

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.broker import embedded
from streams.runtime.stack import responds
from tests.faults.stack import ROOT, wait_until
from tests.real.building import ProgramUnavailable, built

SOURCE = Path(__file__).with_name("collector")
CONFIGURATION = ROOT / "deploy/collector/config.yaml"


def program() -> Path:
    """The Collector's program, built on first use. Raises ProgramUnavailable."""
    return built("otelcol", SOURCE)


class Collector:
    """The shipped configuration on loopback, with free ports and the broker of a test. Raises ProgramUnavailable."""

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
    except ProgramUnavailable as error:
        sys.exit(str(error))
