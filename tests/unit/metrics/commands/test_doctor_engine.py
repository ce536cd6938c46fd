"""What the doctor says of the engine's settings and disks."""

from typing import Any, NamedTuple

import pytest

from metrics.commands.check_engine import check_engine
from metrics.commands.finding import Finding
from metrics.commands.rows import Disk
from metrics.store.errors import StoreMismatch
from tests.unit.metrics.commands.readers import FakeReader

GIB = 1 << 30


class Answer(NamedTuple):
    column_names: tuple[str, ...]
    result_rows: list[tuple[str, ...]]


class Engine:
    """Has in force what it is sent, but for what it changes."""

    def __init__(self, **changed: str) -> None:
        self.changed = changed
        self.sent: dict[str, Any] = {}

    def query(self, sql: str, parameters: Any = None, settings: Any = None) -> Answer:
        self.sent = dict(settings)
        found = {name: str(value) for name, value in self.sent.items()} | self.changed
        return Answer(tuple(found), [tuple(found.values())])

    def has_setting(self, name: str) -> bool:
        return name != "deduplicate_insert"


class Refusing(Engine):
    def query(self, sql: str, parameters: Any = None, settings: Any = None) -> Answer:
        raise StoreMismatch("Cannot modify 'async_insert' setting in readonly mode", 164)


def findings(engine: Engine, cluster: str = "", *disks: Disk) -> dict[str, Finding]:
    return {one.check: one for one in check_engine(engine, FakeReader(cli_disks=list(disks)), cluster)}


def test_settings_are_read_back_as_they_were_sent() -> None:
    engine = Engine(async_insert="false")  # how the engine writes 0
    assert findings(engine)["settings"].state == "ok"
    assert engine.sent["select_sequential_consistency"] == 1
    assert "insert_quorum" not in engine.sent
    assert "deduplicate_insert" not in engine.sent, "this engine does not know it"
    findings(engine, "main")
    assert engine.sent["insert_quorum"] == "auto"


def test_a_setting_that_the_server_holds_otherwise_is_named() -> None:
    finding = findings(Engine(async_insert="1"))["settings"]
    assert (finding.state, "async_insert is 1, not 0" in finding.detail) == ("wrong", True)


def test_a_user_that_may_set_nothing_is_told_what_to_change() -> None:
    finding = findings(Refusing())["settings"]
    assert (finding.state, "readonly" in finding.advice) == ("wrong", True)


@pytest.mark.parametrize(("free", "state"), [(50, "ok"), (10, "warning"), (2, "wrong")])
def test_a_disk_that_fills_up_is_told_before_it_is_full(free: int, state: str) -> None:
    disk = Disk("default", "/var/lib/clickhouse/", free * GIB, 100 * GIB)
    finding = findings(Engine(), "", disk)["store's disk default"]
    assert finding.state == state
    assert bool(finding.advice) == (state != "ok")
