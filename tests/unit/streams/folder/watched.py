"""A watched folder with a store and a broker of its own, all in memory but the files."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from metrics.privacy.guard import Guard
from metrics.words import Amount
from streams import topics
from streams.folder.bringing import Bringing
from streams.folder.checking import Checking
from streams.folder.figures import Figure, Removed
from streams.folder.judging import Judge
from streams.folder.ledger import Entry, Ledger
from streams.folder.listing import Folder
from streams.folder.readiness import Readiness
from streams.folder.systems import Systems
from streams.folder.watching import Watching
from streams.producer import Outgoing
from streams.sources.message import Message

DEPOT = """
mapping: depot
title: Depot
source: /depot
evidence: {inferred: [all of it]}
inputs: {csv: {delimiter: ';', header_row: true}}
defaults: {zone: UTC, currency: =EUR}
messages:
  order:
    key: {type: purchase_order, id: nr}
    identity: nr
    time: at
    amount: amount
    attributes: {line: $line}
    rules: {created: {type: purchase_order.created.v1, evidence: inferred}}
"""
TOTALLED = """
mapping: totalled
title: Totalled
source: /totalled
evidence: {inferred: [all of it]}
inputs:
  fixed:
    lines:
      head: {starts: H, columns: {day: 2-11}}
      detail: {starts: D, columns: {nr: 2-7, amount: 8-15}}
      trailer: {starts: T, columns: {rows: 2-7, total: 8-19}}
    control: {count: rows, sums: {amount: total}}
defaults: {zone: UTC, currency: =EUR}
messages:
  order:
    key: {type: purchase_order, id: nr}
    identity: nr
    time: $head.day
    amount: amount
    attributes: {line: $line, rows: $trailer.rows}
    rules: {created: {type: purchase_order.created.v1, evidence: inferred}}
"""


def orders(*numbers: int, amount: str = "1.50") -> bytes:
    """A file of the system `depot`."""
    return b"nr;at;amount\n" + b"".join(b"%d;2026-03-01T00:00:00Z;%s\n" % (nr, amount.encode()) for nr in numbers)


def totalled(count: int, *, rows: int | None = None, cents: int | None = None) -> bytes:
    """A file of the system `totalled`, each row of 1.50, with a trailer that may lie."""
    told = Decimal(count * 150 if cents is None else cents) / 100
    body = b"".join(b"D%06d00001.50\n" % nr for nr in range(count))
    return b"H2026-03-01\n" + body + b"T%06d%012.2f\n" % (count if rows is None else rows, told)


class MemoryStore:
    """The tables of the ledger, and the events that workers have stored."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str, str], Entry] = {}
        self.file_events: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self.stored: dict[str, Amount | None] = {}
        self.written: list[list[str]] = []

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        if table == "file_events":
            for row in rows:
                self.file_events.setdefault((row["system"], row["content"]), {})[row["event_id"]] = row
            return
        self.written.append([f"{row['name']}: {row['state']}" for row in rows])
        for row in rows:
            stamps = {f"{name}_us": row.pop(name) for name in ("seen", "sent", "checked")}
            entry = Entry(**row, **stamps)
            assert entry.version > getattr(self.files.get(entry.key), "version", 0)
            self.files[entry.key] = entry

    def rows(self, name: str, row_type: type[Any], /, **asked: Any) -> list[Any]:
        if name == "folder_ledger":
            return list(self.files.values())
        if name == "folder_removed":
            old, new = (self.file_events.get((asked["system"], asked[one]), {}) for one in ("old", "new"))
            gone = [row for id, row in old.items() if id not in new]
            names = ("event_id", "row", "type", "subject", "amount", "currency")
            return [Removed(**{name: row[name] for name in names}, total=len(gone)) for row in gone][: asked["limit"]]
        return self._figures(self.file_events.get((asked["system"], asked["content"]), {}))

    def _figures(self, events: Mapping[str, dict[str, Any]]) -> list[Figure]:
        found = []
        for currency in sorted({row["currency"] for row in events.values()}):
            own = {id: row for id, row in events.items() if row["currency"] == currency}
            there = [amount for id in own if (amount := self.stored.get(id)) is not None]
            money = sum((Decimal(row["amount"] or 0) for row in own.values()), Decimal(0))
            kept = sum((Decimal(amount.value) for amount in there), Decimal(0))
            stored = sum(id in self.stored for id in own)
            found.append(Figure(currency, len(own), stored, str(money), str(kept)))
        return found


class MemoryBroker:
    """Takes messages; `fails` is raised once by the next flush."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []
        self.fails: Exception | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None:
        assert topic == topics.NATIVE
        self.messages += records

    async def flush(self) -> None:
        if self.fails is not None:
            error, self.fails = self.fails, None
            raise error


class Watched:
    """The program, round by round; `later` moves the clocks. A new one on the same folder is a restart."""

    def __init__(
        self,
        folder: Path,
        store: MemoryStore | None = None,
        *,
        rows: int = 100,
        archive: Path | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.root, self.mappings = folder / "watched", folder / "mappings"
        for text in (DEPOT, TOTALLED):
            name = text.split()[1]
            (self.root / name).mkdir(parents=True, exist_ok=True)
            self.mappings.mkdir(exist_ok=True)
            if not (self.mappings / f"{name}.yaml").exists():
                (self.mappings / f"{name}.yaml").write_text(text)
        self.store, self.broker, self.seconds = store or MemoryStore(), MemoryBroker(), 1_000.0
        self.stages: list[str] = []
        self.told: list[Entry] = []
        self.ledger = Ledger(self.store, self.store, self.clock)
        judge = Judge(self.store, self.clock, False, rows, lambda what, done, total: None, lambda: None, guard)
        self.systems = Systems((self.mappings,))
        self.watching = Watching(
            Folder(self.root), self.systems, Readiness(60, lambda: self.seconds), self.ledger,
            Bringing(self.ledger, self.store, judge, self.connect, self.clock, False, self.stages.append),
            Checking(self.ledger, self.store, 600, lambda: self.seconds, self.clock), self.told.append,
            lambda _: None, 1 << 30, archive=archive,
        )  # fmt: skip

    def clock(self) -> int:
        return int(self.seconds * 1_000_000)

    async def connect(self) -> MemoryBroker:
        return self.broker

    def put(self, name: str, content: bytes, system: str = "depot") -> Path:
        path = self.root / system / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def round(self, later: float = 0.0) -> bool:
        self.seconds += later
        return asyncio.run(self.watching.round(asyncio.Event()))

    def settle(self) -> None:
        """A first look, and one after the quiet time."""
        self.round()
        self.round(later=61)

    def work(self) -> None:
        """What a worker makes of every message on the topic."""
        for number, (_, body, headers, _, _) in enumerate(self.broker.messages):
            told = {name: value.decode() for name, value in headers}
            system = self.systems.get(told["fg-system"])
            outcome = system.map(Message(body or b"", told, position=number))
            self.store.stored |= {event.id: event.amount for event in outcome.events}

    def entry(self, name: str, system: str = "depot") -> Entry:
        """The newest entry of a name."""
        found = [one for one in self.store.files.values() if (one.system, one.name) == (system, name)]
        return max((one for one in found if one.state != "settled"), key=lambda one: (one.seen_us, one.version))

    def states(self) -> list[str]:
        """`name: state` of everything that counts, sorted."""
        return sorted(f"{one.name}: {one.state}" for one in self.store.files.values() if one.state != "settled")


def manifest(content: bytes, **changes: object) -> bytes:
    told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} | changes
    return json.dumps(told).encode()
