"""Real parts for fault tests: an embedded broker, the store's front, workers; each a process that can be ended."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from metrics.store.migrate import migrate_url
from streams import topics
from streams.broker import embedded
from streams.broker.trim import lag
from streams.codecs.cloudevents import encode_marker
from streams.producer import start_producer
from streams.runtime.renewal import READERS
from streams.runtime.stack import declare_topics, responds
from tests.integration.store.migrated import copy_migrated

PARTITIONS = 4
GROUP = "flowglass-cases"
ROOT = Path(__file__).parents[2]
PATIENCE = 200.0
"""Seconds. A test takes far less on a quiet machine; on a busy one a worker's start alone can take half a minute."""


class Stack:
    """One broker, one store, and the workers that a test starts; everything ends with the `with` block."""

    def __init__(self, folder: Path, *, definitions: Path | None = None, privacy: str = "off") -> None:
        self.folder = folder
        self.broker_port, self.store_port = embedded.free_port(), embedded.free_port()
        self.broker_address = f"{embedded.HOST}:{self.broker_port}"
        self.store_url = f"http://{embedded.HOST}:{self.store_port}"
        self._definitions = definitions
        self._privacy = privacy
        self._workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.start_broker()
        copy_migrated(self.folder / "store")
        self.start_store()
        assert not migrate_url(self.store_url).applied, "the copy was not up to date"
        self.store: StoreClient = connect_url(self.store_url, DEFAULT_DATABASE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for worker in self._workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
        self.store.close()
        self.stop_store()
        self.broker.stop()

    def start_broker(self) -> None:
        """A broker with an empty log, always on the same port."""
        self.broker = embedded.start(self.broker_port, self.folder / "broker.log")
        declare_topics(self.broker_address, PARTITIONS)

    def kill_broker(self) -> None:
        self.broker.process.kill()
        self.broker.process.wait()

    def start_store(self) -> None:
        """The store's front on the same path and port as before."""
        command = ["-m", "metrics.store.front", "--path", str(self.folder / "store"), "--port", str(self.store_port)]
        self.front = self._start(command, "store.log", self.store_url)
        wait_until(responds(f"{self.store_url}/ping"))

    def stop_store(self) -> None:
        self.front.terminate()
        self.front.wait(PATIENCE)

    def start_worker(
        self,
        *,
        module: Sequence[str] = ("metrics.cli", "worker", "cases"),
        store_url: str = "",
        metrics_port: int = 0,
    ) -> "subprocess.Popen[bytes]":
        """A worker; `store_url`: another way to the store than straight to its front. It tells of itself at a port."""
        worker = self._start(["-m", *module], "worker.log", store_url or self.store_url, metrics_port)
        self._workers.append(worker)
        return worker

    def _start(
        self, command: Sequence[str], log_name: str, store_url: str, metrics_port: int = 0
    ) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "FLOWGLASS_BROKER_URL": self.broker_address,
            "FLOWGLASS_STORE_URL": store_url,
            "FLOWGLASS_DATA_DIR": str(self.folder),
            "FLOWGLASS_PRIVACY": self._privacy,
            "FLOWGLASS_METRICS_PORT": str(metrics_port),
        }
        if self._definitions is not None:
            environment["FLOWGLASS_DEFINITIONS"] = str(self._definitions)
        with (self.folder / log_name).open("ab") as log:
            return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)

    def worker_log(self) -> str:
        return embedded.last_lines(self.folder / "worker.log", 40)

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(self.store.rows(sql, values or {}))

    def value(self, sql: str, values: Mapping[str, Any] | None = None) -> Any:
        """The single value of a SELECT."""
        (row,) = self.rows(sql, values)
        (value,) = row.values()
        return value

    def read_to_the_end(self, worker: "subprocess.Popen[bytes]", sent: int, within: float = PATIENCE) -> None:
        """Wait until `sent` records are worked and stored; the worker's death before that is an error."""
        sql = """SELECT sum(committed) FROM v_checkpoints WHERE worker = 'cases' AND topic = %(topic)s
                 AND incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)"""

        def done() -> bool:
            assert worker.poll() is None, f"the worker ended with {worker.returncode}:\n{self.worker_log()}"
            return int(self.value(sql, {"topic": topics.EVENTS})) >= sent

        wait_until(done, within=within, every=0.2)

    def settle(self, *kinds: str, within: float = PATIENCE) -> None:
        """Wait until workers of these kinds have stored what was sent, and what they sent each other because of it."""
        readers = {f"flowglass-{kind}": READERS[f"flowglass-{kind}"] for kind in kinds}
        wait_until(lambda: not asyncio.run(lag(self.broker_address, readers)), within=within, every=0.5)

    def committed(self) -> dict[int, int]:
        """The offset from which a new worker would read each partition of the events."""
        return asyncio.run(_committed(self.broker_address))


async def _committed(broker: str) -> dict[int, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, group_id=GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topics.EVENTS, number) for number in range(PARTITIONS)]
        return {place.partition: await consumer.committed(place) or 0 for place in places}
    finally:
        await consumer.stop()


async def send(broker: str, records: Sequence[tuple[bytes, bytes]], topic: str = topics.EVENTS) -> None:
    """Send canonical events and wait for the acknowledgement."""
    async with await start_producer(broker, "test") as producer:
        await producer.send_many(topic, [(key, value, [], None, None) for key, value in records])
        await producer.flush()


async def mark(broker: str, feed: str, kind: str) -> None:
    """A feed's marker on every partition."""
    key, value, headers = encode_marker(feed, kind, 0)
    async with await start_producer(broker, "test") as producer:
        await producer.send_many(topics.EVENTS, [(key, value, headers, n, None) for n in range(PARTITIONS)])
        await producer.flush()


def wait_until(done: Callable[[], bool], *, within: float = PATIENCE, every: float = 0.05) -> None:
    deadline = time.monotonic() + within
    while not done():
        assert time.monotonic() < deadline, f"not done within {within} s"
        time.sleep(every)


def end_cleanly(process: "subprocess.Popen[bytes]", within: float = PATIENCE) -> int:
    """SIGTERM; the exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(within)
