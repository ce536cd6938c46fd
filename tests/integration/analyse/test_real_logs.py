"""Every figure that an independent tool computed from real logs, found again through broker, worker and store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams.analyse.programs import Programs
from streams.intake.options import LogOptions
from tests.integration.analyse.analysed import analysed

pytestmark = [pytest.mark.data, pytest.mark.store, pytest.mark.broker]

LogFile = Callable[[str], Path]

CONSIGNMENT = tuple(f"bpic2019_consignment/consignment_{part}.xes.gz" for part in ("2", "3", "Other"))
LOGS = {
    "purchasing_example": (("PurchasingExample.csv",), LogOptions(start="Start Timestamp")),
    "bpic2019_consignment_2+3+other": (CONSIGNMENT, LogOptions()),
    "bpic2020_RequestForPayment": (("RequestForPayment.xes.gz",), LogOptions()),
}
TRACES = tuple(f"onlineboutique_traces/2022-08-22_03_5{minute}_trace.csv.gz" for minute in (3, 4, 5))
HALF_A_SECOND = 0.5


@pytest.mark.parametrize("name", LOGS)
def test_a_real_log_gives_the_reference_figures(
    name: str, programs: Programs, log_file: LogFile, reference: dict[str, Any]
) -> None:
    files, options = LOGS[name]
    expected = reference["logs"][name]
    found = analysed(programs, map(log_file, files), options, pairs=expected["milestones"])

    counts = {key: found[key] for key in ("cases", "events", "variants")}
    assert counts == {key: expected[key] for key in counts}
    assert found["activities"] == expected["activity_counts"]
    repeated = expected["timestamp_quality"]["exact_duplicate_rows(case,activity,ts)"]
    assert (found["repeated_rows"], found["dead_letters"], found["unlinked"]) == (repeated, 0, 0)
    assert_same_durations(found["case_duration"], expected["case_duration"])
    if "with_start_case_duration" in expected:
        assert_same_durations(found["with_start_case_duration"], expected["with_start_case_duration"])
    assert found["pairs"].keys() == expected["milestones"].keys()
    for pair, durations in found["pairs"].items():
        assert_same_durations(durations, expected["milestones"][pair])


def test_real_spans_are_stored_once_with_their_traces_and_services(
    programs: Programs, log_file: LogFile, reference: dict[str, Any]
) -> None:
    expected = reference["traces"]["onlineboutique"]
    found = analysed(programs, (), spans=map(log_file, TRACES))["spans"]
    assert found["stored"] + found["duplicates"] == expected["spans"] == 62_438
    assert found == {
        "stored": 62_065,
        "duplicates": expected["duplicate_span_ids"],
        "traces": expected["traces"],
        "services": expected["services"],
        "linked": 0,
    }


def test_a_log_analysed_again_in_the_same_store_gives_the_same_figures(programs: Programs, log_file: LogFile) -> None:
    files = [log_file(name) for name in CONSIGNMENT]
    assert analysed(programs, files) == analysed(programs, files)


def assert_same_durations(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Numbers of cases exactly, durations to the second; what the reference does not tell is not compared."""
    for key, value in found.items():
        if key in ("n", "negative"):
            assert value == expected.get(key, 0), key
        elif expected["n"] == 0:
            assert value is None, key
        elif key in expected:
            assert value == pytest.approx(expected[key], abs=HALF_A_SECOND), key
