"""The disk of the store, of the logs and of everything else is full: said in time, nothing lost, all goes on after."""

import asyncio
import json
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from metrics.store.client import StoreClient, connect_url
from streams import topics
from streams.broker.offsets import end_offsets
from streams.runtime.ports import free_port
from tests.contract.notifiers.servers import HttpReceiver
from tests.faults.asking import ask
from tests.faults.comparing import differences
from tests.faults.figures import record
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.small_disk import SmallDisk
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send, wait_until
from tests.integration.alerts.programs import AlertsProgram
from tests.integration.runtime.up_process import Up

pytestmark = pytest.mark.timeout(600)

DEMANDED = 60.0
"""Seconds until readiness and an alert tell of it."""
HELD_SECONDS = 15.0
COMMITTED = "SELECT topic, partition, committed FROM v_checkpoints WHERE worker = 'cases'"
ALERTS = """\
hosts: [{name: 127.0.0.1, private: true}]
receivers:
  hook: {webhook: {url: "http://127.0.0.1:%d/x", secret: {env: HOOK}}}
routes: [{name: all, to: hook, match: {kind: store_away}, group_wait: 0s, group_interval: 0s}]
"""


def firing(receiver: HttpReceiver, status: str) -> list[str]:
    """What the alerts say that arrived with this status."""
    found = [alert for got in list(receiver.got) for alert in json.loads(got.body)["alerts"]]
    return [alert["summary"] for alert in found if alert["status"] == status]


def beyond_the_store(stack: Stack) -> list[str]:
    """Partitions that were committed further than the store says that they are stored."""
    sql = """SELECT partition, max(committed) AS at FROM v_checkpoints
             WHERE worker = 'cases' AND topic = %(topic)s GROUP BY partition"""
    stored = {row["partition"]: row["at"] for row in stack.rows(sql, {"topic": topics.EVENTS})}
    committed = stack.committed().items()
    return [f"{part}: {at} of {stored.get(part, 0)}" for part, at in committed if at > stored.get(part, 0)]


def test_a_full_disk_is_told_within_a_minute_and_costs_nothing_but_time(tmp_path: Path) -> None:
    steps = Hospital(seed=12).steps(8_000)
    records = [step.record() for step in sending_order(steps, seed=12)]
    receiver, port = HttpReceiver(), free_port()
    with SmallDisk(tmp_path / "disk", 256) as disk, Stack(disk.folder, definitions=PROCESS_FILE) as stack:
        alerts = AlertsProgram(disk.folder, stack.store_url, ALERTS % receiver.port)
        alerts.start()
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker(metrics_port=port)
        asyncio.run(send(stack.broker_address, records[:3_000]))
        wait_until(lambda: sum(stack.committed().values()) >= 3_000)  # what is stored before may be committed after
        wait_until(lambda: ask(port, "/ready")[0] == 200)
        wait_until(lambda: int(stack.value("SELECT count() FROM alert_leases")) > 0)
        wait_until(lambda: "tells the alerts" in alerts.said(), within=60)
        disk.fill()
        began = time.monotonic()
        asyncio.run(send(stack.broker_address, records[3_000:]))
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        wait_until(lambda: ask(port, "/ready")[0] == 503, within=DEMANDED)
        not_ready = time.monotonic() - began
        assert "disk is full" in ask(port, "/ready")[1]
        assert ask(port, "/health")[0] == 200
        before = stack.committed()
        wait_until(lambda: bool(firing(receiver, "firing")), within=DEMANDED)
        told = time.monotonic() - began
        assert "the store's disk is full" in firing(receiver, "firing")[0]
        assert stack.committed() == before, "what is not stored was committed"
        assert not beyond_the_store(stack)
        assert sum(before.values()) < len(records)
        assert_alive(stack, worker, alerts)
        disk.make_room()
        freed = time.monotonic()
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        caught_up = time.monotonic() - freed
        record(
            7, f"503 after {not_ready:.1f} s, alert after {told:.1f} s; all stored {caught_up:.1f} s after it had room"
        )
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        wait_until(lambda: bool(firing(receiver, "resolved")))
        assert ask(port, "/ready")[0] == 200
        assert alerts.stop() == 0
        assert end_cleanly(worker) == 0
    receiver.close()


def assert_alive(stack: Stack, worker: "subprocess.Popen[bytes]", alerts: AlertsProgram) -> None:
    assert worker.poll() is None, f"the worker ended:\n{stack.worker_log()}"
    assert stack.front.poll() is None, "the store's front ended"
    assert alerts.process is not None
    assert alerts.process.poll() is None, "alerting ended"


def committed(store: StoreClient) -> dict[TopicPartition, int]:
    """How far the workers of cases have stored each partition."""
    return {TopicPartition(row["topic"], row["partition"]): row["committed"] for row in store.rows(COMMITTED, {})}


def reached(found: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> bool:
    return all(found[place] >= end for place, end in ends.items())


def test_up_lives_on_a_full_disk_and_says_so(tmp_path: Path) -> None:
    with SmallDisk(tmp_path / "disk", 400) as disk, Up(disk.folder / "data", "--no-folder", "--days", "1") as up:
        up.wait_for("data is on the page")
        programs = up.programs()
        assert "simulator" in programs
        disk.fill()
        up.wait_for("the disk is full: 0 MiB")
        held = time.monotonic() + HELD_SECONDS
        while time.monotonic() < held:
            disk.fill()  # what merges and rotation give back is taken again
            assert up.process.poll() is None, up.said()
            time.sleep(1)
        assert up.programs() == programs, f"some died of it:\n{up.said()}"
        disk.make_room()
        up.wait_for("there is room again")
        run = json.loads((disk.folder / "data" / "run.json").read_text())
        with closing(connect_url(run["store"])) as store:
            ends = asyncio.run(end_offsets(run["broker"], committed(store)))
            wait_until(lambda: reached(committed(store), ends), every=1)
        assert up.programs() == programs, f"some died of it:\n{up.said()}"
        assert up.stop() == 0
