"""The reader over HTTP: connects when first asked, and again after a failure, with time-outs fit for a page."""

import threading
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from metrics.store.client import connect_url
from metrics.store.queries import BOUNDS, Queries

Row = TypeVar("Row")
CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 12.0


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
                self._queries = Queries(client, bounds=self._bounds)
            return self._queries
