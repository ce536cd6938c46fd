"""Batches against their schedule, and source = bus = store."""

from collections.abc import Sequence
from typing import Any

import pytest

from metrics.completeness.batches import file_row, marker_row, scheduled
from metrics.completeness.rows import BatchEvents, BatchRow, BroughtFile
from metrics.words import DAY, HOUR
from tests.unit.metrics.completeness.told import LEDGER, MONDAY, NIGHTLY, file, marker, night

NOW = MONDAY + 4 * DAY + 12 * HOUR


def nights(events: Sequence[BatchEvents], now: int = NOW) -> dict[str, BatchRow]:
    return {row.day: row for row in scheduled(NIGHTLY, events, (), MONDAY - 30 * DAY, now)}


def days(files: Sequence[BroughtFile], now: int = NOW) -> dict[str, BatchRow]:
    return {row.day: row for row in scheduled(LEDGER, (), files, MONDAY - 30 * DAY, now)}


def test_each_night_has_its_batch_and_nothing_is_expected_before_the_first() -> None:
    found = nights([night(number) for number in range(4)])
    assert {day: row.state for day, row in found.items()} == {
        "2026-01-05": "complete", "2026-01-06": "complete", "2026-01-07": "complete", "2026-01-08": "complete",
    }  # fmt: skip
    assert (found["2026-01-05"].declared, found["2026-01-05"].sent, found["2026-01-05"].stored) == (900, 900, 900)


def test_a_night_without_a_batch_is_missing_once_it_was_due() -> None:
    told = [night(0), night(1), night(3)]
    due = MONDAY + 3 * DAY + 6 * HOUR
    assert nights(told, due)["2026-01-07"].state == "expected"
    missing = nights(told, due + 1)["2026-01-07"]
    assert (missing.state, missing.owner, missing.came_us) == ("missing", "integration_team", None)


def test_a_batch_that_comes_after_all_is_late() -> None:
    start = MONDAY + 2 * DAY + 22 * HOUR
    late = night(2, completed_us=start + 9 * HOUR, reconciled_us=start + 10 * HOUR)
    assert nights([night(0), late])["2026-01-07"].state == "late"


def test_a_batch_that_failed_and_did_not_begin_again_is_missing_with_its_reason() -> None:
    failed = night(2, completed_us=0, reconciled_us=0, failed_us=MONDAY + 2 * DAY + 23 * HOUR, reason="file_incomplete")
    row = nights([night(0), failed])["2026-01-07"]
    assert (row.state, row.detail) == ("missing", "it failed: file_incomplete")


def test_totals_that_differ_are_unbalanced_until_they_agree() -> None:
    compared = MONDAY + 3 * DAY
    told: dict[str, Any] = {"unbalanced_us": compared, "rows_compared": "871", "reason": "rows_missing"}
    open_row = nights([night(0), night(2, **told, reconciled_us=0)])["2026-01-07"]
    assert (open_row.state, open_row.stored) == ("unbalanced", 871)
    assert (
        nights([night(0), night(2, **(told | {"rows_compared": "900"}), reconciled_us=compared + 1)])[
            "2026-01-07"
        ].state
        == "complete"
    )


def test_rows_that_are_not_booked_make_a_batch_short() -> None:
    row = nights([night(0), night(2, rows_compared="880")])["2026-01-07"]
    assert (row.state, row.detail) == ("short", "900 rows were sent, 880 are booked")


def test_the_batch_of_another_facility_is_no_proof() -> None:
    assert nights([night(0), night(1, facility="south")])["2026-01-06"].state == "missing"


def test_files_belong_to_the_day_that_they_say() -> None:
    found = days([file(0), file(1, seen_us=file(1).seen_us + 2 * DAY, sent_us=file(1).seen_us + 2 * DAY), file(3)])
    assert {day: row.state for day, row in found.items()} == {
        "2026-01-05": "complete", "2026-01-06": "late", "2026-01-07": "missing", "2026-01-08": "complete",
        "2026-01-09": "missing",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state", "detail"),
    [
        ({}, "complete", ""),
        ({"state": "refused", "sent_us": None, "reason": "8 rows are declared, the file has 7"}, "unbalanced",
         "8 rows are declared, the file has 7"),
        ({"events_stored": 7, "amounts_stored": '{"USD":"31463.40"}', "check": "short"}, "short",
         "8 events were sent, 7 are stored; 0.10 USD are missing"),
        ({"amounts_stored": '{"USD":"31463.49"}'}, "short", "8 events were sent, 8 are stored; 0.01 USD are missing"),
        ({"rows_dead": 2, "events": 6, "events_stored": 6}, "short", "2 rows became dead letters"),
        ({"events_stored": None, "amounts_stored": "{}", "check": ""}, "complete", ""),
    ],
)  # fmt: skip
def test_a_file_adds_up_in_rows_and_to_the_cent_or_is_called_wrong(
    changes: dict[str, Any], state: str, detail: str
) -> None:
    row = file_row(file(0, **changes), "finance")
    assert (row.state, row.detail, row.owner) == (state, detail, "finance")


def test_a_marker_counts_stored_records_dead_letters_and_duplicates() -> None:
    whole = marker_row(marker(), "erp_team")
    assert (whole.state, whole.declared, whole.sent, whole.stored, whole.duplicates) == ("complete", 100, 100, 97, 3)
    assert marker_row(marker(stored=95, distinct_events=95, dead=5), "erp_team").state == "complete"
    short = marker_row(marker(stored=95, distinct_events=95, dead=4), "erp_team")
    assert (short.state, short.detail) == ("short", "100 records were sent, 99 are stored or dead letters")
