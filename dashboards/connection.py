"""Reader and writer over HTTP: they connect when first asked, with time-outs fit for a page."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from metrics.store.client import connect_url
from metrics.store.queries import BOUNDS, Queries
from metrics.store.writer import ClickHouseWriter

Row = TypeVar("Row")
CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 12.0
TILES_FIRST: Final = {"priority": 2}
"""What a page asks waits while the store has a question of priority 1: those of the tiles, which say so in their text.
All cards ask at once; side by side with five readers of the whole store a tile's query took 57 ms in place of 135."""


class StoreReader:
    """The rows of named queries from the store at `url`; raises the errors of `metrics.store.errors`.

    One client serves all threads; it is made when first used, so after the fork and in its own process. `bounds`: what
    one question may cost the store.
    """

    def __init__(self, url: str, database: str, bounds: Mapping[str, int] = BOUNDS):
        self._url = url
        self._database = database
        self._bounds = bounds
        self._queries: Queries | None = None
        self._lock = threading.Lock()

    def rows(self, name: str, row_type: type[Row], /, **parameters: Any) -> list[Row]:
        """The rows of query `name` as values of `row_type`, whose fields are the query's columns."""
        table = self._connected().table(name, **parameters)
        return msgspec.convert(table.to_pylist(), list[row_type])  # type: ignore[valid-type]

    def _connected(self) -> Queries:
        with self._lock:
            if self._queries is None:
                client = connect_url(
                    self._url, self._database, answer_seconds=ANSWER_SECONDS, connect_seconds=CONNECT_SECONDS
                )
                self._queries = Queries(client, bounds={**self._bounds, **TILES_FIRST})
            return self._queries


class StoreWriter:
    """Stores rows in the store at `url`; made and shared as StoreReader is. Raises the store's errors."""

    def __init__(self, url: str, database: str, cluster: str = ""):
        self._url = url
        self._database = database
        self._cluster = cluster
        self._writer: ClickHouseWriter | None = None
        self._lock = threading.Lock()

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        """Store the columns; returns once they are durable."""
        self._connected().insert(table, columns)

    def _connected(self) -> ClickHouseWriter:
        with self._lock:
            if self._writer is None:
                client = connect_url(
                    self._url, self._database, answer_seconds=ANSWER_SECONDS, connect_seconds=CONNECT_SECONDS
                )
                self._writer = ClickHouseWriter(client, cluster=self._cluster)
            return self._writer
