"""The list of fault tests is whole, and the report says plainly what fell short and what was not run."""

import json
from pathlib import Path

from tests.faults.__main__ import judged, outcomes, run
from tests.faults.figures import Figures, recorded
from tests.faults.guards import GUARDS
from tests.faults.report import FELL_SHORT, HELD, NOT_RUN, PARTLY, Row, page, read_rows, write_report
from tests.faults.suite import SUITE, Fault

ROOT = Path(__file__).parents[2]
REPORTED = ROOT / "docs"


def test_every_number_stands_in_the_list_once_and_demands_something() -> None:
    assert [fault.number for fault in SUITE] == list(range(1, 22))
    assert all(fault.name and fault.demanded for fault in SUITE)


def test_the_page_says_what_its_data_say() -> None:
    rows = read_rows(REPORTED)
    assert list(rows) == [fault.number for fault in SUITE]
    told = (REPORTED / "faults.md").read_text()
    assert all(f"**{row.came_to}**" in told and all(figure in told for figure in row.figures) for row in rows.values())


def test_only_what_ran_whole_and_passed_has_held() -> None:
    assert judged(3, [], []) == HELD
    assert judged(3, [], ["skipped: no Java"]) == PARTLY
    assert judged(0, [], ["skipped: no Java"]) == NOT_RUN
    assert judged(3, ["failed: one"], []) == FELL_SHORT


def test_a_number_without_its_files_is_not_run_and_names_them() -> None:
    row = run(Fault(7, "Disk full", "", ("tests/faults/test_nowhere.py",)), full=False)
    assert (row.came_to, row.why) == (NOT_RUN, ["missing: tests/faults/test_nowhere.py"])


def test_what_pytest_writes_is_read_back(tmp_path: Path) -> None:
    xml = tmp_path / "junit.xml"
    xml.write_text(
        '<testsuites><testsuite><testcase name="test_good"/><testcase name="test_bad[1]"><failure message="E: 2"/>'
        '</testcase><testcase name="test_left"><skipped message="no Java"/></testcase></testsuite></testsuites>'
    )
    assert outcomes(xml) == (1, ["failed: bad (E: 2)"], ["left (no Java)"])


def test_figures_are_read_back_as_they_were_noted(tmp_path: Path) -> None:
    place = tmp_path / "figures"
    assert recorded(place) == []
    place.write_text(json.dumps({"test": 2, "told": "0.5 s"}) + "\n")
    assert recorded(place) == [Figures(2, "0.5 s")]


def test_rows_that_were_not_run_now_stay_as_they_were(tmp_path: Path) -> None:
    two = Row(2, HELD, "full", 1, 0, 0, 9.0, ["ended after 0.4 s"], [], "2026-11-23")
    write_report(tmp_path, {2: two})
    again = read_rows(tmp_path)
    assert again[2] == two
    assert again[1].came_to == NOT_RUN
    assert "ended after 0.4 s" in page(list(again.values()))


def test_every_guard_can_be_taken_out_since_its_text_stands_there_once() -> None:
    wrong = [guard.name for guard in GUARDS if (ROOT / guard.file).read_text().count(guard.old) != 1]
    assert not wrong
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)
