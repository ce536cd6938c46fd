"""The last step of docs/new-system.md: the worker reads the new mapping, and messages that are sent become events."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stack import Stack, wait_until
from tests.unit.streams.sources.test_new_system_page import FILES, PAGE

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(300)]

(SHELL,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "export FLOWGLASS_MAPPINGS=$PWD" in SHELL
    monkeypatch.setenv("FLOWGLASS_MAPPINGS", str(tmp_path))
    (tmp_path / "stack").mkdir()
    with Stack(tmp_path / "stack") as made:
        assert "flowglass worker sources &" in SHELL
        made.start_worker(module=("metrics.cli", "worker", "sources"))
        made.start_worker()
        yield made


def test_what_the_page_sends_arrives(stack: Stack, tmp_path: Path) -> None:
    (line,) = re.findall(r"^flowglass (send .*)$", SHELL, re.MULTILINE)
    environment = {**os.environ, "FLOWGLASS_BROKER_URL": stack.broker_address, "FLOWGLASS_STORE_URL": stack.store_url}
    command = [sys.executable, "-m", "metrics.cli", *shlex.split(line)]
    sent = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert sent.returncode == 0, sent.stderr
    events = "SELECT type FROM v_events WHERE subject = 'purchase_order/A-17' ORDER BY time"
    wait_until(lambda: len(stack.rows(events)) == 2, within=200, every=0.5)
    assert [row["type"] for row in stack.rows(events)] == ["purchase_order.issued.v1", "purchase_order.acknowledged.v1"]
