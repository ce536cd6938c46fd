"""Spans and events put into a real store, and the health of its hours judged as the workers do it."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from metrics.figures.rules import load_figure_rules
from metrics.health.judging import Done, Judging
from metrics.health.measures import CALLS, EVENTS, MEASURES, PROPAGATION, naming_of
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, HOUR
from tests.integration.health.call_oracle import Call

MONDAY = 2_209_075_200 * 1_000_000
"""Monday, 2 January 2040, 0:00 UTC: the store forgets spans 90 days after they were taken in, by its own clock."""
_SPAN = {"status_message": "", "attributes": "{}", "resource": "{}", "events": "[]", "simulated": 0}
_EVENT = {
    "activity": "", "started": None, "recorded": None, "feed": "", "subject": "", "sequence": 0, "effective_date": "",
    "precision": "instant", "object_types": [], "object_ids": [], "object_qualifiers": [], "attributes": "{}",
    "amount": "", "currency": "", "actor": "", "trace_id": "", "span_id": "", "trace_source": "", "simulated": 0,
}  # fmt: skip


class HealthScene:
    """`now` is the wall clock of a program that judges all measures; `dies_at` a table that it can't write."""

    def __init__(self, client: StoreClient) -> None:
        self.client = client
        self.now = MONDAY + 3 * DAY
        self.dies_at = ""
        self._writer = ClickHouseWriter(client)
        self._positions, self._versions = count(1), count(1 << 40)
        self.prepare = self._writer.prepare
        self.judging = {name: self._judging(name) for name in (CALLS, EVENTS, PROPAGATION)}

    def _judging(self, name: str) -> Judging:
        worker, rules = "spans" if name == CALLS else "cases", load_figure_rules()
        return Judging(self.client, self, worker, [MEASURES[name]], naming_of(None), rules, lambda: self.now)

    def send(self, block: Any) -> None:
        if block.table == self.dies_at:
            raise ConnectionError(self.dies_at)
        self._writer.send(block)

    def bring(self, calls: Iterable[Call], *, ingested: int = 0, position: int = 0) -> list[dict[str, Any]]:
        """Store spans, each at a position of its own unless one is given; returns the rows, to be delivered again."""
        rows = [
            {
                **_SPAN, "trace_id": one.trace, "span_id": one.span, "origin": "test",
                "position": position or next(self._positions),
                "parent_span_id": one.parent, "service": one.service, "name": one.operation, "kind": one.kind,
                "interface": one.interface, "start": one.start * 1000, "duration_ns": one.lasts * 1000,
                "status": "error" if one.failed else "ok", "ingested": ingested or self.now,
            }
            for one in calls
        ]  # fmt: skip
        self.store("spans", rows)
        return rows

    def tell(self, event_id: str, kind: str, at: int, source: str = "/coupa/prod", position: int = 0) -> None:
        place = {"origin": "test", "position": position or next(self._positions)}
        own = {"event_id": event_id, "type": kind, "time": at, "source": source, "ingested": self.now}
        self.store("events", [{**_EVENT, **own, **place}])

    def break_contract(self, event_id: str, kind: str, at: int) -> None:
        place = {"source": "/coupa/prod", "type": kind, "code": "missing", "member": "x", "event_id": event_id}
        said = {"domain": "d", "detail": "", "origin": "test", "position": 1, "simulated": 0, "noted": self.now}
        self.store("contract_breaches", [{**place, **said, "time": at}])

    def lose(self, source: str, at: int) -> None:
        place = {"origin": "test", "position": 1, "topic": "t", "partition": 0, "offset": 1, "reason": "not_json"}
        said = {"detail": "", "source": source, "system": "", "owner": "", "excerpt": "", "headers": [], "bytes": 1}
        kept = {"replay_of": "", "simulated": 0, "sealed_until": 0, "sealed": "", "ingested": at}
        self.store("dead_letters", [{**place, **said, **kept}])

    def hop(self, event_id: str, changed: int, state: str, seen: int | None) -> None:
        """A change in Workday that the identity provider should show within an hour."""
        key = {"subject_type": "worker", "subject_id": "W-1", "field_group": "employment", "target": "identity"}
        about = {"domain": "workforce", "system": "workday", "state": state, "changed": changed, "feed": ""}
        due = {"due": changed + HOUR, "accepted_us": HOUR, "seen": seen, "seen_event_id": "", "simulated": 0}
        version = {"event_id": event_id, "version": next(self._versions), "withdrawn": 0}
        self.store("quality_hops", [{**key, **about, **due, **version}])

    def store(self, table: str, rows: list[dict[str, Any]]) -> None:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        self._writer.send(self._writer.prepare(table, columns))

    def judge(self, name: str = CALLS) -> Done:
        """Rounds until there is nothing to do; what they came to."""
        hours = rows = 0
        while (done := self.judging[name].round(next(self._versions))).hours:
            hours, rows = hours + done.hours, rows + done.rows
            assert hours < 5000, "rounds find the same hours again and again"
        return Done(hours, rows)

    def hours(self, name: str = CALLS) -> list[dict[str, Any]]:
        """The stored rows of a measure."""
        sql = (
            "SELECT *, toUnixTimestamp64Micro(hour) AS hour_us FROM v_health_hours WHERE measure = %(name)s "
            "ORDER BY hour, interface, operation, kind, service"
        )
        return list(self.client.rows(sql, {"name": name}))

    def ended(self, watermark: int) -> None:
        """A file that is through, whose newest row is of this time."""
        feed = {"feed": "file", "phase": "end", "watermark": watermark, "last_seen": self.now, "simulated": 0}
        self.store("feeds", [{**feed, "version": next(self._versions)}])

    def written(self) -> int:
        """The newest version of any row: it grows when something is written."""
        return int(self.client.command("SELECT max(version) FROM health_hours"))

    def behind(self, worker: str, read_until: int) -> None:
        """A partition of the worker has records that nobody has read, from `read_until` on."""
        log = {"incarnation": "log", "previous": "", "seen_at": self.now, "unread": 0, "detail": ""}
        self.store("incarnations", [log])
        place = {"worker": worker, "topic": "t", "partition": 0, "version": next(self._versions), "incarnation": "log"}
        self.store(
            "checkpoints",
            [
                {
                    **place,
                    "committed": 5,
                    "high_water": 9,
                    "watermark": read_until,
                    "flushed_at": self.now,
                    "read_to": self.now,
                    "left_us": -1,
                }
            ],
        )
