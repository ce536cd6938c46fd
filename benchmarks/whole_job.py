"""One worker as a real process on preloaded input: from bytes in the topic to rows stored and offsets committed.

Counted is the CPU time (user and system) of the worker and of the store front, from the moment the worker owns its
partitions (its `/ready` says so) until every offset is committed. The broker's is shown apart, and so is what both
spend afterwards: the rounds of a worker (ledger, digests, figures, health) wait until a backlog is stored.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from confluent_kafka import Consumer, TopicPartition  # type: ignore[import-untyped]

from benchmarks import procurement, span_scene
from benchmarks.processes import Program, TimedOut, Usage, python
from benchmarks.stack import Stack, stack, wait_for
from streams import topics
from streams.broker.partitioner import partition_of
from streams.codecs.encoding import encode_marker
from streams.producer import Outgoing
from streams.runtime.ports import HOST, free_port

PARTITIONS = topics.DEFAULT_PARTITIONS
POLL_SECONDS = 0.1
AFTER_SECONDS = 20.0
"""Rounds begin within two seconds, and the front merges parts: what that costs is shown beside."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a worker over preloaded input."""

    items: int
    wall: float
    worker: Usage
    front: Usage
    broker: Usage
    startup: float
    """CPU seconds of the worker before it owned its partitions."""
    afterwards: float
    """CPU seconds of worker and front in the AFTER_SECONDS after the last commit."""
    rows: dict[str, int]

    @property
    def cpu(self) -> float:
        return self.worker.cpu + self.front.cpu

    @property
    def per_core_second(self) -> float:
        return self.items / self.cpu


def cases(count: int, within: float) -> Job:
    """`flowglass worker cases` over the scene of `benchmarks.procurement`, sent as a feed's history."""
    records = procurement.records(count)
    with stack(PARTITIONS) as made:
        made.broker.send(topics.EVENTS, as_history(records))
        tables = ("events", "case_events", "cases", "objects", "transitions", "dead_letters")
        return _run(made, "cases", topics.EVENTS, len(records), len(records) + 2 * PARTITIONS, tables, within)


def spans(count: int, within: float) -> Job:
    """`flowglass worker spans` over the scene of `benchmarks.span_scene`."""
    messages = span_scene.messages(count)
    with stack(PARTITIONS) as made:
        outgoing: list[Outgoing] = [(None, value, [], n % PARTITIONS, None) for n, value in enumerate(messages)]
        made.broker.send(topics.SPANS, outgoing)
        tables = ("spans", "span_refs", "dead_letters")
        return _run(made, "spans", topics.SPANS, count, len(messages), tables, within)


def as_history(records: Sequence[tuple[bytes, bytes, list[tuple[str, bytes]]]]) -> list[Outgoing]:
    """The records of `benchmarks.procurement` between the markers of a backfill, each in its key's partition."""
    counts = [0] * PARTITIONS
    sent: list[Outgoing] = []
    for key, value, headers in records:
        partition = partition_of(key, PARTITIONS)
        counts[partition] += 1
        sent.append((key, value, headers, partition, None))
    return [*_markers("backfill", [0] * PARTITIONS), *sent, *_markers("end", counts)]


def _markers(kind: str, counts: Sequence[int]) -> list[Outgoing]:
    marks = [encode_marker(procurement.FEED, kind, count) for count in counts]
    return [(key, value, headers, partition, None) for partition, (key, value, headers) in enumerate(marks)]


def _run(made: Stack, kind: str, topic: str, items: int, records: int, tables: Sequence[str], within: float) -> Job:
    with ExitStack() as ends:
        port = free_port()
        environment = {**made.environment, "FLOWGLASS_METRICS_PORT": str(port)}
        log = made.broker.directory / "worker.log"
        worker = ends.enter_context(Program(f"worker {kind}", python("metrics.cli", "worker", kind), log, environment))
        wait_for(f"http://{HOST}:{port}/ready", worker)
        began = time.monotonic()
        programs = (worker, made.store, made.broker.program)
        before = [program.usage() for program in programs]
        _wait_until_committed(made, worker, topic, records, began + within)
        wall = time.monotonic() - began
        after = [program.usage() for program in programs]
        time.sleep(AFTER_SECONDS)
        afterwards = worker.usage().cpu + made.store.usage().cpu - after[0].cpu - after[1].cpu
        used = [now.since(then) for now, then in zip(after, before, strict=True)]
        rows = {table: _count(made, table) for table in tables}
        return Job(items, wall, used[0], used[1], used[2], before[0].cpu, afterwards, rows)


def _wait_until_committed(made: Stack, worker: Program, topic: str, records: int, until: float) -> None:
    """Asks the broker for the group's offsets: a query would cost the store front time that is measured."""
    group = f"flowglass-{worker.name.rpartition(' ')[2]}"
    asking = Consumer({"bootstrap.servers": made.broker.address, "group.id": group, "enable.auto.commit": False})
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    try:
        while sum(max(0, found.offset) for found in asking.committed(partitions, 10)) < records:
            if not worker.running() or time.monotonic() > until:
                raise TimedOut(f"{worker.name} did not commit all {records} records; its log:\n{worker.last_lines()}")
            time.sleep(POLL_SECONDS)
    finally:
        asking.close()


def _count(made: Stack, table: str) -> int:
    return int(next(iter(made.client.rows(f"SELECT count() AS rows FROM {table}")))["rows"])
