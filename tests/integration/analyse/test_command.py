"""`flowglass analyse` as people and scripts run it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams.analyse.programs import Programs
from streams.intake.options import LogOptions
from tests.integration.analyse.analysed import analysed, printed, run_command

pytestmark = [pytest.mark.store, pytest.mark.broker]

LOG = (
    "case,activity,time\n"
    "1,requisition.created.v1,2026-01-05T08:00:00Z\n"
    "1,requisition.submitted.v1,2026-01-05T09:00:00Z\n"
)
SPANS = (
    "trace_id,span_id,parent_id,service,name,start,end,requisition.id\n"
    "000000000000000000000000000000a1,00000000000000b1,root,erp,post,1767600000000000000,1767600001000000000,1\n"
    "000000000000000000000000000000a1,00000000000000b2,00000000000000b1,erp,write,1767600000000000000,1767600001000000000,\n"
    "000000000000000000000000000000a2,00000000000000b3,root,hr,post,1767600000000000000,1767600001000000000,\n"
)
KEYS = (
    "cases", "events", "repeated_rows", "variants", "activities", "case_duration",
    "pairs", "spans", "dead_letters", "unlinked",
)  # fmt: skip


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_runs_and_two_runs_into_a_kept_store_print_the_same(
    programs: Programs, log_file: Callable[[str], Path], tmp_path: Path
) -> None:
    log, pair = log_file("PurchasingExample.csv"), "Send invoice -> Pay invoice"
    asked = (log, "--json", "--pair", pair, "--start", "Start Timestamp")
    first = printed(run_command(*asked, "--keep", tmp_path / "kept"))
    second = printed(run_command(*asked, "--keep", tmp_path / "kept"))
    alone = analysed(programs, [log], LogOptions(start="Start Timestamp"), pairs=[pair])
    assert first == second == alone
    assert tuple(key for key in first if key != "with_start_case_duration") == KEYS


def test_a_definition_brings_its_pairs_and_clocks_and_spans_find_their_cases(
    programs: Programs, tmp_path: Path
) -> None:
    log, spans = tmp_path / "log.csv", tmp_path / "spans.csv"
    log.write_text(LOG)
    spans.write_text(SPANS)
    found = analysed(programs, [log], spans=[spans], process="requisition_to_pay", pairs=["created -> submitted"])
    assert (found["cases"], found["events"]) == (1, 2)
    assert found["pairs"]["created -> submitted"]["median"] == 3600
    assert found["pairs"]["submitted -> approved"]["n"] == 0
    assert found["spans"] == {"stored": 3, "duplicates": 0, "traces": 2, "services": 2, "linked": 2}
