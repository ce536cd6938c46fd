"""The fault tests' stack of processes, with Apache Kafka as its broker."""

from pathlib import Path

from streams.runtime.stack import declare_topics
from tests.faults.stack import PARTITIONS, Stack
from tests.real.kafka import Kafka


class KafkaStack(Stack):
    """As `Stack`, on a cluster, which ends with it. Unlike the embedded broker's, its log outlives the broker."""

    def __init__(self, folder: Path, kafka: Kafka, *, definitions: Path | None = None) -> None:
        super().__init__(folder, definitions=definitions)
        self.kafka = kafka
        self.broker_address = kafka.address

    def start_broker(self) -> None:
        """Start what of the cluster does not run; its log is as it was."""
        self.kafka.start()
        self.broker = self.kafka  # type: ignore[assignment]  # what it is asked for here is to stop
        declare_topics(self.broker_address, PARTITIONS)

    def kill_broker(self) -> None:
        self.kafka.kill()
