"""On a real store: deviations that come and heal, and clocks that nobody can judge while a feed is dead."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metrics.store.client import StoreClient
from metrics.words import DAY, MINUTE, SECOND
from tests.integration.alerts.evaluating import Running, plan_of, told
from tests.integration.alerts.test_conditions_in_store import FILE, NOW, insert

pytestmark = pytest.mark.store

INHIBIT = """\
inhibit:
  - {name: silent_over_clocks, while: {kind: source_silent}, hold: {kind: [breach, at_risk, burn]}, fed: true}
"""
RULE = "po_issued after po_approved each purchase_order"


@pytest.fixture
def running(store: StoreClient, tmp_path: Path) -> Callable[[], Running]:
    return lambda: Running(store, plan_of(tmp_path, FILE + INHIBIT))


def case(id_: str, version: int, **changes: Any) -> dict[str, Any]:
    return {
        "process": "requisition_to_pay", "case_id": id_, "version": version, "feed": "erp", "status": "open",
        "state": "ordered", "first_time": NOW - DAY, "last_time": NOW - MINUTE, "owner": "procurement",
        "amount": "10.00", "currency": "USD", "attributes": "{}", "conformance_rules": 5,
    } | changes  # fmt: skip


def astray(kind: str, at: int) -> dict[str, Any]:
    return {
        "deviation.kind": [kind], "deviation.rule": [RULE], "deviation.milestone": ["po_issued"],
        "deviation.object": ["P1"], "deviation.at": [at], "deviation.event_id": ["e"], "deviation.count": [1],
    }  # fmt: skip


def late(sla: str) -> dict[str, Any]:
    return {
        "clock.name": [sla], "clock.status": ["breached"], "clock.started": [NOW - DAY], "clock.stopped": [None],
        "clock.at_risk_at": [NOW - DAY], "clock.deadline": [NOW - MINUTE], "clock.gross_us": [DAY],
        "clock.net_us": [DAY], "clock.target_us": [DAY], "clock.pauses": ["[]"],
    }  # fmt: skip


def firing(run: Running, kind: str) -> list[tuple[str, int]]:
    return [(one["cause"], one["count"]) for one in run.alerts() if one["kind"] == kind]


def test_a_deviation_is_told_until_a_late_event_heals_it(store: StoreClient, running: Callable[[], Running]) -> None:
    insert(store, "feeds", {"feed": "erp", "version": 1, "phase": "live", "last_seen": NOW + DAY})
    insert(store, "cases", *(case(f"R{n}", 1, **astray("missing", NOW - MINUTE)) for n in range(3)))
    insert(store, "cases", case("old", 1, **astray("missing", NOW - 8 * DAY)))
    run = running()
    run.round(NOW)
    messages = run.round(NOW + 15 * SECOND)
    assert firing(run, "deviation") == [(f"missing: {RULE}", 3)]
    assert told(messages) == [("hook", "firing", 1)]
    insert(store, "cases", *(case(f"R{n}", 2) for n in range(3)))
    run.round(NOW + 20 * SECOND)
    run.round(NOW + 81 * SECOND)
    assert firing(run, "deviation") == []


def test_a_clock_is_not_told_while_the_feed_that_stops_it_is_silent(
    store: StoreClient, running: Callable[[], Running]
) -> None:
    insert(store, "feeds", {"feed": "erp", "version": 1, "phase": "live", "last_seen": NOW + DAY})
    sent = {"type": "purchase_order.issued.v1", "activity": "purchase_order.issued.v1", "feed": "erp"}
    events = [sent | {"event_id": f"e{n}", "source": "/coupa/prod", "time": NOW - DAY} for n in range(5)]
    insert(store, "events", *events, sent | {"event_id": "x", "source": "/ariba/prod", "time": NOW - DAY})
    dead = {"feed": "coupa", "version": 1, "state": "silent", "phase": "live", "last": NOW - DAY, "judged_until": NOW,
            "expected": None}  # fmt: skip
    insert(store, "feed_standings", dead)
    insert(store, "cases", case("R1", 1, **late("po_release")))
    run = running()
    for second in (0, 15, 20):
        messages = run.round(NOW + second * SECOND)
    assert firing(run, "breach") == [("ordered", 1)]
    sql = "SELECT reason FROM v_alert_log WHERE code = 'inhibited'"
    (line,) = store.rows(sql, {})
    assert "not sent: feed coupa is silent" in line["reason"]
    assert told(messages) == []
    insert(store, "cases", case("R2", 1, **late("po_acknowledgement")))
    assert told(run.round(NOW + 40 * SECOND)) == [("hook", "firing", 1)], "a clock that another feed stops is told"
