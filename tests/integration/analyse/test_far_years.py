"""Logs whose years lie far off share a store with others: nothing vanishes, nothing blocks."""

from pathlib import Path

import pytest

from metrics.store.client import connect_url
from streams.analyse.programs import Programs
from tests.integration.analyse.analysed import analysed

pytestmark = [pytest.mark.store, pytest.mark.broker]

CASES = 40


def write_log(folder: Path, year: int) -> Path:
    """Forty cases of three steps, over more than a hundred months, from January of `year` on."""
    rows = ["case,activity,time"]
    for case in range(CASES):
        start = f"{year + case // 4}-{1 + case % 12:02}"
        rows += [f"c{case},{name},{start}-{day:02}T08:00:00Z" for name, day in (("ask", 1), ("order", 3), ("pay", 20))]
    path = folder / f"{year}.csv"
    path.write_text("\n".join(rows))
    return path


def test_logs_of_1948_and_2011_and_2100_live_in_one_store(programs: Programs, tmp_path: Path) -> None:
    logs = {year: write_log(tmp_path, year) for year in (2011, 1948, 2100)}
    found = {year: analysed(programs, [path], pairs=["ask -> pay"]) for year, path in logs.items()}
    store = connect_url(programs.store)
    try:
        store.command("OPTIMIZE TABLE events FINAL")
        store.command("OPTIMIZE TABLE cases FINAL")
        years = next(
            iter(store.rows("SELECT min(toYear(first_time)) AS first, max(toYear(first_time)) AS last FROM v_cases"))
        )
    finally:
        store.close()
    assert years["first"] == 1948
    assert years["last"] == 2109
    for year, path in logs.items():
        again = analysed(programs, [path], pairs=["ask -> pay"])
        assert (again["cases"], again["events"], again["dead_letters"]) == (CASES, 3 * CASES, 0)
        assert again["pairs"]["ask -> pay"]["median"] == 19 * 86_400
        assert again == found[year]


def test_a_year_beyond_the_horizon_is_a_dead_letter_and_blocks_nothing(programs: Programs, tmp_path: Path) -> None:
    path = tmp_path / "beyond.csv"
    path.write_text(
        "case,activity,time\n1,ask,2026-01-01T00:00:00Z\n1,pay,2411-01-01T00:00:00Z\n2,ask,2026-01-02T00:00:00Z\n"
    )
    found = analysed(programs, [path])
    assert (found["cases"], found["events"], found["dead_letters"]) == (2, 2, 1)
