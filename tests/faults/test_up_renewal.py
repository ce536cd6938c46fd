"""The embedded broker reaches its limit again and again while the simulated group sends: nothing is lost."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from streams.broker import embedded
from streams.broker.trim import resident_bytes
from streams.runtime.renewal import MIB
from streams.runtime.stack import declare_topics
from tests.faults.stack import wait_until
from tests.integration.runtime.up_process import PATIENCE, ROOT, Up

pytestmark = pytest.mark.timeout(900)

DAYS = 32
GROWTH_MIB = 2
"""The history of 32 days takes some 7 MiB of the broker's memory."""
REPLACED = "an empty broker took over; nothing was unread"


@pytest.fixture
def limit(tmp_path: Path) -> str:
    """A little above what an empty broker holds on this machine, in MiB."""
    with embedded.start(embedded.free_port(), tmp_path / "empty.log") as empty:
        declare_topics(empty.address, 4)
        return str(-(-resident_bytes(empty.pid) // MIB) + GROWTH_MIB)


def test_a_broker_that_is_full_is_replaced_and_every_event_is_in_the_store(tmp_path: Path, limit: str) -> None:
    data = tmp_path / "data"
    with Up(data, "--days", str(DAYS), settings={"FLOWGLASS_BROKER_LIMIT_MIB": limit}) as up:
        wait_until(lambda: up.said().count(REPLACED) >= 2, within=PATIENCE)
        store = connect_url(json.loads((data / "run.json").read_text())["store"], DEFAULT_DATABASE)
        history = play_again(data, tmp_path / "history")
        wait_until(lambda: not history.events - ids(store, "SELECT event_id FROM v_events"), within=PATIENCE)
        wait_until(lambda: not history.spans - ids(store, "SELECT concat(trace_id, span_id) FROM v_spans"))
        cases = milestones(store, history.anchor)
        assert len(cases) > len(history.cases) / 2
        assert {key: names for key, names in cases.items() if names != history.cases[key]} == {}
        logs = list(store.rows("SELECT unread FROM v_incarnations", {}))
        assert [row["unread"] for row in logs] == [0] * (up.said().count(REPLACED) + 1)
        assert f"{len(logs)} so far" in doctor(data)
        store.close()
        assert "died" not in up.said(), "a renewal is no death"
        assert up.stop() == 0, up.said()


def ids(store: StoreClient, sql: str) -> set[str]:
    return {str(value) for row in store.rows(sql, {}) for value in row.values()}


class History(NamedTuple):
    """What the simulated group really sent up to `anchor` (microseconds): ids, and the steps of each case, counted."""

    anchor: int
    events: set[str]
    spans: set[str]
    cases: dict[tuple[str, str], dict[str, int]]


def play_again(data: Path, out: Path) -> History:
    """The history of a run once more, into files: a seed and an anchor give the same events."""
    run = json.loads((data / "simulator" / "state.json").read_text())
    anchor = datetime.fromtimestamp(run["anchor"] / 1e6, UTC).isoformat()
    told = ["--seed", run["seed"], "--days", run["days"], "--anchor", anchor, "--speed", run["speed"], "--out", out]
    subprocess.run([sys.executable, "-m", "metrics.cli", "simulate", *map(str, told)], cwd=ROOT, check=True)
    events = {json.loads(line)["id"] for line in (out / "events.jsonl").open()}
    spans = {span["traceId"] + span["spanId"] for line in (out / "spans.jsonl").open() for span in spans_of(line)}
    told_last = {
        (record["process"], record["case"]): {name: count for name, _, _, count in record["milestones"]}
        for record in map(json.loads, (out / "truth.jsonl").open())
        if record["record"] == "case"
    }
    return History(run["anchor"], events, spans, told_last)


def milestones(store: StoreClient, until: int) -> dict[tuple[str, str], dict[str, int]]:
    """The steps of each case that nothing happened to since."""
    sql = """SELECT process, case_id, `milestone.name` AS name, `milestone.count` AS count FROM v_cases
             WHERE notEmpty(name) AND toUnixTimestamp64Micro(arrayMax(`milestone.last`)) <= %(until)s"""
    found = store.rows(sql, {"until": until})
    return {(row["process"], row["case_id"]): dict(zip(row["name"], row["count"], strict=True)) for row in found}


def spans_of(line: str) -> list[Mapping[str, Any]]:
    scopes = (scope for resource in json.loads(line)["resourceSpans"] for scope in resource["scopeSpans"])
    return [span for scope in scopes for span in scope["spans"]]


def doctor(data: Path) -> str:
    """What `flowglass doctor` prints about the running stack."""
    command = [sys.executable, "-m", "metrics.cli", "doctor"]
    environment = {"FLOWGLASS_DATA_DIR": str(data), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout
