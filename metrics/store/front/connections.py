"""Connections of the embedded engine, each bound for life to one database and one set of settings.

A chDB connection keeps what USE and SET did to it. Instead of undoing that after each request, a connection is only
ever lent to requests that want exactly its database and settings; opening one takes 0.1 ms.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from metrics.store.front.statement import setting_list
from metrics.store.sqltext import quoted_name

_MAX_IDLE = 32

Key = tuple[str, tuple[tuple[str, str], ...]]


class Connection(Protocol):
    """The part of a chDB connection that the front uses."""

    def query(self, query: str, format: str = ..., params: dict[str, str] | None = ...) -> Any: ...

    def send_query(self, query: str, format: str = ..., params: dict[str, str] | None = ...) -> Any: ...

    def close(self) -> None: ...


class Connections:
    """Lends connections; keeps at most 32 idle ones, the longest unused is closed first."""

    def __init__(self, path: str) -> None:
        import chdb  # loads the engine (0.5 GB mapped): only the front's own process should

        self._open = chdb.connect
        self._path = path
        self._lock = threading.Lock()
        self._idle: OrderedDict[Connection, Key] = OrderedDict()
        self._anchor: Connection = chdb.connect(path)  # the engine lives as long as one connection does

    @contextmanager
    def lend(self, database: str, settings: Mapping[str, str]) -> Iterator[Connection]:
        """A connection in `database` ('' = default) with `settings` applied. After an error it is closed."""
        key: Key = (database, tuple(sorted(settings.items())))
        connection = self._take(key) or self._new(database, settings)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._put(connection, key)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, OrderedDict()
        for connection in idle:
            connection.close()
        self._anchor.close()

    def _take(self, key: Key) -> Connection | None:
        with self._lock:
            found = next((connection for connection, its in reversed(self._idle.items()) if its == key), None)
            if found is not None:
                del self._idle[found]
            return found

    def _put(self, connection: Connection, key: Key) -> None:
        with self._lock:
            self._idle[connection] = key
            surplus = self._idle.popitem(last=False)[0] if len(self._idle) > _MAX_IDLE else None
        if surplus is not None:
            surplus.close()

    def _new(self, database: str, settings: Mapping[str, str]) -> Connection:
        connection: Connection = self._open(self._path)
        try:
            if database:
                connection.query(f"USE {quoted_name(database)}")
            if settings:
                connection.query(f"SET {setting_list(settings)}")
        except BaseException:
            connection.close()
            raise
        return connection
