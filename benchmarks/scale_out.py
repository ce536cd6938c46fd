"""Two workers against one on the same input, and how soon partitions change hands.

Workers own their partitions before anything is sent; then the whole history is put into the topic at once. On a machine
of two cores two workers, the store and the broker share what one worker has nearly for itself: the figure says what a
second worker costs, not what a second machine would bring.
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median
from typing import NamedTuple

from confluent_kafka import Consumer, Producer, TopicPartition  # type: ignore[import-untyped]

from benchmarks import procurement
from benchmarks.processes import Program, TimedOut, python
from benchmarks.report import table
from benchmarks.stack import Stack, stack, wait_for
from benchmarks.whole_job import PARTITIONS, as_history
from streams import topics
from streams.producer import Outgoing
from streams.runtime.ports import HOST, free_port

POLL_SECONDS = 0.05
READY_SECONDS = 120.0
SETTLED_POLL_SECONDS = 0.25


class Scaled(NamedTuple):
    """One run: workers, events, seconds until all was committed, CPU seconds of the workers and of the store front."""

    workers: int
    items: int
    wall: float
    worker_cpu: float
    front_cpu: float
    entered: int
    """Events in cases, once for each case: the same for every number of workers."""


class Handed(NamedTuple):
    """Seconds: a second worker's start until it owns partitions; a worker's death until its partitions are read."""

    joined: float
    survived: float


def race(count: int, rounds: int, within: float, tell: Callable[[str], None]) -> list[Scaled]:
    """One worker and two workers in turn."""
    records = as_history(procurement.records(count))
    found: list[Scaled] = []
    for _ in range(rounds):
        for workers in (1, 2):
            entered = found[0].entered if found else 0
            found.append(run(records, count, workers, within, entered))
            tell(f"{workers} workers: {found[-1].items / found[-1].wall:,.0f} events/s")
    return found


def run(records: Sequence[Outgoing], items: int, workers: int, within: float, entered: int = 0) -> Scaled:
    """Workers that own their partitions, then the input; raises TimedOut."""
    with stack(PARTITIONS) as made, ExitStack() as ends:
        programs = [ends.enter_context(_worker(made, number)) for number in range(workers)]
        before = [program.usage().cpu for program in (*programs, made.store)]
        began = time.monotonic()
        _send_at_once(made, records)
        _wait_until_committed(made, programs, len(records), began + within)
        entered = _wait_until_settled(made, programs, entered, began + within)
        wall = time.monotonic() - began
        used = [now.usage().cpu - then for now, then in zip((*programs, made.store), before, strict=True)]
        return Scaled(workers, items, wall, sum(used[:-1]), used[-1], entered)


def hand_over(within: float) -> Handed:
    """A second worker joins, then the first is killed with -9. Raises TimedOut."""
    with stack(PARTITIONS) as made, ExitStack() as ends:
        first = ends.enter_context(_worker(made, 0))
        began = time.monotonic()
        second = ends.enter_context(_worker(made, 1))
        joined = time.monotonic() - began
        os.kill(first.pid, signal.SIGKILL)
        began = time.monotonic()
        records = as_history(procurement.records(400))
        _send_at_once(made, records)
        _wait_until_committed(made, [second], len(records), began + within)
        return Handed(joined, time.monotonic() - began)


def _worker(made: Stack, number: int) -> Program:
    port = free_port()
    environment = {**made.environment, "FLOWGLASS_METRICS_PORT": str(port)}
    log = made.broker.directory / f"worker{number}.log"
    program = Program(f"worker {number}", python("metrics.cli", "worker", "cases"), log, environment)
    wait_for(f"http://{HOST}:{port}/ready", program, READY_SECONDS)
    return program


def _send_at_once(made: Stack, records: Sequence[Outgoing]) -> None:
    producer = Producer(
        {"bootstrap.servers": made.broker.address, "linger.ms": 50, "queue.buffering.max.messages": 10**7}
    )
    for key, value, headers, partition, _ in records:
        producer.produce(topics.EVENTS, value, key, partition, headers=list(headers))
        producer.poll(0)
    producer.flush()


def _wait_until_committed(made: Stack, programs: Sequence[Program], records: int, until: float) -> None:
    asking = Consumer(
        {"bootstrap.servers": made.broker.address, "group.id": "flowglass-cases", "enable.auto.commit": False}
    )
    partitions = [TopicPartition(topics.EVENTS, number) for number in range(PARTITIONS)]
    try:
        while sum(max(0, found.offset) for found in asking.committed(partitions, 10)) < records:
            if time.monotonic() > until or not all(program.running() for program in programs):
                logs = "\n".join(program.last_lines() for program in programs)
                raise TimedOut(f"not all {records} records were committed; the workers' logs:\n{logs}")
            time.sleep(POLL_SECONDS)
    finally:
        asking.close()


def _wait_until_settled(made: Stack, programs: Sequence[Program], entered: int, until: float) -> int:
    """Workers send each other what belongs to a case of the other's: wait until all is there, and return its count.

    `entered`: how many events stand in cases in the end; 0 when it is this run that tells.
    """
    while True:
        row = next(iter(made.client.rows("SELECT uniqExact(process, case_id, event_id) AS entered FROM case_events")))
        if row["entered"] >= entered:
            return int(row["entered"])
        if time.monotonic() > until or not all(program.running() for program in programs):
            raise TimedOut(f"{row['entered']} of {entered} events stand in cases; {programs[0].last_lines()}")
        time.sleep(SETTLED_POLL_SECONDS)


def part(runs: Sequence[Scaled], handed: Sequence[Handed]) -> str:
    """Markdown of both halves."""
    rows = [
        [
            one.workers,
            f"{one.items / one.wall:,.0f}",
            f"{one.wall:.1f}",
            f"{one.worker_cpu / one.items * 1e6:.1f}",
            f"{one.front_cpu / one.items * 1e6:.1f}",
            f"{one.entered:,}",
        ]
        for one in runs
    ]
    head = ["workers", "events/s", "wall s", "workers' µs an event", "front µs an event", "events in cases"]
    rate = {count: median(one.items / one.wall for one in runs if one.workers == count) for count in (1, 2)}
    cost = {count: median(one.worker_cpu for one in runs if one.workers == count) for count in (1, 2)}
    return (
        f"Two workers take in **{rate[2] / rate[1]:.2f} times** what one does (medians), for "
        f"{cost[2] / cost[1]:.2f} times the workers' CPU time.\n\n{table(head, rows)}\n\n"
        f"A second worker owns partitions {median(one.joined for one in handed):.1f} s after its start (its own start "
        f"included); after a worker's death by kill -9 its partitions are read and committed by the other within "
        f"{median(one.survived for one in handed):.1f} s (medians of {len(handed)})."
    )
