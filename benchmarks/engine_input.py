"""What every contestant of the engine benchmark is given, and what each must answer.

The records are the canonical events of `benchmarks.procurement`; the job is to decode the JSON with msgspec, find
the key, and count events per key. A contestant is a program `--broker B --records N --directory D` that ends
with a line of JSON on standard output: a `Result`. Its clock runs from the assignment of the partitions (so imports,
connecting and joining the group do not count) to the moment its counts are as safe as it makes them.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable
from zlib import crc32

import msgspec

TOPIC = "benchmark.events"
PARTITIONS = 4


class Reference(msgspec.Struct, gc=False):
    type: str
    id: str


class Body(msgspec.Struct, gc=False):
    objects: list[Reference]


class Envelope(msgspec.Struct, gc=False):
    """As much of an event as counting needs."""

    id: str
    type: str
    time: str
    data: Body


decode = msgspec.json.Decoder(Envelope).decode


def key_of(event: Envelope) -> str:
    """The state's key: the event's first object."""
    return event.data.objects[0].id


def checksum(counts: Iterable[tuple[str, int]]) -> int:
    """The same for all contestants that counted right, in whatever order they list the keys."""
    return sum(crc32(f"{key}={count}".encode()) for key, count in counts) & 0xFFFFFFFF


def truth(values: Iterable[bytes]) -> tuple[int, int]:
    """Records and checksum, counted plainly."""
    counts: dict[str, int] = {}
    records = 0
    for value in values:
        key = key_of(decode(value))
        counts[key] = counts.get(key, 0) + 1
        records += 1
    return records, checksum(counts.items())


class Result(msgspec.Struct, frozen=True):
    """What a contestant says in the end. Seconds; `cpu` is user and system time of all its threads."""

    records: int
    checksum: int
    cpu: float
    wall: float
    startup: float


class Race:
    """A contestant's stopwatch."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu: float | None = None

    def start(self) -> None:
        """The partitions are assigned; only the first call counts."""
        if self._cpu is None:
            self._wall, self._cpu = time.perf_counter(), time.process_time()

    def finish(self, counts: Iterable[tuple[str, int]]) -> None:
        """All is counted and safe: print the result."""
        cpu, wall = time.process_time(), time.perf_counter()
        began = self._cpu or 0.0
        pairs = list(counts)
        result = Result(sum(n for _, n in pairs), checksum(pairs), cpu - began, wall - self._wall, began)
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()


def group() -> str:
    """The consumer group of this round."""
    return os.environ.get("BENCHMARK_GROUP", "benchmark")


def options() -> argparse.Namespace:
    """What a contestant is told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", required=True, help="host:port")
    parser.add_argument("--records", type=int, required=True, help="how many to count")
    parser.add_argument("--directory", required=True, help="where its state may lie")
    return parser.parse_args()
