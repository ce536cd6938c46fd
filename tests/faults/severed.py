"""The fault tests' stack with its broker in a network of its own, at the other end of a link that can be spoilt."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from streams.broker import embedded
from streams.broker.probe import answers
from streams.runtime.stack import declare_topics
from tests.faults.stack import PARTITIONS, ROOT, Stack, wait_until


class Link:
    """A network namespace and the program that carries packets to it, as long as the `with` block lasts. Needs root."""

    def __init__(self) -> None:
        number = os.getpid()
        self.namespace = f"flowglass-{number}"
        net = f"198.18.{number // 64 % 256}"  # 198.18/15 is for tests of networks: no host of anybody's is there
        self.near, self.far = f"{net}.{number % 64 * 4 + 1}", f"{net}.{number % 64 * 4 + 2}"

    def __enter__(self) -> Self:
        made = subprocess.run(["ip", "netns", "add", self.namespace], capture_output=True, text=True, check=False)
        if made.returncode:
            pytest.skip(f"a network of a test's own cannot be made here: {made.stderr.strip()}")
        command = [sys.executable, "-m", "tests.faults.link", self.namespace, self.near, self.far]
        self._program = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._program.stdout is not None
        if self._program.stdout.readline() != "up\n":
            _, said = self._program.communicate()
            self._remove()
            pytest.skip(f"a link cannot be made here: {said.strip().splitlines()[-1]}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._program.communicate()  # closes its input, which ends it
        self._remove()

    def _remove(self) -> None:
        subprocess.run(["ip", "netns", "delete", self.namespace], check=True)

    def carry(self) -> None:
        """As a good link does."""
        self._order("carry")

    def cut(self) -> None:
        """Not a packet passes, and nobody is told."""
        self._order("cut")

    def spoil(self, loss: float, seconds: float) -> None:
        """Each way a share of the packets is lost, and the others take so long."""
        self._order(f"spoil {loss} {seconds}")

    def _order(self, line: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()


class SeveredStack(Stack):
    """As `Stack`, with the broker at the far end of a link; worker, store and test are at the near end."""

    def __init__(self, folder: Path, link: Link, *, definitions: Path | None = None) -> None:
        super().__init__(folder, definitions=definitions)
        self._link = link
        self.broker_address = f"{link.far}:{self.broker_port}"

    def start_broker(self) -> None:
        listener = f"tcp://{self.broker_address}"
        listens = {"LISTENER_URL": listener, "ADVERTISED_LISTENER_URL": listener}
        command = ["ip", "netns", "exec", self._link.namespace, embedded.program(), "broker"]
        log_file = self.folder / "broker.log"
        with log_file.open("ab") as log:
            process = subprocess.Popen(
                command, env={**embedded.environment(self.broker_port), **listens}, stdout=log, stderr=log
            )
        self.broker = embedded.EmbeddedBroker(self.broker_port, log_file, process)
        wait_until(lambda: answers(self._link.far, self.broker_port))
        declare_topics(self.broker_address, PARTITIONS)
