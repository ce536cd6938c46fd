"""Starting, stopping and killing the front."""

import contextlib
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

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


def insert_until_refused(port: int, acknowledged: list[int]) -> None:
    """One client on one kept connection; counts the rows that it was told are stored."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    body = b"\n".join(b'{"number":%d}' % number for number in range(300))
    with contextlib.suppress(OSError, HTTPException):
        while True:
            connection.request("POST", "/?query=INSERT%20INTO%20numbers%20FORMAT%20JSONEachRow", body)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                return
            acknowledged.append(300)


@pytest.mark.parametrize("seconds", [0.3, 0.5, 0.7])
def test_a_stop_under_load_is_clean_and_keeps_all_that_was_acknowledged(tmp_path: Path, seconds: float) -> None:
    front = start_front(tmp_path / "data")
    client = connect_url(front.url, "default")
    client.command("CREATE TABLE numbers (number UInt64) ENGINE = MergeTree ORDER BY number")
    client.close()
    acknowledged: list[int] = []
    clients = [Thread(target=insert_until_refused, args=(front.port, acknowledged)) for _ in range(4)]
    for each in clients:
        each.start()
    time.sleep(seconds)
    assert stop_front(front) == 0
    for each in clients:
        each.join()
    again = start_front(tmp_path / "data")
    client = connect_url(again.url, "default")
    assert client.command("SELECT count() FROM numbers") >= sum(acknowledged) > 0
    client.close()
    stop_front(again)


def test_a_store_that_is_away_is_reported_as_such() -> None:
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9"):
        connect_url("http://127.0.0.1:9")
