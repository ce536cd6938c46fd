"""An embedded broker for one module of tests, and gateways that send to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.broker import embedded
from streams.runtime.stack import declare_topics
from tests.integration.gateway.running import Log


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an embedded broker whose topics are declared."""
    with embedded.start(embedded.free_port(), tmp_path_factory.mktemp("broker") / "broker.log") as running:
        declare_topics(running.address, 2)
        yield running.address


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def kafka(broker: str) -> Log:
    """What came into the topics."""
    return Log(broker)
