"""Many logs, and many readings of one log, in one store: each gives its own figures, every time."""

from pathlib import Path

import pytest

from streams.analyse.programs import Programs
from streams.intake.options import LogOptions
from tests.integration.analyse.analysed import analysed

pytestmark = [pytest.mark.store, pytest.mark.broker]


def write_long_case(path: Path, case: str, steps: int) -> Path:
    """One case of many steps, two of which share each minute; the file runs backwards."""
    rows = [
        f"{case},step {n % 7},2026-02-{1 + n // 2880:02}T{n // 120 % 24:02}:{n // 2 % 60:02}:00Z" for n in range(steps)
    ]
    path.write_text("\n".join(["case,activity,time", *reversed(rows)]))
    return path


def test_a_case_of_990_events_read_twice_keeps_them_all(programs: Programs, tmp_path: Path) -> None:
    log = write_long_case(tmp_path / "long.csv", "NA", 990)
    first = analysed(programs, [log])
    assert (first["cases"], first["events"], first["variants"]) == (1, 990, 1)
    assert first["case_duration"]["median"] == 494 * 60
    assert analysed(programs, [log]) == first


def test_a_log_read_alone_and_with_another_does_not_change_either(programs: Programs, tmp_path: Path) -> None:
    one = write_long_case(tmp_path / "one.csv", "same id", 600)
    other = write_long_case(tmp_path / "other.csv", "same id", 300)
    alone = analysed(programs, [one])
    together = analysed(programs, [one, other])
    assert (alone["events"], together["events"]) == (600, 900)
    assert together["cases"] == 1
    assert analysed(programs, [one]) == alone
    assert analysed(programs, [other, one]) == together


def test_a_log_read_in_two_zones_is_two_logs(programs: Programs, tmp_path: Path) -> None:
    log = tmp_path / "local.csv"
    log.write_text("case,activity,time\n1,ask,2026-03-28T12:00:00\n1,pay,2026-03-29T12:00:00\n")
    utc, berlin = analysed(programs, [log]), analysed(programs, [log], LogOptions(zone="Europe/Berlin"))
    assert utc["case_duration"]["median"] == 24 * 3600
    assert berlin["case_duration"]["median"] == 23 * 3600
    assert analysed(programs, [log]) == utc
