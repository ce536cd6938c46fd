"""Each broker that Flowglass claims to run on, started for one module of tests.

Another implementation joins by a line in IMPLEMENTATIONS.
"""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient

from streams.broker import embedded
from streams.topics import Topic, declare
from tests.real.conftest import kafka_or_skip


@contextmanager
def embedded_broker(folder: Path) -> Iterator[str]:
    with embedded.start(embedded.free_port(), folder / "broker.log") as broker:
        yield broker.address


@contextmanager
def apache_kafka(folder: Path) -> Iterator[str]:
    with kafka_or_skip(folder) as kafka:
        yield kafka.address


IMPLEMENTATIONS: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "embedded": embedded_broker,
    "kafka": apache_kafka,
}


@pytest.fixture(scope="module", params=sorted(IMPLEMENTATIONS))
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address (host:port) of a broker under test."""
    with IMPLEMENTATIONS[request.param](tmp_path_factory.mktemp("broker")) as address:
        yield address


@pytest_asyncio.fixture
async def admin(broker: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=broker)
    await client.start()
    yield client
    await client.close()


@pytest_asyncio.fixture
async def topic(admin: AIOKafkaAdminClient) -> str:
    """A new topic of four partitions, this test's own."""
    name = f"contract.{uuid.uuid4().hex[:8]}"
    await declare(admin, [Topic(name, 4)])
    return name


@pytest.fixture
def group() -> str:
    """A consumer group of this test's own: a member that died holds up its group for the session time-out."""
    return f"contract-{uuid.uuid4().hex[:8]}"
