"""A command's way to the store: find the stack, connect, read, close."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import time_ns
from typing import Protocol, TypeVar

from metrics.commands.rows import FeedClock
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import StoreClient, connect
from metrics.store.queries import Queries

Row = TypeVar("Row")
LONGEST_SECONDS = 300


class Reader(Protocol):
    """Runs the named queries; `metrics.store.queries.Queries` in production."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


@contextmanager
def open_store(settings: Settings | None = None) -> Iterator[tuple[StoreClient, Queries]]:
    """The store of the running stack. Raises NotRunning and the errors of `metrics.store.errors`."""
    client = connect(settings or find_stack())
    try:
        yield client, Queries(client, seconds=LONGEST_SECONDS)
    finally:
        client.close()


def wall_clock() -> int:
    """Microseconds since 1970 UTC."""
    return time_ns() // 1000


def present(reader: Reader, process: str, wall: int) -> int:
    """The time at which a process's clocks stand: the wall's, or the watermark of feeds that send history."""
    feeds = reader.rows("cli_clock", FeedClock, process=process)
    if not feeds or any(feed.phase == "live" for feed in feeds):
        return wall
    return max(feed.watermark_us for feed in feeds)
