"""Log files into the broker: a ``backfill`` marker, every row, and an ``end`` marker with exact counts.

Markers go to every partition. The count of an ``end`` marker is the number of records of this load in its
partition, events and dead letters, markers not among them. An event's key is its case, so that a case
stays in one partition; the partition is chosen here by that key, which is what makes the counts exact.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from metrics.words import DeadLetter, Event
from streams.broker.partitioner import partition_of
from streams.codecs.encoding import encode, encode_dead_letter, encode_marker
from streams.intake.options import LogOptions, content_hash, log_namespace
from streams.intake.reader import Reader, log_files, open_log
from streams.topics import EVENTS

_BATCH: Final = 1000

Outgoing = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]], int | None, int | None]
Progress = Callable[[Path, int], None]
"""Called with the file and the rows of it that were sent so far."""
Clock = Callable[[], int]
"""Milliseconds since 1970 UTC."""


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


class Sender(Protocol):
    """What is needed of `streams.producer.Producer`."""

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None: ...

    async def flush(self) -> None: ...

    async def partitions(self, topic: str) -> int: ...


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to load, known by its content."""

    path: Path
    content: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is loaded together: one feed, one namespace of cases. `options` has both filled in."""

    files: tuple[PlannedFile, ...]
    options: LogOptions

    @property
    def feed(self) -> str:
        return self.options.feed

    @property
    def case_type(self) -> str:
        return self.options.case_type or ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was sent. `per_partition`: records, as the end markers say."""

    events: int
    dead_letters: int
    per_partition: tuple[int, ...]


def plan(paths: Iterable[Path], options: LogOptions) -> Plan:
    """Find the files, hash them and settle the case type and the feed. Raises IntakeError."""
    files = tuple(PlannedFile(path, content_hash(path), path.stat().st_size) for path in log_files(paths))
    namespace = log_namespace([file.content for file in files], options)
    filled = msgspec.structs.replace(
        options,
        case_type=options.case_type or namespace,
        feed=options.feed or f"files:{namespace.removeprefix('log.')}",
    )
    return Plan(files, filled)


def readers(plan: Plan) -> list[tuple[Path, Reader]]:
    """A reader for each file, opened: columns are chosen and checked before anything is sent. Raises IntakeError."""
    return [(file.path, open_log(file.path, plan.options, file.content)) for file in plan.files]


async def stream_files(
    producer: Sender, plan: Plan, progress: Progress = lambda path, rows: None, clock: Clock = wall_clock
) -> Loaded:
    """Send all rows of all files, in file order, between the markers; returns when all is acknowledged."""
    opened = readers(plan)
    partitions = await producer.partitions(EVENTS)
    load = _Load(producer, plan.feed, partitions, clock)
    await load.mark("backfill")
    for path, reader in opened:
        rows = 0
        for rows, item in enumerate(reader, start=1):
            load.add(item)
            if not rows % _BATCH:
                await load.send()
                progress(path, rows)
        await load.send()
        progress(path, rows)
    await load.mark("end")
    await producer.flush()
    return Loaded(load.events, load.dead_letters, tuple(load.counts))


class _Load:
    """Records on their way, counted by partition."""

    def __init__(self, producer: Sender, feed: str, partitions: int, clock: Clock) -> None:
        self._producer = producer
        self._feed = feed
        self._clock = clock
        self._waiting: list[Outgoing] = []
        self.counts = [0] * partitions
        self.events = 0
        self.dead_letters = 0

    def add(self, item: Event | DeadLetter) -> None:
        if isinstance(item, Event):
            key, value, headers = encode(item)
            self.events += 1
        else:
            key, value, headers = encode_dead_letter(item)
            self.dead_letters += 1
        partition = partition_of(key, len(self.counts))
        self.counts[partition] += 1
        self._waiting.append((key, value, headers, partition, self._clock()))

    async def send(self) -> None:
        if self._waiting:
            await self._producer.send_many(EVENTS, self._waiting)
            self._waiting = []

    async def mark(self, kind: str) -> None:
        """To every partition, behind what was sent before."""
        records: list[Outgoing] = []
        for partition, count in enumerate(self.counts):
            key, value, headers = encode_marker(self._feed, kind, count)
            records.append((key, value, headers, partition, self._clock()))
        await self._producer.send_many(EVENTS, records)
