"""One running set of programs for all tests here; each log has a process and a feed of its own in it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.analyse.programs import Programs
from streams.runtime.data_dir import DataDirectory

LogFile = Callable[[str], Path]


def started(root: Path, *, spans: bool) -> Programs:
    directory = DataDirectory(root)
    directory.lock()
    return Programs(directory, spans=spans)


@pytest.fixture(scope="package")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """Broker, store and both workers."""
    with started(tmp_path_factory.mktemp("analyse"), spans=True) as running:
        yield running


@pytest.fixture
def empty_programs(tmp_path: Path) -> Iterator[Programs]:
    """Broker, store and the events' worker, without any data."""
    with started(tmp_path / "data", spans=False) as running:
        yield running


@pytest.fixture(scope="session")
def reference(log_file: LogFile) -> dict[str, Any]:
    """What an independent tool computed from the real logs."""
    return json.loads(log_file("REFERENCE.json").read_text())  # type: ignore[no-any-return]
