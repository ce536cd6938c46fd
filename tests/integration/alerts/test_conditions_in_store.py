"""Conditions beside cases: what comes in and cannot be used, exceptions, receivers that are away."""

from collections.abc import Callable
from pathlib import Path
from time import time_ns
from typing import Any

import pyarrow as pa
import pytest

from metrics.store.client import StoreClient
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, MINUTE, SECOND
from tests.integration.alerts.evaluating import Running, plan_of, told

pytestmark = pytest.mark.store

FILE = """\
hosts: [{name: 127.0.0.1, private: true}]
receivers: {hook: {webhook: {url: "http://127.0.0.1:9/x", secret: {env: HOOK}}}}
routes: [{name: all, to: hook, group_wait: 0s}]
"""
NOW = time_ns() // 1000


def insert(store: StoreClient, table: str, *rows: dict[str, Any]) -> None:
    """Rows of a table; what a row does not say is empty."""
    empty = {
        field.name: 0 if pa.types.is_integer(field.type) else NOW if pa.types.is_timestamp(field.type) else
        b"" if pa.types.is_binary(field.type) else [] if pa.types.is_list(field.type) else ""
        for field in TABLES[table]
    }  # fmt: skip
    ClickHouseWriter(store).insert(table, {name: [(empty | row)[name] for row in rows] for name in empty})


@pytest.fixture
def running(store: StoreClient, tmp_path: Path) -> Callable[[], Running]:
    return lambda: Running(store, plan_of(tmp_path, FILE))


def found(run: Running) -> dict[str, tuple[str, int, str]]:
    return {one["kind"]: (one["cause"], one["count"], one["owner"]) for one in run.alerts()}


def test_what_comes_in_and_cannot_be_used_is_told(store: StoreClient, running: Callable[[], Running]) -> None:
    letters = [{"position": n, "source": "/coupa/prod", "reason": "not_json", "ingested": NOW} for n in range(21)]
    insert(store, "dead_letters", *letters, {"position": 99, "source": "/quiet", "reason": "not_json"})
    insert(
        store, "source_pauses", {"source": "/hr/prod", "version": 1, "paused": 1, "cause": "limit", "detail": "51 %"}
    )
    breach = {"source": "/sap/prod", "type": "t", "code": "missing", "domain": "financial", "noted": NOW}
    insert(store, "contract_breaches", *({**breach, "event_id": f"e{n}", "simulated": 1} for n in range(3)))
    insert(
        store, "files", {"system": "bank", "name": "f", "content": "c", "state": "refused", "faulty": 1, "seen": NOW}
    )
    run = running()
    run.round(NOW + SECOND)
    assert found(run) == {
        "dead_letters": ("/coupa/prod", 21, ""),
        "source_paused": ("/hr/prod", 1, ""),
        "contract": ("/sap/prod", 3, "financial"),
        "file_exception": ("bank", 1, ""),
    }
    assert {one["kind"] for one in run.alerts() if one["simulated"]} == {"contract"}
    run.round(NOW + 20 * MINUTE)
    run.round(NOW + 22 * MINUTE)
    left = set(found(run))
    assert left - {"receiver_away"} == {"source_paused", "file_exception"}, "a surge that is over is resolved"


def test_open_exceptions_of_data_quality_go_to_their_owner(store: StoreClient, running: Callable[[], Running]) -> None:
    finding = {"kind": "duplicate", "domain": "supplier", "owner": "supplier_management", "state": "open", "said": "[]"}
    insert(store, "quality_findings", *({**finding, "finding_id": f"{n:016x}"} for n in range(21)))
    run = running()
    run.round(NOW)
    assert found(run)["data_quality"] == ("supplier", 21, "supplier_management")


def test_violated_guards_are_one_alert_a_guard_until_somebody_looks_at_them(
    store: StoreClient, running: Callable[[], Running]
) -> None:
    wrong = {
        "kind": "guard", "domain": "buying", "owner": "procurement", "field": "buying/four_eyes", "state": "open",
        "said": "[]", "severity": "critical", "title": "Own approval", "evidence": "[]", "opened": NOW - DAY,
    }  # fmt: skip
    insert(store, "quality_findings", *({**wrong, "finding_id": f"{n:016x}", "target": f"a/{n}"} for n in range(3)))
    insert(store, "quality_findings", {**wrong, "finding_id": "old", "opened": NOW - 31 * DAY})
    run = running()
    run.round(NOW)
    assert found(run) == {"guard": ("four_eyes", 3, "procurement")}
    (alert,) = run.alerts()
    assert (alert["process"], alert["cause_kind"]) == ("buying", "guard")


def test_a_receiver_that_takes_nothing_for_five_minutes_is_told_of(
    store: StoreClient, running: Callable[[], Running]
) -> None:
    insert(store, "source_pauses", {"source": "/hr/prod", "version": 1, "paused": 1, "cause": "operator"})
    run = running()
    (waiting,) = run.round(NOW)
    run.round(NOW + 5 * MINUTE)
    assert "receiver_away" not in found(run)
    messages = run.round(NOW + 5 * MINUTE + SECOND)
    assert found(run)["receiver_away"] == ("hook", 1, "")
    assert told(messages) == [("hook", "firing", 1)]
    run.store.save_messages([waiting, *messages], "delivered", settled=NOW)
    run.round(NOW + 6 * MINUTE)
    assert "receiver_away" not in found(run)
