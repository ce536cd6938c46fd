"""A backup while a worker writes; the store is lost; restore, rewind, go on: the outcome is the oracle's."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.comparing import differences
from tests.faults.oracle import PROCESS_FILE, Truth
from tests.faults.scene import FEED, Hospital, sending_order
from tests.faults.stack import PARTITIONS, Stack, end_cleanly, mark, send, wait_until
from tests.real.kafka import Kafka
from tests.real.stack import KafkaStack

EVENTS = 4_000
PIECE = 200
PAUSE_SECONDS = 0.1


class Feeder(threading.Thread):
    """Sends pieces one after another; the last third only once the backup is taken."""

    def __init__(self, broker: str, records: list[tuple[bytes, bytes]]) -> None:
        super().__init__(daemon=True)
        self._broker, self._records = broker, records
        self.taken = threading.Event()

    def run(self) -> None:
        for start in range(0, len(self._records), PIECE):
            if start >= len(self._records) * 2 // 3:
                self.taken.wait()
            asyncio.run(send(self._broker, self._records[start : start + PIECE]))
            time.sleep(PAUSE_SECONDS)


def flowglass(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "FLOWGLASS_BROKER_URL": stack.broker_address,
        "FLOWGLASS_STORE_URL": stack.store_url,
        "FLOWGLASS_DATA_DIR": str(stack.folder),
    }
    command = [sys.executable, "-m", "metrics.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def told(stack: Stack, *arguments: str) -> dict[str, Any]:
    done = flowglass(stack, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def lose_the_store(stack: Stack) -> None:
    """Another store, with nothing in it, listens where the old one did."""
    stack.stop_store()
    shutil.rmtree(stack.folder / "store")
    stack.start_store()


@pytest.mark.timeout(900)
def test_a_store_that_was_lost_comes_back_from_a_backup_taken_under_load(tmp_path: Path, kafka: Kafka) -> None:
    steps = Hospital(seed=12).steps(EVENTS)
    records = [step.record() for step in sending_order(steps, seed=12)]
    folder = tmp_path / "backup"
    with KafkaStack(tmp_path, kafka, definitions=PROCESS_FILE) as stack:
        asyncio.run(mark(stack.broker_address, FEED, "backfill"))
        worker = stack.start_worker()
        feeder = Feeder(stack.broker_address, records)
        feeder.start()
        wait_until(lambda: stack.value("SELECT count() FROM v_cases") > 0)
        taken = told(stack, "backup", str(folder))
        feeder.taken.set()
        assert flowglass(stack, "backup", str(folder)).returncode == 1, "a backup is never written over"
        assert flowglass(stack, "restore", str(folder)).returncode == 1, "the store is not empty"
        feeder.join()
        stack.read_to_the_end(worker, len(records) + PARTITIONS)
        assert told(stack, "rewind")["again"] == 0, "the store holds all that was committed"
        stack.store.command("DELETE FROM checkpoints WHERE 1")
        assert "stop its workers first" in flowglass(stack, "rewind").stderr
        assert end_cleanly(worker) == 0
        read = sum(stack.committed().values())

        lose_the_store(stack)
        assert told(stack, "restore", str(folder))["tables"] == taken["tables"]
        again = told(stack, "rewind")
        assert again["again"] > 0, "the backup was taken under load"
        assert sum(stack.committed().values()) < read

        worker = stack.start_worker()
        asyncio.run(mark(stack.broker_address, FEED, "end"))
        stack.read_to_the_end(worker, len(records) + 2 * PARTITIONS)
        print(f"{taken['rows']} rows backed up; {again['again']} records of {read} read again")
        wrong = differences(stack, Truth(steps))
        assert not wrong, "\n".join(wrong)
        assert end_cleanly(worker) == 0


def test_a_damaged_or_newer_backup_is_refused_before_the_store_is_touched(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        stack.store.command("INSERT INTO definitions (process, version) VALUES ('a\\tb\\n\\\\', 1)")
        taken = told(stack, "backup", str(tmp_path / "backup"))
        assert taken["tables"]["definitions"] == 1
        lose_the_store(stack)
        manifest = tmp_path / "backup" / "manifest.json"
        text = manifest.read_text()
        number = taken["schema"]
        manifest.write_text(text.replace(f'"number": {number},', f'"number": {number + 900},'))
        assert "newer" in flowglass(stack, "restore", str(tmp_path / "backup")).stderr
        manifest.write_text(text)
        table = tmp_path / "backup" / "definitions.tsv.gz"
        data = table.read_bytes()
        table.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert "definitions.tsv.gz has another checksum" in flowglass(stack, "restore", str(tmp_path / "backup")).stderr
        sql = "SELECT count() FROM system.databases WHERE name = 'flowglass'"
        assert stack.store.command(sql, in_database=False) == 0, "nothing was made yet"
        table.write_bytes(data)
        told(stack, "restore", str(tmp_path / "backup"))
        assert stack.rows("SELECT process, version FROM definitions") == [{"process": "a\tb\n\\", "version": 1}]
