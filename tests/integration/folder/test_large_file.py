"""A file of 200,000 rows goes through the program in little more memory than a small one."""

import os
import sys
from pathlib import Path

import pytest

from tests.faults.stack import ROOT, Stack
from tests.unit.streams.folder.watched import TOTALLED, totalled

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(400)]

ROWS = 200_000
MORE_MIB = 64


def peak_mib(stack: Stack, name: str, rows: int) -> float:
    """Brings a file with nobody there to work on it; the largest resident size of the program."""
    folder = stack.folder / name / "totalled"
    folder.mkdir(parents=True)
    (folder / "a.dat").write_bytes(totalled(rows))
    (folder / "a.dat.done").touch()
    environment = {
        **os.environ,
        "FLOWGLASS_BROKER_URL": stack.broker_address,
        "FLOWGLASS_STORE_URL": stack.store_url,
        "FLOWGLASS_MAPPINGS": str(stack.folder / "mappings"),
        "FLOWGLASS_PRIVACY": "off",
    }
    command = ["-m", "tests.integration.folder.folder_program", "run", str(folder.parent), "--once", "--patience", "1"]
    with (stack.folder / "folder.log").open("wb") as log:
        pid = os.posix_spawn(
            sys.executable, [sys.executable, *command], environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, log.fileno(), 2)],
        )  # fmt: skip
        _, status, usage = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 1, (stack.folder / "folder.log").read_text()
    return usage.ru_maxrss / 1024


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "totalled.yaml").write_text(TOTALLED)
    with Stack(tmp_path) as stack:
        small, large = peak_mib(stack, "small", 10), peak_mib(stack, "large", ROWS)
        (row,) = stack.rows("SELECT * FROM v_files WHERE rows > 10")
    print(f"{small:.0f} MiB with 10 rows, {large:.0f} MiB with {ROWS:,}")
    assert (row["state"], row["rows"], row["events"], row["parts"]) == ("sent", ROWS, ROWS, ROWS // 1_000)
    assert row["check"] == "short"
    assert large - small < MORE_MIB
