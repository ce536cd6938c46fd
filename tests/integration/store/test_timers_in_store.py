"""Timers and expectations on a real store: written, read back without their cases, judged once, shown, alerted."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import time_ns
from typing import Any

import msgspec
import pytest

from metrics.definitions.model import Definition, ExpectRule
from metrics.queries.expectation_rows import CaseExpectation
from metrics.queries.rows import CaseHistory
from metrics.sla.calendar import ALWAYS
from metrics.sla.clock import ClockRule
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import SECOND
from streams.cases.timers import AT_ONCE
from streams.correlation.correlator import Correlator
from streams.correlation.rules import LinkRules
from streams.engine.cache import StateCache
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from tests.fakes.clocked import ASKED, CLOCKED, ORDERED, REFUSED
from tests.fakes.events import event
from tests.fakes.pipeline import open_definition
from tests.integration.alerts.evaluating import Running, plan_of

pytestmark = pytest.mark.store

NOON = 1_767_614_400
"""2026-01-05T12:00:00Z, in seconds."""
_RULE = ClockRule(ALWAYS, 10 * SECOND, 1.0)
_ORDER = ExpectRule(
    "order", ASKED, ORDERED, False, frozenset({REFUSED}), (), lambda _: _RULE, "Order", "/erp/prod", "buyers"
)
EXPECTING: Definition = msgspec.structs.replace(CLOCKED, slas=(), expects=(_ORDER,))
ALERTS = """\
hosts: [{name: 127.0.0.1, private: true}]
receivers: {hook: {webhook: {url: "http://127.0.0.1:9/x", secret: {env: HOOK}}}}
routes: [{name: all, to: hook, group_wait: 0s}]
"""


class Life:
    """A worker's engine on the store, from one start to the next; the time is the test's, in seconds."""

    def __init__(self, store: StoreClient, epoch: int, now: int, *, eager: int = 50_000, version: int = 1) -> None:
        self.now = now * SECOND
        definition = msgspec.structs.replace(EXPECTING, version=version)
        state, plans = ClickHouseState(store), Plans([definition], open_definition)
        self._writer = ClickHouseWriter(store)
        self.engine = Engine(
            Correlator(LinkRules([definition])),
            StateCache(plans, state, eager=eager),
            state,
            Feeds(lambda: self.now),
        )
        self._freezer = Freezer(self._writer, worker="t", epoch=epoch, incarnation="one", clock=lambda: self.now)

    def run(self, *events: Any, now: int | None = None) -> "Life":
        self.now = self.now if now is None else now * SECOND
        asyncio.run(self._run(events))
        return self

    async def _run(self, events: Sequence[Any]) -> None:
        await self.engine.take(events)
        harvest = await self.engine.harvest()
        frozen = self._freezer.freeze_cases(harvest, {})
        for block in (*frozen.facts, *frozen.state):
            self._writer.send(block)
        self.engine.release(harvest)

    def start(self) -> "Life":
        asyncio.run(self.engine.start(range(256)))
        return self


def happens(activity: str, name: str, at: int) -> Any:
    """An event that came just now, or its retention would be over."""
    return msgspec.structs.replace(event(activity, at, ("requisition", name)), ingested=time_ns() // 1000)


def asked(name: str, at: int) -> Any:
    return happens("asked", name, at)


def told(store: StoreClient) -> list[tuple[str, str, str, int]]:
    """Rows, not merged ones: a second row of the same exception would show."""
    sql = """SELECT case_id, status, cause, toUnixTimestamp64Micro(at) AS at FROM expectation_transitions
             ORDER BY version, case_id"""
    return [(row["case_id"], row["status"], row["cause"], row["at"] // SECOND) for row in store.rows(sql, {})]


def test_an_exception_is_told_once_by_a_worker_that_knew_the_case_by_its_timer_alone(store: StoreClient) -> None:
    first = Life(store, 1, NOON).start().run(asked("R", NOON), asked("kept", NOON), asked("late", NOON + 50))
    first.run(happens("ordered", "kept", NOON + 5), now=NOON + 6)
    again = Life(store, 2, NOON + 8, eager=0).start()
    (waiting,) = ClickHouseState(store).waiting(range(256), {("ordering", 1)}).values()
    assert waiting.ids.to_pylist() == ["R", "late"]
    assert waiting.dues.to_pylist() == [(NOON + 10) * SECOND, (NOON + 60) * SECOND]
    assert (len(again.engine.cache.cases), again.engine.wake()) == (0, 0)
    again.run(now=NOON + 20).run(now=NOON + 30)
    Life(store, 3, NOON + 40, eager=0).start().run()
    assert told(store) == [("kept", "seen", "event", NOON + 5), ("R", "unseen", "timer", NOON + 10)]
    shown = Queries(store).rows("case_expectations", CaseExpectation, process="ordering", case_id="R")
    due = (NOON + 10) * SECOND
    assert shown == [CaseExpectation("order", "unseen", NOON * SECOND, due, None, "/erp/prod", "buyers")]


def test_a_message_that_proves_it_came_in_time_takes_the_exception_back_visibly(store: StoreClient) -> None:
    life = Life(store, 1, NOON).start().run(asked("R", NOON)).run(now=NOON + 20)
    life.run(happens("noted", "R", NOON + 21), now=NOON + 22)
    life.run(happens("ordered", "R", NOON + 5), now=NOON + 25)
    assert [row[1] for row in told(store)] == ["unseen", "seen"]
    (row,) = store.rows("SELECT status FROM v_expectations", {})
    assert row["status"] == "seen"
    history = Queries(store).rows("case_history", CaseHistory, process="ordering", case_id="R")
    assert [one.new_status for one in history if one.kind == "expected"] == ["seen", "unseen"], "the newest first"


def test_a_case_of_a_definition_that_is_gone_is_due_at_once_and_goes_on_under_the_newest(store: StoreClient) -> None:
    Life(store, 1, NOON).start().run(asked("R", NOON))
    (waiting,) = ClickHouseState(store).waiting(range(256), {("ordering", 2)}).values()
    assert waiting.dues.to_pylist() == [AT_ONCE]
    Life(store, 2, NOON + 1, eager=0, version=2).start().run()
    (row,) = store.rows("SELECT definition_version FROM v_cases", {})
    assert row["definition_version"] == 2
    (waiting,) = ClickHouseState(store).waiting(range(256), {("ordering", 2)}).values()
    assert waiting.dues.to_pylist() == [(NOON + 10) * SECOND]


def test_who_should_have_told_it_is_the_cause_of_one_alert_for_all_its_cases(
    store: StoreClient, tmp_path: Path
) -> None:
    life = Life(store, 1, NOON).start()
    life.run(*(asked(f"R{number}", NOON) for number in range(40)), happens("ordered", "R7", NOON + 5))
    life.run(now=NOON + 20)
    run = Running(store, plan_of(tmp_path, ALERTS))
    for at in (NOON + 30, NOON + 60):
        run.round(at * SECOND)
    (alert,) = (one for one in run.alerts() if one["kind"] == "unseen")
    assert (alert["cause"], alert["count"], alert["owner"]) == ("/erp/prod", 39, "buyers")
    (row,) = store.rows("SELECT detail FROM alerts FINAL WHERE kind = 'unseen'", {})
    assert "/erp/prod has not told order of 39 cases" in row["detail"]
