"""Fixtures and rules for all tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.security.figures import PROPERTY, Record

EXPLORE = os.environ.get("FLOWGLASS_EXPLORE") == "1"
"""Draw other examples in each run; else a run on one machine says what it says on every other."""

settings.register_profile("flowglass", deadline=None, derandomize=not EXPLORE)  # no test is timed: machines are busy
settings.load_profile("flowglass")

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"

REQUIRE_ALL = os.environ.get("FLOWGLASS_REQUIRE_ALL") == "1"
"""Where everything can be had (CI), a skip hides a broken set-up: it is a failure."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and FLOWGLASS_REQUIRE_ALL forbids it: {report.longrepr}"
    return report


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Notes what a test of security tried and found; `python -m tests.security` prints it."""

    def note(test: int, tried: str, times: int, leaks: int) -> None:
        record_property(PROPERTY, (test, tried, times, leaks))  # plain: it may travel between processes

    return note


@pytest.fixture(scope="session")
def log_file() -> Callable[[str], Path]:
    """A real event log by its path below the data folder; skips where the folder is not there."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the real logs are not here: {path} is missing")
        return path

    return find
