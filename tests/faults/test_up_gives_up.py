"""A program of the stack that keeps dying ends the stack: exit code 1, its last words, nothing left running."""

import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from streams.runtime.stack import WORKERS
from streams.runtime.supervisor import DEATHS_ALLOWED
from tests.integration.runtime.up_process import PATIENCE, Up, is_running

pytestmark = pytest.mark.timeout(300)
ALONE = ("--no-simulator", "--no-gateway", "--no-folder")


def kill_again_and_again(up: Up, name: str, times: int) -> None:
    """SIGKILL to each of its next lives, as soon as it is there."""
    killed: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while len(killed) < times:
        assert time.monotonic() < deadline, f"{name} lived {len(killed)} times\n{up.said()}"
        pid = up.programs().get(name)
        if pid is not None and pid not in killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        time.sleep(0.05)


def test_five_deaths_in_two_minutes_end_the_stack(tmp_path: Path) -> None:
    with Up(tmp_path / "data", *ALONE) as up:
        up.wait_for("ready; no events yet")
        others = up.programs()
        beside = {"broker", "store", "dashboards", "alerts"}
        assert set(others) == beside | {f"worker-{kind}" for kind in WORKERS}
        kill_again_and_again(up, "dashboards", DEATHS_ALLOWED)
        assert up.process.wait(60) == 1
        said = up.said()
        log_file = tmp_path / "data" / "logs" / "dashboards.log"
        assert f"dashboards died {DEATHS_ALLOWED} times within 120 s. The end of {log_file}:" in said
        assert said.rstrip().endswith(log_file.read_text().rstrip().splitlines()[-1])
        assert not any(is_running(pid) for pid in others.values())
        assert not (tmp_path / "data" / "run.json").exists()
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(up.url, timeout=2)


def test_a_worker_that_cannot_start_ends_the_stack_with_the_reason(tmp_path: Path) -> None:
    definitions = tmp_path / "definitions"
    definitions.mkdir()
    (definitions / "broken.yaml").write_text("process: broken\nversion: [\n")
    with Up(tmp_path / "data", *ALONE, settings={"FLOWGLASS_DEFINITIONS": str(definitions)}) as up:
        assert up.process.wait(PATIENCE) == 1
        said = up.said()
    readers = ("worker-cases", "worker-quality")  # of definitions: one of them is the first
    assert any(f"{reader} died {DEATHS_ALLOWED} times within 120 s" in said for reader in readers)
    assert "broken.yaml" in said
    assert "Traceback" not in said
