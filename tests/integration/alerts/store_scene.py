"""Cases in trouble, written into a real store as workers leave them: clocks, feeds, calls that fail."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from metrics.store.client import StoreClient
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import HOUR, MINUTE, SECOND

FEED = "erp"


class StoredCase(NamedTuple):
    """A case whose one clock stands at `status`; `interface` is the one that failed it, '' for none."""

    process: str
    case_id: str
    interface: str = ""
    status: str = "breached"
    state: str = "waiting"
    amount: str = "10.00"
    sla: str = "approval"
    feed: str = FEED
    open: bool = True
    simulated: bool = False
    failed: bool = True
    failed_ago: int = 30 * MINUTE
    by_object: bool = False
    """The call names one of the case's objects; else its trace brought one of the case's events."""


class StoreScene:
    """Writes rows; `now` in microseconds."""

    def __init__(self, client: StoreClient, now: int) -> None:
        self._client = client
        self._writer = ClickHouseWriter(client)
        self._now = now
        self._version = 0

    def feed(self, name: str = FEED, phase: str = "live", simulated: bool = False, seen: int | None = None) -> None:
        self._version += 1
        at = self._now if seen is None else seen
        self._insert(
            "feeds",
            [{"feed": name, "version": self._version, "phase": phase, "watermark": at, "last_seen": at,
              "simulated": int(simulated)}],
        )  # fmt: skip

    def flushed(self, worker: str, at: int, unread: int = 0) -> None:
        self._version += 1
        self._insert(
            "incarnations",
            [{"incarnation": "log", "previous": "", "seen_at": self._now, "unread": 0, "detail": ""}],
        )
        self._insert(
            "checkpoints",
            [{"worker": worker, "topic": "t", "partition": 0, "version": self._version, "incarnation": "log",
              "committed": 10, "high_water": 10 + unread, "watermark": at, "flushed_at": at, "read_to": at,
              "left_us": -1}],
        )  # fmt: skip

    def cases(self, cases: Sequence[StoredCase]) -> None:
        """The cases as they stand now; written again, they replace what was there."""
        self._version += 1
        self._insert("cases", [self._case(one) for one in cases])
        failed = [one for one in cases if one.interface]
        if failed:
            self._link([one for one in failed if one.by_object])
            self._insert("case_events", [self._event(one) for one in failed if not one.by_object])
            self._insert("spans", [self._span(index, one) for index, one in enumerate(failed)])

    def _case(self, one: StoredCase) -> dict[str, Any]:
        since, deadline = self._now - HOUR, self._now - MINUTE
        empty: dict[str, Any] = {name: [] for name in TABLES["cases"].names if "." in name}
        clock = {
            "clock.name": [one.sla],
            "clock.status": [one.status],
            "clock.started": [since],
            "clock.stopped": [None if one.status in ("breached", "at_risk", "running") else self._now],
            "clock.at_risk_at": [deadline - MINUTE],
            "clock.deadline": [deadline],
            "clock.gross_us": [HOUR],
            "clock.net_us": [HOUR],
            "clock.target_us": [HOUR],
            "clock.pauses": ["[]"],
        }
        plain = {
            "process": one.process, "case_id": one.case_id, "shard": 0, "version": self._version, "revision": 1,
            "definition_version": 1, "feed": one.feed, "status": "open" if one.open else "closed", "outcome": "",
            "state": one.state, "state_since": since, "first_time": since, "last_time": since, "first_started": since,
            "events": 1, "variant": 0, "facility": "north", "department": "", "owner": "procurement",
            "amount": one.amount, "currency": "USD" if one.amount else "", "attributes": "{}",
            "conformance_rules": 0, "next_due": 0, "simulated": int(one.simulated), "checkpoint": "",
        }  # fmt: skip
        return plain | empty | clock

    def _event(self, one: StoredCase) -> dict[str, Any]:
        return {
            "process": one.process, "case_id": one.case_id, "event_id": f"e-{one.case_id}", "version": self._version,
            "withdrawn": 0, "time": self._now - HOUR, "started": None, "rank": 0, "sequence": 0, "type": "t",
            "activity": "a", "source": "s", "trace_id": trace_of(one), "trace_source": "event",
        }  # fmt: skip

    def _link(self, cases: Sequence[StoredCase]) -> None:
        """Objects of the cases, and the spans' word about them."""
        object_type = "requisition"
        self._insert(
            "span_refs",
            [{"object_type": object_type, "object_id": one.case_id, "trace_id": trace_of(one), "span_id": "0",
              "carrier": "attribute", "key": "k", "start": (self._now - one.failed_ago) * 1000, "ingested": self._now}
             for one in cases],
        )  # fmt: skip
        empty: dict[str, Any] = {name: [] for name in TABLES["objects"].names if "." in name}
        self._insert(
            "objects",
            [empty | {"object_type": object_type, "object_id": one.case_id, "shard": 0, "version": self._version,
                      "capped": 0, "simulated": 0, "link.process": [one.process], "link.case_type": [object_type],
                      "link.case_id": [one.case_id], "link.via_type": [""], "link.via_id": [""],
                      "link.event_id": ["e"], "link.proof_us": [0], "link.kept": [1]}
             for one in cases],
        )  # fmt: skip

    def _span(self, index: int, one: StoredCase) -> dict[str, Any]:
        return {
            "trace_id": trace_of(one), "span_id": f"{self._version:08x}{index:08x}", "origin": "o",
            "position": self._version << 32 | index,
            "parent_span_id": "", "service": "s", "name": "call", "kind": "client", "interface": one.interface,
            "start": (self._now - one.failed_ago) * 1000, "duration_ns": SECOND,
            "status": "error" if one.failed else "ok",
            "status_message": "", "attributes": "{}", "resource": "{}", "events": "[]", "ingested": self._now,
            "simulated": int(one.simulated),
        }  # fmt: skip

    def _insert(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        self._writer.insert(table, {name: [row[name] for row in rows] for name in TABLES[table].names})


def trace_of(one: StoredCase) -> str:
    """The trace that brought the case's event."""
    return f"{abs(hash((one.process, one.case_id))) % (1 << 64):032x}"
