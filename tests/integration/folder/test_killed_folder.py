"""Real programs: the folder's own dies of SIGKILL wherever it can, and every event is stored once all the same."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.folder.command import InUse, only_one
from tests.faults.stack import PATIENCE, ROOT, Stack, end_cleanly, wait_until
from tests.unit.streams.folder.watched import DEPOT, TOTALLED, orders, totalled

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(600)]

PROGRAM = "tests.integration.folder.folder_program"
STAGES = ("judged", "sending", "portion", "sent")
QUICK = ("--once", "--quiet", "0.2", "--every", "0.2", "--rows", "50", "--patience", "150")
SENT = "SELECT state, rows, events, events_stored, check, removed FROM v_files WHERE name = %(name)s ORDER BY state"


class Night:
    """A stack with its workers, and a folder beside it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.watched = stack.folder / "watched"
        self.environment = {
            **os.environ,
            "FLOWGLASS_BROKER_URL": stack.broker_address,
            "FLOWGLASS_STORE_URL": stack.store_url,
            "FLOWGLASS_DATA_DIR": str(stack.folder),
            "FLOWGLASS_PRIVACY": "off",
            "FLOWGLASS_MAPPINGS": str(stack.folder / "mappings"),
        }

    def put(self, system: str, name: str, content: bytes) -> None:
        (self.watched / system).mkdir(parents=True, exist_ok=True)
        (self.watched / system / name).write_bytes(content)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", PROGRAM, *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def bring(self, *more: str) -> int:
        done = self.run("run", str(self.watched), *QUICK, *more)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode

    def entries(self, name: str) -> list[dict[str, Any]]:
        return self.stack.rows(SENT, {"name": name})

    def stored(self, prefix: str) -> int:
        return int(
            self.stack.value("SELECT count() FROM v_events WHERE startsWith(subject, %(prefix)s)", {"prefix": prefix})
        )


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("night")
    (folder / "mappings").mkdir()
    for text in (DEPOT, TOTALLED):
        (folder / "mappings" / f"{text.split()[1]}.yaml").write_text(text)
    with Stack(folder) as stack:
        made = Night(stack)
        os.environ["FLOWGLASS_MAPPINGS"] = made.environment["FLOWGLASS_MAPPINGS"]
        try:
            stack.start_worker(module=("metrics.cli", "worker", "sources"))
            stack.start_worker()
        finally:
            del os.environ["FLOWGLASS_MAPPINGS"]
        yield made


def test_a_program_that_is_killed_anywhere_brings_each_event_once(night: Night) -> None:
    night.put("depot", "night.csv", orders(*range(100_000, 100_300)))
    for stage in STAGES:
        died = night.run("die", stage, str(night.watched))
        assert died.returncode == -9, died.stderr
    assert night.bring() == 0
    (entry,) = night.entries("night.csv")
    assert entry == {
        "state": "sent", "rows": 300, "events": 300, "events_stored": 300, "check": "equal", "removed": 0
    }  # fmt: skip
    assert night.stored("purchase_order/100") == 300
    assert night.stack.value("SELECT count() FROM v_dead_letters") == 0


def test_a_corrected_file_adds_what_is_new_and_tells_what_is_gone(night: Night) -> None:
    night.put("depot", "day.csv", orders(*range(200_000, 200_010)))
    assert night.bring() == 0
    night.put("depot", "day.csv", orders(*range(200_002, 200_013)))
    assert night.bring() == 0
    told = [(entry["state"], entry["events"], entry["removed"]) for entry in night.entries("day.csv")]
    assert told == [("sent", 11, 2), ("superseded", 10, 0)]
    assert night.stored("purchase_order/2000") == 13
    shown = json.loads(night.run("files", "day.csv", "--json").stdout)["files"]
    removed = [event["subject"] for file in shown for event in file["removed_events"]]
    assert removed == ["purchase_order/200000", "purchase_order/200001"]


def test_a_file_with_totals_in_several_messages_is_source_bus_and_store_the_same(night: Night) -> None:
    night.put("totalled", "ledger.dat", totalled(120))
    assert night.bring() == 0
    (row,) = night.stack.rows("SELECT * FROM v_files WHERE name = 'ledger.dat'")
    assert (row["parts"], row["rows"], row["rows_declared"], row["events"], row["events_stored"]) == (
        3,
        120,
        120,
        120,
        120,
    )
    assert row["totals"] == row["totals_declared"] == '{"amount":"180.00"}'
    assert row["amounts"] == row["amounts_stored"] == '{"EUR":"180.00"}'


def test_what_cannot_be_taken_is_listed_as_an_exception(night: Night) -> None:
    night.put("totalled", "wrong.dat", totalled(3, rows=4))
    assert night.bring() == 1
    listed = night.run("files", "--exceptions").stdout
    assert "wrong.dat" in listed
    assert "4 rows are declared, the file has 3" in listed
    assert "night.csv" not in listed


def test_two_programs_do_not_watch_one_folder(night: Night) -> None:
    with only_one(night.watched):
        second = night.run("run", str(night.watched), "--once")
    assert second.returncode == 1
    assert "another `flowglass folder` watches" in second.stderr


def test_a_program_that_is_told_to_stop_does(night: Night) -> None:
    program = night.stack.start_worker(module=(PROGRAM, "run", str(night.watched)))
    wait_until(lambda: is_held(night.watched))
    assert end_cleanly(program) == 0


def is_held(folder: Path) -> bool:
    try:
        with only_one(folder):
            return False
    except InUse:
        return True
