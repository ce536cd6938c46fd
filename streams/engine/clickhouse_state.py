"""The state of cases and objects, read back from ClickHouse."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from metrics.words import Event
from streams.cases.case_state import Checkpoint
from streams.cases.timers import AT_ONCE, NEVER_DUE, Waiting
from streams.correlation.checkpoint import COLUMNS as OBJECT_COLUMNS
from streams.correlation.checkpoint import restore
from streams.correlation.messages import CaseKey, Key
from streams.correlation.object_state import ObjectState
from streams.engine.ports import Reader
from streams.engine.stored_events import COLUMNS, events_of

KEYS_A_QUERY = 2000
"""Keys travel inside the query text, whose default limit is 256 KiB."""

_WAITING = """shard IN %(shards)s AND (status = 'open' OR hasAny(`clock.status`, ['running', 'at_risk'])
                                      OR hasAny(`expect.status`, ['awaited']))"""
"""Cases with which time alone may do something."""

_checkpoint = msgspec.json.Decoder(Checkpoint)


class ColumnReader(Reader, Protocol):
    """A reader that also answers in columns. Raises StoreUnavailable."""

    def query_arrow(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table: ...


class ClickHouseState:
    """`StateStore` on ClickHouse: the newest row by version is read with FINAL."""

    def __init__(self, reader: ColumnReader) -> None:
        self._reader = reader

    def is_empty(self) -> bool:
        sql = "SELECT (SELECT count() FROM cases) + (SELECT count() FROM objects) AS rows"
        return not next(iter(self._reader.rows(sql, {})))["rows"]

    def objects(self, keys: Sequence[Key]) -> Mapping[Key, ObjectState]:
        sql = f"SELECT {OBJECT_COLUMNS} FROM objects FINAL WHERE (object_type, object_id) IN %(keys)s"
        return {state.key: state for state in map(restore, self._in_pieces(sql, keys))}

    def cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Checkpoint]:
        sql = "SELECT process, case_id, checkpoint FROM cases FINAL WHERE (process, case_id) IN %(keys)s"
        return self._checkpoints(self._in_pieces(sql, [(key.process, key.id) for key in keys]))

    def open_cases(self, shards: Iterable[int], limit: int) -> Mapping[CaseKey, Checkpoint]:
        newest = f"SELECT process, case_id FROM cases FINAL WHERE {_WAITING} ORDER BY version DESC LIMIT %(limit)s"
        sql = f"SELECT process, case_id, checkpoint FROM cases FINAL WHERE (process, case_id) IN ({newest})"
        return self._checkpoints(self._reader.rows(sql, {"shards": tuple(shards), "limit": limit}))

    def waiting(self, shards: Iterable[int], known: Collection[tuple[str, int]]) -> Mapping[str, Waiting]:
        sql = f"""SELECT feed, process, case_id,
                         if((process, definition_version) IN %(known)s, next_due, {AT_ONCE}) AS due
                  FROM cases FINAL WHERE {_WAITING} AND due < {NEVER_DUE} ORDER BY feed, due, process, case_id"""
        values = {"shards": tuple(shards), "known": tuple(known) or (("", 0),)}
        return by_feed(self._reader.query_arrow(sql, values))

    def events_of_objects(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Event]]:
        sql = f"""SELECT {COLUMNS} FROM events
                  WHERE event_id IN (SELECT event_id FROM events WHERE hasAny(object_ids, %(ids)s))
                  ORDER BY event_id, origin, position LIMIT 1 BY event_id"""
        wanted: dict[Key, list[Event]] = {key: [] for key in keys}
        for piece in _pieces(sorted({key[1] for key in keys})):
            for event in events_of(self._reader.rows(sql, {"ids": list(piece)})):
                for ref in event.objects:
                    if (found := wanted.get((ref.type, ref.id))) is not None:
                        found.append(event)
        return wanted

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        by_name = {(key.process, key.id): key for key in keys}
        places: dict[str, list[CaseKey]] = {}
        sql = "SELECT process, case_id, event_id FROM v_case_events WHERE (process, case_id) IN %(keys)s"
        for row in self._in_pieces(sql, list(by_name)):
            places.setdefault(row["event_id"], []).append(by_name[row["process"], row["case_id"]])
        found: dict[CaseKey, dict[str, Event]] = {key: {} for key in keys}
        sql = f"""SELECT {COLUMNS} FROM events WHERE event_id IN %(keys)s
                  ORDER BY event_id, origin, position LIMIT 1 BY event_id"""
        for event in events_of(self._in_pieces(sql, list(places))):
            for key in places[event.id]:
                found[key][event.id] = event
        return found

    def _in_pieces(self, sql: str, keys: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for piece in _pieces(keys):
            yield from self._reader.rows(sql, {"keys": piece})

    @staticmethod
    def _checkpoints(rows: Iterable[Mapping[str, Any]]) -> Mapping[CaseKey, Checkpoint]:
        found = {}
        for row in rows:
            saved = _checkpoint.decode(row["checkpoint"])
            found[CaseKey(row["process"], saved.type, row["case_id"])] = saved
        return found


def by_feed(rows: pa.Table) -> dict[str, Waiting]:
    """The rows (feed, process, case_id, due), sorted by feed and due, as entries of timers."""
    rows = rows.combine_chunks()
    feeds = rows["feed"].cast(pa.string()).combine_chunks()
    found: dict[str, Waiting] = {}
    at = 0
    while at < len(feeds):
        feed = feeds[at].as_py()
        many = pc.sum(pc.equal(feeds, feed)).as_py()
        part = rows.slice(at, many)
        kind = part["process"].cast(pa.string()).combine_chunks().dictionary_encode()
        found[feed] = Waiting(
            part["due"].combine_chunks(),
            [(process, "") for process in kind.dictionary.to_pylist()],
            kind.indices,
            part["case_id"].cast(pa.string()).combine_chunks(),
        )
        at += many
    return found


def _pieces(keys: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    iterator = iter(keys)
    while piece := tuple(islice(iterator, KEYS_A_QUERY)):
        yield piece
