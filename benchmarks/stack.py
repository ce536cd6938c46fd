"""A broker and a store on loopback for one measurement, in a directory of their own that goes afterwards."""

import asyncio
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from benchmarks.processes import Program, TimedOut, python
from metrics.settings import Settings
from metrics.store.client import StoreClient, connect
from metrics.store.migrate import migrate_url
from streams import topics
from streams.broker import probe
from streams.producer import Outgoing, start_producer
from streams.runtime.ports import HOST, free_port

READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A running embedded broker."""

    program: Program
    address: str
    directory: Path

    def declare(self, partitions: int, *names: str) -> None:
        """Create topics (those of Flowglass when no name is given)."""
        wanted = [topics.Topic(name, partitions) for name in names] or list(topics.all_topics(partitions))
        asyncio.run(_declare(self.address, wanted))

    def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        """Put records into a topic; returns once they are acknowledged."""
        asyncio.run(_send(self.address, topic, records))


@dataclass(frozen=True, slots=True)
class Stack:
    """Broker and store, with topics declared and tables made."""

    broker: Broker
    store: Program
    client: StoreClient
    environment: dict[str, str]


@contextmanager
def broker() -> Iterator[Broker]:
    """A fresh broker, without topics."""
    with ExitStack() as ends:
        directory = Path(tempfile.mkdtemp(prefix="flowglass-benchmark-"))
        ends.callback(shutil.rmtree, directory, ignore_errors=True)
        port = free_port()
        program = Program("broker", python("streams.broker", "--port", str(port)), directory / "broker.log")
        ends.enter_context(program)
        if not probe.wait_until_answering(HOST, port, READY_SECONDS):
            raise TimedOut(f"the broker does not answer; its log ends:\n{program.last_lines()}")
        yield Broker(program, f"{HOST}:{port}", directory)


@contextmanager
def stack(partitions: int = topics.DEFAULT_PARTITIONS) -> Iterator[Stack]:
    """A fresh broker and a fresh store."""
    with ExitStack() as ends:
        made = ends.enter_context(broker())
        port = free_port()
        path = made.directory / "store"
        command = python("metrics.store.front", "--path", str(path), "--port", str(port))
        store = ends.enter_context(Program("store front", command, made.directory / "store.log"))
        url = f"http://{HOST}:{port}"
        wait_for(f"{url}/ping", store)
        migrate_url(url)
        made.declare(partitions)
        client = connect(Settings(store_url=url, broker=made.address))
        ends.callback(client.close)
        environment = {"FLOWGLASS_BROKER_URL": made.address, "FLOWGLASS_STORE_URL": url, "FLOWGLASS_PRIVACY": "off"}
        yield Stack(made, store, client, environment)


def wait_for(url: str, program: Program, within: float = READY_SECONDS) -> None:
    """Poll until `url` answers with 200; raises TimedOut when it never does or the program ends."""
    until = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until or not program.running():
                log = program.last_lines()
                raise TimedOut(f"{program.name} was not ready in time; its log ends:\n{log}") from None
        time.sleep(0.02)


async def _declare(address: str, wanted: Sequence[topics.Topic]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await topics.declare(admin, wanted)
    finally:
        await admin.close()


async def _send(address: str, topic: str, records: Sequence[Outgoing]) -> None:
    async with await start_producer(address, "benchmark") as producer:
        await producer.send_many(topic, records)
        await producer.flush()
