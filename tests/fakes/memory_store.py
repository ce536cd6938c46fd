"""A store in memory with the semantics the engine relies on: keys replace, versions decide, tokens deduplicate."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from metrics.store import wire
from metrics.store.errors import RowsRefused
from metrics.words import Amount, Event, ObjectRef
from streams.cases.case_state import Checkpoint
from streams.cases.timers import AT_ONCE, NEVER_DUE, Waiting
from streams.correlation.checkpoint import restore
from streams.correlation.messages import CaseKey, Key
from streams.correlation.object_state import ObjectState
from streams.engine.clickhouse_state import by_feed
from tests.fakes.taken_apart import taken_apart

KEYS = {
    "events": ("event_id", "origin", "position"),
    "dead_letters": ("origin", "position", "reason"),
    "markers": ("feed", "kind", "partition", "origin", "position"),
    "cases": ("process", "case_id"),
    "case_events": ("process", "case_id", "event_id"),
    "objects": ("object_type", "object_id"),
    "feeds": ("feed",),
    "checkpoints": ("worker", "topic", "partition"),
    "late_events": ("process", "case_id", "event_id"),
    "transitions": ("process", "case_id", "clock", "status", "at"),
    "expectation_transitions": ("process", "case_id", "expectation", "status", "at", "revision"),
    "source_states": ("state_key",),
    "source_pauses": ("source", "version"),
    "contract_breaches": ("source", "type", "code", "member", "event_id"),
    "restatements": ("process", "case_id", "clock", "revision"),
    "deviation_changes": (
        "process",
        "case_id",
        "rule",
        "milestone",
        "object",
        "event_id",
        "kind",
        "change",
        "revision",
    ),
}


class MemoryBlock(NamedTuple):
    """`lines`: the rows as they travel; () for columns."""

    table: str
    held: Sequence[dict[str, Any]]
    lines: Sequence[bytes] = ()

    @property
    def rows(self) -> int:
        return len(self.held)

    @property
    def data(self) -> bytes:
        return b"".join(self.lines) or repr(self.held).encode()

    def halved(self) -> "tuple[MemoryBlock, MemoryBlock]":
        middle = self.rows // 2
        return (
            MemoryBlock(self.table, self.held[:middle], self.lines[:middle]),
            MemoryBlock(self.table, self.held[middle:], self.lines[middle:]),
        )

    def told(self) -> dict[str, Any]:
        if not self.lines:
            return self.held[0]
        names = (field.name for field in wire.fields(self.table))
        return dict(zip(names, msgspec.json.decode(self.lines[0]), strict=True))


class MemoryStore:
    """Implements both ports, `StateStore` and `StoreWriter`."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {table: {} for table in KEYS}
        self.fail_next: list[Exception] = []
        self.refuses: Callable[[str, dict[str, Any]], bool] = lambda table, row: False
        self.tries = 0

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> MemoryBlock:
        names = list(columns)
        return MemoryBlock(table, [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)])

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> MemoryBlock:
        """What the engine makes of the rows' JSON, column by column."""
        lines = wire.encode(table, rows).splitlines()
        return MemoryBlock(table, [taken_apart(table, line) for line in lines], lines)

    def send(self, block: MemoryBlock) -> None:
        self.tries += 1
        if self.fail_next:
            raise self.fail_next.pop()
        if any(self.refuses(block.table, row) for row in block.held):
            raise RowsRefused(f"Constraint is violated at one of {block.rows} rows", 469)
        table = self.tables[block.table]
        for row in block.held:
            key = tuple(row[name] for name in KEYS[block.table])
            old = table.get(key)
            if old is None or row.get("version", 0) >= old.get("version", 0):
                table[key] = row

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.tables[table].values())

    def is_empty(self) -> bool:
        return not self.tables["cases"] and not self.tables["objects"]

    def objects(self, keys: Sequence[Key]) -> Mapping[Key, ObjectState]:
        table = self.tables["objects"]
        return {key: restore(table[key]) for key in keys if key in table}

    def cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Checkpoint]:
        table = self.tables["cases"]
        found = {key: table.get((key.process, key.id)) for key in keys}
        return {key: self._saved(row) for key, row in found.items() if row is not None}

    def open_cases(self, shards: Iterable[int], limit: int) -> Mapping[CaseKey, Checkpoint]:
        rows = sorted(self._waiting(shards), key=lambda row: -row["version"])
        saved = [(row, self._saved(row)) for row in rows[:limit]]
        return {CaseKey(row["process"], state.type, row["case_id"]): state for row, state in saved}

    def waiting(self, shards: Iterable[int], known: Collection[tuple[str, int]]) -> Mapping[str, Waiting]:
        rows = [
            (row["feed"], row["process"], row["case_id"], row["next_due"] if _version(row) in known else AT_ONCE)
            for row in self._waiting(shards)
        ]
        rows = sorted((row for row in rows if row[3] < NEVER_DUE), key=lambda row: (row[0], row[3]))
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
        return by_feed(pa.table(columns, ["feed", "process", "case_id", "due"]))

    def _waiting(self, shards: Iterable[int]) -> list[dict[str, Any]]:
        wanted, running = set(shards), {"running", "at_risk"}
        rows = [row for row in self.rows("cases") if row["shard"] in wanted]
        return [
            row
            for row in rows
            if row["status"] == "open" or running & set(row["clock.status"]) or "awaited" in row["expect.status"]
        ]

    def events_of_objects(self, keys: Sequence[Key]) -> Mapping[Key, Sequence[Event]]:
        events = self._events().values()
        return {key: [e for e in events if any((r.type, r.id) == key for r in e.objects)] for key in keys}

    def events_of_cases(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, Mapping[str, Event]]:
        events, wanted = self._events(), {(key.process, key.id): key for key in keys}
        found: dict[CaseKey, dict[str, Event]] = {key: {} for key in keys}
        for row in self.rows("case_events"):
            key = wanted.get((row["process"], row["case_id"]))
            if key is not None and not row["withdrawn"]:
                found[key][row["event_id"]] = events[row["event_id"]]
        return found

    @staticmethod
    def _saved(row: Mapping[str, Any]) -> Checkpoint:
        return msgspec.json.decode(row["checkpoint"], type=Checkpoint)

    def _events(self) -> dict[str, Event]:
        return {row["event_id"]: _event(row) for row in sorted(self.rows("events"), key=lambda r: r["position"])}


def _version(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["process"], row["definition_version"]


def _event(row: Mapping[str, Any]) -> Event:
    refs = zip(row["object_types"], row["object_ids"], row["object_qualifiers"], strict=True)
    return Event(
        id=row["event_id"],
        type=row["type"],
        activity=row["activity"],
        time=row["time"],
        started=row["started"],
        source=row["source"],
        feed=row["feed"],
        objects=tuple(ObjectRef(*ref) for ref in refs),
        origin=row["origin"],
        position=row["position"],
        sequence=row["sequence"],
        attributes=msgspec.json.decode(row["attributes"]),
        amount=Amount(row["amount"], row["currency"]) if row["amount"] else None,
        simulated=bool(row["simulated"]),
        trace_id=row["trace_id"],
        trace_source=row["trace_source"],
    )
