"""Snapshots in the store: one row an object and kind of message, the newest version counts."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, Protocol

import msgspec

from streams.sources.memory import Fetch, Remembered
from streams.sources.message import Snapshot

TABLE: Final = "source_states"
KEYS_A_QUERY: Final = 1000
"""Keys travel inside the query text, whose default limit is 256 KiB."""

_decoder = msgspec.json.Decoder(Snapshot)


class Reader(Protocol):
    """Runs a query; `values` are bound and escaped by the driver. Raises StoreUnavailable."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]: ...


def fetch_from(reader: Reader) -> Fetch:
    """A function that gives the stored snapshots of the keys that have one."""

    def fetch(keys: Iterable[str]) -> Mapping[str, Snapshot]:
        found: dict[str, Snapshot] = {}
        remaining = iter(keys)
        while piece := tuple(islice(remaining, KEYS_A_QUERY)):
            sql = f"SELECT state_key, snapshot FROM {TABLE} FINAL WHERE state_key IN %(keys)s"
            for row in reader.rows(sql, {"keys": piece}):
                found[row["state_key"]] = _decoder.decode(row["snapshot"])
        return found

    return fetch


def state_rows(changed: Mapping[str, Remembered], version: int) -> list[tuple[str, int, Snapshot, bool]]:
    """The rows of table `source_states`."""
    return [(key, version, *remembered) for key, remembered in changed.items()]
