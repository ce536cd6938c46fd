"""What the doctor finds wrong."""

import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from metrics.commands.check_machine import check_data_dir, check_packages, check_port, check_python, check_zones
from metrics.commands.check_store import check_store
from metrics.commands.doctor import doctor_json, print_findings
from metrics.commands.finding import Finding, ok, wrong
from metrics.commands.rows import Checkpoint, Migration, StoreClock, TableEngine
from metrics.queries.rows import Feed
from metrics.store.errors import StoreUnavailable
from metrics.store.migrate import load_migrations
from metrics.store.tables import TABLES
from metrics.texts.backlog import Backlog
from metrics.words import HOUR, MINUTE, SECOND
from tests.unit.metrics.commands.readers import FakeReader

NOW = 1_700_000_000 * SECOND
FILES = load_migrations()
DURABLE = "ReplacingMergeTree SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1"


def healthy(**changes: Any) -> FakeReader:
    answers: dict[str, Any] = {
        "cli_store_clock": [StoreClock("26.9", NOW)],
        "cli_migrations": [Migration(file.number, file.name, file.checksum) for file in FILES],
        "cli_tables": [TableEngine(name, DURABLE) for name in TABLES],
        "cli_checkpoints": [Checkpoint("cases", "flowglass.events", 0, "i", 10, 10, NOW - HOUR)],
        "feeds": [Feed("coupa", "live", NOW, NOW, 0)],
    }
    return FakeReader(**(answers | changes))


def findings(reader: FakeReader) -> dict[str, Finding]:
    return {one.check: one for one in check_store(reader, "flowglass", FILES, NOW)}


def test_a_healthy_store_gives_nothing_to_do() -> None:
    found = findings(healthy())
    assert {one.state for one in found.values()} == {"ok"}
    assert not any(one.advice for one in found.values())


def test_a_store_that_does_not_answer_is_one_finding() -> None:
    found = findings(healthy(cli_store_clock=StoreUnavailable("refused")))
    assert [one.state for one in found.values()] == ["wrong"]


def test_a_migration_that_is_not_applied_is_named() -> None:
    found = findings(healthy(cli_migrations=[Migration(1, FILES[0].name, FILES[0].checksum)]))
    assert found["migrations"].state == "wrong"
    assert "0002" in found["migrations"].detail
    assert "flowglass migrate" in found["migrations"].advice


def test_a_migration_that_was_changed_later_is_named() -> None:
    rows = [Migration(file.number, file.name, "other" if file.number == 2 else file.checksum) for file in FILES]
    assert "0002 differ" in findings(healthy(cli_migrations=rows))["migrations"].detail


def test_a_store_of_a_newer_release_is_told() -> None:
    rows = [*healthy().answers["cli_migrations"], Migration(99, "future", "x")]
    assert "Update this program" in findings(healthy(cli_migrations=rows))["migrations"].advice


def test_a_table_that_lost_its_durability_is_named() -> None:
    rows = [TableEngine(name, "MergeTree" if name == "cases" else DURABLE) for name in TABLES]
    found = findings(healthy(cli_tables=rows))["tables"]
    assert (found.state, "cases" in found.detail) == ("wrong", True)


def test_clocks_that_are_apart_are_wrong() -> None:
    assert findings(healthy(cli_store_clock=[StoreClock("26", NOW - MINUTE)]))["clock"].state == "wrong"


def test_a_worker_behind_that_flushes_no_more_has_stalled() -> None:
    behind = Checkpoint("cases", "flowglass.events", 0, "i", 10, 500, NOW - HOUR)
    assert findings(healthy(cli_checkpoints=[behind]))["worker cases"].state == "wrong"
    busy = Checkpoint("cases", "flowglass.events", 0, "i", 10, 500, NOW - SECOND)
    assert findings(healthy(cli_checkpoints=[busy]))["worker cases"].state == "ok"


def test_a_backlog_is_told_while_there_is_one() -> None:
    behind = Backlog("cases", 120_000, NOW - 12 * MINUTE, 4 * MINUTE, NOW)
    found = findings(healthy(backlog=[behind]))["backlog"]
    assert (found.state, found.detail) == (
        "warning",
        "Catching up: 120,000 events behind, about 4 min. The oldest of them came 12 min ago.",
    )
    assert "backlog" not in findings(healthy())


def test_a_live_feed_that_fell_silent_is_a_warning_and_an_ended_one_is_not() -> None:
    assert findings(healthy(feeds=[Feed("a", "live", 0, NOW - HOUR, 0)]))["feed a"].state == "warning"
    assert findings(healthy(feeds=[Feed("a", "end", 0, NOW - HOUR, 0)]))["feed a"].state == "ok"


def test_python_is_claimed_from_3_11_to_3_13() -> None:
    assert check_python((3, 11, 0)).state == "ok"
    assert check_python((3, 10, 9)).state == check_python((3, 14, 0)).state == "wrong"


def test_a_package_that_is_missing_or_too_old_is_named() -> None:
    def installed(name: str) -> str:
        if name == "gone":
            raise PackageNotFoundError(name)
        return "2.9.1"

    needed = ["fine>=2.9", "old>=2.10", "gone>=1; sys_platform != 'win32'", "tool>=9; extra == 'dev'"]
    found = check_packages(needed, installed)
    assert found.detail == "old is 2.9.1, at least 2.10 is needed; gone is missing"
    assert check_packages(needed[:1], installed).state == "ok"


def test_a_zone_that_is_missing_is_named() -> None:
    assert check_zones(("Nowhere/At_All",)).state == "wrong"


def test_a_data_directory_that_is_not_there_yet_is_fine(tmp_path: Path) -> None:
    assert next(iter(check_data_dir(tmp_path / "a" / "b"))).state == "ok"


def test_a_port_is_ours_or_free_or_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert check_port(port, ours=True).state == "ok"
        assert check_port(port, ours=False).state == "warning"
    assert check_port(port, ours=True).state == "wrong"
    assert check_port(port, ours=False).state == "ok"


def test_advice_stands_below_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    found = [ok("python", "3.11"), wrong("store", "away", "start it")]
    print_findings(found)
    printed = capsys.readouterr().out
    assert "WRONG    store" in printed
    assert "→ start it" in printed
    assert doctor_json(found)["healthy"] is False
