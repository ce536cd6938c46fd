"""The embedded broker reaches its limit while the simulated group sends: nothing is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from streams.broker import embedded
from streams.broker.trim import resident_bytes
from streams.runtime.renewal import MIB
from streams.runtime.stack import declare_topics
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults.stack import wait_until
from tests.integration.runtime.up_process import PATIENCE, ROOT, Up
from tests.unit.streams.simulator.told import Heard, hear

pytestmark = pytest.mark.timeout(900)

DAYS = 20
GROWTH_MIB = 2
"""The history of 20 days takes more than twice that of the broker's memory."""
Milestones = dict[tuple[str, str], dict[str, int]]
"""(process, case) → milestone → how often."""
REPLACED = "an empty broker took over; nothing was unread"


@pytest.fixture
def limit(tmp_path: Path) -> str:
    """A little above what an empty broker holds on this machine, in MiB."""
    with embedded.start(embedded.free_port(), tmp_path / "empty.log") as empty:
        declare_topics(empty.address, 4)
        return str(-(-resident_bytes(empty.pid) // MIB) + GROWTH_MIB)


def test_a_broker_that_is_full_is_replaced_and_every_event_is_in_the_store(tmp_path: Path, limit: str) -> None:
    data = tmp_path / "data"
    settings = {"FLOWGLASS_BROKER_LIMIT_MIB": limit, "FLOWGLASS_PRIVACY": "off"}
    with Up(data, "--days", str(DAYS), settings=settings) as up:
        wait_until(lambda: up.said().count(REPLACED) >= 1, within=PATIENCE)
        store = connect_url(json.loads((data / "run.json").read_text())["store"], DEFAULT_DATABASE)
        plan = plan_of(data)
        history = hear(plan)  # once more: equal plans give equal messages
        events = {*history.loaded, *history.mapped}
        wait_until(lambda: not events - ids(store, "SELECT event_id FROM v_events"), within=PATIENCE)
        wait_until(lambda: not history.spans - ids(store, "SELECT concat(trace_id, span_id) FROM v_spans"))
        true = true_milestones(history)
        wait_until(
            lambda: not milestones(store, plan.anchor, only_unlike=true), within=PATIENCE, every=1
        )  # links follow
        assert len(milestones(store, plan.anchor)) > len(true) / 2
        wait_until(lambda: unread(store) == [0] * (up.said().count(REPLACED) + 1), within=PATIENCE, every=1)
        logs = len(unread(store))
        assert any(f"{count} so far" in doctor(data) for count in (logs, logs + 1))
        store.close()
        assert "died" not in up.said(), "a renewal is no death"
        assert up.stop() == 0, up.said()


def unread(store: StoreClient) -> list[int]:
    """How many records were unread when each log ended."""
    return [row["unread"] for row in store.rows("SELECT unread FROM v_incarnations", {})]


def ids(store: StoreClient, sql: str) -> set[str]:
    return {str(value) for row in store.rows(sql, {}) for value in row.values()}


def plan_of(data: Path) -> SimulationPlan:
    """What the run of a data directory is made from."""
    run = json.loads((data / "simulator" / "state.json").read_text())
    carriers, disorder = DISORDERS[run["disorder"]]
    same = {name: run[name] for name in ("seed", "anchor", "days", "load", "speed", "native", "native_days")}
    return SimulationPlan(carriers=carriers, disorder=disorder, **same)


def true_milestones(history: Heard) -> Milestones:
    """The steps of each case, counted."""
    return {
        (record["process"], record["case"]): {name: count for name, _, _, count in record["milestones"]}
        for record in history.of("case")
    }


def milestones(store: StoreClient, until: int, only_unlike: Milestones | None = None) -> Milestones:
    """The steps of each case that nothing happened to since; or of those that differ from others."""
    sql = """SELECT process, case_id, `milestone.name` AS name, `milestone.count` AS count FROM v_cases
             WHERE notEmpty(name) AND toUnixTimestamp64Micro(arrayMax(`milestone.last`)) <= %(until)s"""
    found = store.rows(sql, {"until": until})
    cases = {(row["process"], row["case_id"]): dict(zip(row["name"], row["count"], strict=True)) for row in found}
    return {key: names for key, names in cases.items() if only_unlike is None or names != only_unlike.get(key)}


def doctor(data: Path) -> str:
    """What `flowglass doctor` prints about the running stack."""
    command = [sys.executable, "-m", "metrics.cli", "doctor"]
    environment = {"FLOWGLASS_DATA_DIR": str(data), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout
