"""How large the embedded broker has grown, and whether everything in it was read.

Its log never shrinks by itself: no retention, no compaction, and a DeleteRecords request makes it drop the connection
(tried). What does free memory is a new start, which `streams.runtime.renewal` makes when both answers allow it.
"""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.broker.offsets import end_offsets
from streams.broker.reach import reach

Readers = Mapping[str, Sequence[str]]  # who must have read what: consumer group -> topics


class Position(NamedTuple):
    """Where a consumer group stands in one partition."""

    group: str
    topic: str
    partition: int


def resident_bytes(pid: int) -> int:
    """Memory that a process holds, as the operating system counts it; raises ProcessLookupError when it is gone."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        held = status.read_text().partition("VmRSS:")[2].split()
        if not held:
            raise ProcessLookupError(pid)  # it has ended, and nobody asked for its exit code yet
        return int(held[0]) * 1024
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    if not shown.strip():
        raise ProcessLookupError(pid)
    return int(shown) * 1024


async def lag(broker: str, readers: Readers) -> dict[Position, int]:
    """Records not committed yet, of every group in every partition that has any. `broker` is host:port.

    Ends are asked after what was committed: a reader that writes to another of these topics does so before it commits,
    so an empty answer means that everything was read, what readers sent each other included (producers must stand
    still).
    """
    committed: dict[Position, int] = {}
    for group, names in readers.items():
        committed |= await _committed(broker, group, names)
    ends = await end_offsets(broker, {TopicPartition(at.topic, at.partition) for at in committed})
    behind = {at: ends[TopicPartition(at.topic, at.partition)] - offset for at, offset in committed.items()}
    return {at: missing for at, missing in behind.items() if missing > 0}


async def _committed(broker: str, group: str, names: Sequence[str]) -> dict[Position, int]:
    consumer = AIOKafkaConsumer(**reach(broker), group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        return {
            Position(group, tp.topic, tp.partition): await consumer.committed(tp) or 0
            for tp in await _partitions(broker, names)
        }
    finally:
        await consumer.stop()


async def _partitions(broker: str, names: Sequence[str]) -> list[TopicPartition]:
    """Asked anew: what a consumer knows of topics that it does not read depends on what it happened to be told."""
    admin = AIOKafkaAdminClient(**reach(broker))
    try:
        await admin.start()
        counts = await topics.partition_counts(admin, None)
    finally:
        await admin.close()
    if missing := sorted(set(names) - counts.keys()):
        raise LookupError(f"topics that were never declared: {missing}")
    return [TopicPartition(name, number) for name in names for number in range(counts[name])]
