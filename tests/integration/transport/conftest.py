"""An embedded broker for one module of tests, and a topic and group of each test's own."""

import uuid
from collections.abc import Iterator

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient

from streams.broker import embedded
from streams.topics import Topic, declare


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an embedded broker."""
    log_file = tmp_path_factory.mktemp("broker") / "broker.log"
    with embedded.start(embedded.free_port(), log_file) as running:
        yield running.address


@pytest.fixture
def group() -> str:
    return f"group-{uuid.uuid4().hex[:8]}"


@pytest_asyncio.fixture
async def topic(broker: str) -> str:
    """A topic of four partitions."""
    return (await declared(broker, 1, 4))[0]


@pytest_asyncio.fixture
async def topics(broker: str) -> list[str]:
    """Two topics of three partitions each (dealt out in turn to two workers, their numbers would part)."""
    return await declared(broker, 2, 3)


async def declared(broker: str, count: int, partitions: int) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    names = [f"test.{uuid.uuid4().hex[:8]}" for _ in range(count)]
    await declare(admin, [Topic(name, partitions) for name in names])
    await admin.close()
    return names
