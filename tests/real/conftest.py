"""Real Apache Kafka for tests; skips with one sentence where it cannot be had."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.real.jars import KafkaUnavailable
from tests.real.kafka import Kafka

NewKafka = Callable[[int], Kafka]


@pytest.fixture
def new_kafka(tmp_path: Path) -> Iterator[NewKafka]:
    """Starts a cluster of so many nodes, which ends with the test."""
    with ExitStack() as running:

        def start(nodes: int = 1) -> Kafka:
            return running.enter_context(kafka_or_skip(tmp_path / "kafka", nodes))

        yield start


@pytest.fixture
def kafka(new_kafka: NewKafka) -> Kafka:
    """A cluster of one node, this test's own."""
    return new_kafka(1)


def kafka_or_skip(folder: Path, nodes: int = 1) -> Kafka:
    """A formatted cluster that is not started yet; without Java or the jars the test is skipped."""
    try:
        return Kafka(folder, nodes)
    except KafkaUnavailable as error:
        pytest.skip(str(error))
