"""The evaluator's parts on a real store, driven by hand: a round is a call, the time is the test's."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from metrics.alerts.condition import Names
from metrics.alerts.links import linker
from metrics.alerts.ownership import Ownership
from metrics.alerts.plan import Plan
from metrics.alerts.reading import read_plan
from metrics.alerts.round import Rounds
from metrics.alerts.state import AlertStore, Queued
from metrics.definitions.load import load
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter

names = count()


def plan_of(folder: Path, text: str) -> Plan:
    """The plan of an alerts file."""
    path = folder / "alerts.yaml"
    path.write_text(text)
    return read_plan(path, load().calendars)


class Died(BaseException):
    """The program was killed."""


class DyingWriter:
    """Writes until `left` writes are made, and dies before the next; None: lives."""

    def __init__(self, writer: ClickHouseWriter) -> None:
        self._writer = writer
        self.left: int | None = None

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        if self.left is not None:
            if not self.left:
                raise Died
            self.left -= 1
        self._writer.insert(table, columns)


class Running:
    """One evaluator after the other on one store; `restart` is a new program that knows nothing."""

    def __init__(self, client: StoreClient, plan: Plan) -> None:
        self.client = client
        self.plan = plan
        self.reader = Queries(client, seconds=60)
        self.ownership: Ownership | None = None
        self.restart()

    def restart(self, now: int = 0) -> None:
        writer = ClickHouseWriter(self.client)
        if self.ownership is not None:
            self.ownership.release()
        self.ownership = Ownership(self.reader, writer, f"test-{next(names)}", lambda: 0.0)
        assert self.ownership.take()
        self.writer = DyingWriter(writer)
        self.store = AlertStore(self.reader, self.writer, self.ownership)
        link = linker(self.plan.link)
        self.rounds = Rounds(self.plan, Names(load(), self.plan.interfaces), self.reader, self.store, link)
        self.rounds.load(now)

    def round(self, now: int) -> list[Queued]:
        return self.rounds.run(now).queued

    def alerts(self, status: str = "firing") -> list[dict[str, Any]]:
        sql = """SELECT kind, process, cause_kind, cause, count, amounts, simulated, owner FROM v_alerts
                 WHERE status = %(status)s ORDER BY kind, process, cause, simulated"""
        return list(self.client.rows(sql, {"status": status}))


def told(messages: Iterable[Queued]) -> list[tuple[str, str, int]]:
    """(receiver, status, alerts) of messages."""
    return [
        (one.message.receiver, "resolved" if one.message.is_resolved else "firing", len(one.message.alerts))
        for one in messages
    ]
