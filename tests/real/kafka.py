"""Apache Kafka as a test's own: nodes of a KRaft cluster on loopback, each a process that can be killed.

Settings are Kafka's own but for those below: what a test must wait for is shorter, and copies are as many as nodes.
"""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.broker.embedded import last_lines
from streams.broker.probe import answers
from streams.runtime.ports import HOST, free_port
from tests.real.jars import jars, java

START_SECONDS, STOP_SECONDS = 60.0, 30.0
FETCH_IN_A_TEST = 90.0
"""Seconds; `make test-real` fetches ahead and takes its time."""
CLUSTER = "flowglass-tests-00000A"
JVM = ("-Dorg.apache.logging.log4j.level=WARN", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Small and quick to start; throughput is not what these tests are about."""


class KafkaNotStarted(RuntimeError):
    """A node died, or did not answer in time; the message ends with its last log lines."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node, broker and controller in one."""

    number: int
    port: int
    controller_port: int
    folder: Path

    @property
    def log_file(self) -> Path:
        return self.folder / "kafka.log"

    @property
    def settings_file(self) -> Path:
        return self.folder / "server.properties"


class Kafka:
    """A cluster; its nodes run between `start` and `stop` (or inside a `with` block). Data outlives a restart."""

    def __init__(self, folder: Path, nodes: int = 1) -> None:
        self.nodes = [Node(n, free_port(), free_port(), folder / f"kafka-{n}") for n in range(1, nodes + 1)]
        self._classpath = str(jars(FETCH_IN_A_TEST) / "*")
        self._java = java()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        """Bootstrap servers: host:port[,host:port]."""
        return ",".join(f"{HOST}:{node.port}" for node in self.nodes)

    def pid(self, number: int = 1) -> int:
        """Process id of the node `number`, from 1."""
        return self._processes[number].pid

    def start(self) -> None:
        """Start every node that does not run; returns once all answer. Raises KafkaNotStarted."""
        for node in self.nodes:
            if not node.folder.exists():
                self._format(node)
        for node in self.nodes:
            if not self._runs(node):
                self.launch(node.number)
        for node in self.nodes:
            self._await(node)

    def launch(self, number: int) -> None:
        """Start one node without waiting for it."""
        node = self.nodes[number - 1]
        self._processes[number] = self._run(node, "kafka.Kafka", str(node.settings_file))

    def kill(self, number: int = 1) -> None:
        """The node's process dies of SIGKILL; what it wrote stays on disk."""
        self._processes[number].kill()
        self._processes[number].wait()

    def stop(self) -> None:
        """Ask all nodes to end, and insist."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _format(self, node: Node) -> None:
        """Give a node its settings, and empty storage that belongs to this cluster."""
        node.folder.mkdir(parents=True)
        settings = settings_of(node, self.nodes)
        node.settings_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        arguments = ["format", "--cluster-id", CLUSTER, "--config", str(node.settings_file)]
        if self._run(node, "kafka.tools.StorageTool", *arguments).wait(START_SECONDS):
            raise KafkaNotStarted(f"Kafka's storage was not formatted:\n{last_lines(node.log_file)}")

    def _run(self, node: Node, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [self._java, *JVM, "-cp", self._classpath, program, *arguments]
        with node.log_file.open("ab") as log:
            return subprocess.Popen(
                command, cwd=node.folder, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _runs(self, node: Node) -> bool:
        process = self._processes.get(node.number)
        return process is not None and process.poll() is None

    def _await(self, node: Node) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(HOST, node.port):
            if not self._runs(node) or time.monotonic() > deadline:
                self.stop()
                raise KafkaNotStarted(f"Kafka's node {node.number} did not start:\n{last_lines(node.log_file)}")
            time.sleep(0.05)


def settings_of(node: Node, nodes: list[Node]) -> Mapping[str, str]:
    """A node's server.properties."""
    copies = str(min(3, len(nodes)))
    enough = str(min(2, len(nodes)))
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.number),
        "controller.quorum.voters": ",".join(f"{one.number}@{HOST}:{one.controller_port}" for one in nodes),
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{HOST}:{node.port},CONTROLLER://{HOST}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{node.port}",
        "log.dirs": str(node.folder / "data"),
        "default.replication.factor": copies,
        "min.insync.replicas": enough,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": enough,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": enough,
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
    }
