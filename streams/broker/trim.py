"""Keeping the embedded broker's memory bounded.

Its log never shrinks by itself: no retention, no compaction, and a DeleteRecords request makes it drop the connection
(tried). What does free memory is a new start. So a broker that has grown past its limit is replaced by an empty one at
a moment when everything in it was read and committed: the log gets a new incarnation, which is recorded, and nothing
is lost. Producers must pause meanwhile (the supervisor stops the simulator); a record that comes between the check
and the stop, a few milliseconds, goes with the old log.
"""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker import embedded
from streams.broker.incarnation import ensure_incarnation
from streams.broker.offsets import end_offsets

Readers = Mapping[str, Sequence[str]]  # who must have read what: consumer group -> topics

DEFAULT_LIMIT = 1 << 30  # bytes resident: about 15 million events in compressed batches, 600,000 sent one by one


class Position(NamedTuple):
    """Where a consumer group stands in one partition."""

    group: str
    topic: str
    partition: int


class NotDrained(RuntimeError):
    """Records are unread; `lag` says how many per position."""

    def __init__(self, lag: Mapping[Position, int]) -> None:
        super().__init__(f"{sum(lag.values())} records are not committed yet: {dict(lag)}")
        self.lag = dict(lag)


def resident_bytes(pid: int) -> int:
    """Memory that a process holds, as the operating system counts it; raises ProcessLookupError when it is gone."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    if not shown.strip():
        raise ProcessLookupError(pid)
    return int(shown) * 1024


async def lag(broker: str, readers: Readers) -> dict[Position, int]:
    """Records not committed yet, of every group in every partition that has any. `broker` is host:port."""
    behind: dict[Position, int] = {}
    for group, names in readers.items():
        consumer = AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = await _partitions(consumer, names)
            ends = await end_offsets(broker, partitions)
            for tp in partitions:
                missing = ends[tp] - (await consumer.committed(tp) or 0)
                if missing > 0:
                    behind[Position(group, tp.topic, tp.partition)] = missing
        finally:
            await consumer.stop()
    return behind


async def replace_drained(broker: embedded.EmbeddedBroker, readers: Readers) -> embedded.EmbeddedBroker:
    """Stop a broker of which all is committed and start an empty one on its port, topics declared, newly named.

    Raises NotDrained (and leaves the broker running) when something is unread. Workers must be restarted: their
    positions belong to the old log.
    """
    behind = await lag(broker.address, readers)
    if behind:
        raise NotDrained(behind)
    counts = await _counts(broker.address)
    broker.stop()
    fresh = embedded.start(broker.port, broker.log_file)
    await _declare(fresh.address, counts)
    await ensure_incarnation(fresh.address)
    return fresh


async def _partitions(consumer: AIOKafkaConsumer, names: Sequence[str]) -> list[TopicPartition]:
    known = await consumer.topics()
    missing = set(names) - set(known)
    if missing:
        raise LookupError(f"topics that were never declared: {sorted(missing)}")
    return [TopicPartition(name, p) for name in names for p in sorted(consumer.partitions_for_topic(name))]


async def _counts(address: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        return await topics.partition_counts(admin, await admin.list_topics())
    finally:
        await admin.close()


async def _declare(address: str, counts: Mapping[str, int]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        planned = [topics.Topic(t.name, counts.get(t.name, t.partitions), t.settings) for t in topics.all_topics()]
        own = {topic.name for topic in planned}
        await topics.declare(admin, planned + [topics.Topic(n, c) for n, c in counts.items() if n not in own])
    finally:
        await admin.close()
