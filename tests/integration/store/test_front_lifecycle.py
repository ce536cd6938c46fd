"""Starting, stopping and killing the front."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.store.client import connect_url
from metrics.store.errors import StoreUnavailable
from metrics.store.migrate import migrate_url
from metrics.store.writer import ClickHouseWriter
from tests.integration.store.front_process import start_front, stop_front

pytestmark = pytest.mark.store


def start_in_vain(path: Path, port: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "metrics.store.front", "--path", str(path), "--port", str(port)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_second_front_on_one_path_or_port_says_what_is_in_its_way(tmp_path: Path) -> None:
    front = start_front(tmp_path / "data")
    second = start_in_vain(tmp_path / "data", 0)
    assert second.returncode == 1
    assert f"already open in process {front.process.pid}" in second.stderr
    third = start_in_vain(tmp_path / "other", front.port)
    assert third.returncode == 1
    assert f"port {front.port}" in third.stderr
    assert stop_front(front) == 0
    again = start_front(tmp_path / "data")
    assert stop_front(again) == 0


def test_what_was_acknowledged_survives_kill_and_is_not_doubled_by_a_resend(tmp_path: Path) -> None:
    front = start_front(tmp_path / "data")
    migrate_url(front.url)
    client = connect_url(front.url)
    writer = ClickHouseWriter(client)
    columns = {
        "feed": [f"f{number}" for number in range(5000)],
        "kind": ["live"] * 5000,
        "partition": [0] * 5000,
        "count": [1] * 5000,
        "origin": ["o"] * 5000,
        "position": range(5000),
        "ingested": [0] * 5000,
    }
    block = writer.prepare("markers", columns)
    writer.send(block)
    front.process.send_signal(signal.SIGKILL)
    front.process.wait(timeout=10)
    with pytest.raises(StoreUnavailable):
        writer.send(block)
    client.close()
    second = start_front(tmp_path / "data", front.port)
    client = connect_url(second.url)
    ClickHouseWriter(client).send(block)
    assert client.command("SELECT count() FROM markers") == 5000
    client.close()
    assert stop_front(second) == 0


def test_a_store_that_is_away_is_reported_as_such() -> None:
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9"):
        connect_url("http://127.0.0.1:9")
