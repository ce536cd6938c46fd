"""The report for people says what was measured, in units that can be read."""

from io import StringIO
from pathlib import Path

import msgspec
from rich.console import Console

from metrics.queries.analysis.rows import Activity, CaseTotals, Clocks, Completeness, SpanTotals
from streams.analyse.figures import Found, PairFigures, figures
from streams.analyse.report import MOST_ACTIVITIES, print_report
from streams.analyse.request import make_request
from streams.intake.options import LogOptions

HOUR = 3_600_000_000


def printed(found: Found, folder: Path) -> str:
    log = folder / "log.csv"
    log.write_text("case,activity,time\n1,ask,2026-01-05T08:00:00Z\n")
    console = Console(file=StringIO(), width=140)
    print_report(console, make_request([log], LogOptions()), figures(found, with_start=True, seconds=3.14), found)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


FOUND = Found(
    totals=CaseTotals(1_200, 3, HOUR, 24 * HOUR, 2 * HOUR, 0, 48 * HOUR, HOUR, HOUR, HOUR, 0, HOUR),
    activities=(Activity("ask", 2_000, 1), Activity("pay", 1_000, 0)),
    pairs={"ask -> pay": PairFigures(7, 90.0, 120.0, 100.0, 2)},
    spans=SpanTotals(12, 10, 4, 2, 6),
    completeness=Completeness(3_001, 3_000, 0, 1, 0, 5),
    clocks=(Clocks("approval", 8, 2, 1, 0),),
)


def test_a_report_names_the_file_the_totals_and_each_part(tmp_path: Path) -> None:
    text = printed(FOUND, tmp_path)
    assert "log.csv" in text
    assert "1,200 cases · 3,000 events · 2 activities · 3 variants · 1 repeated rows · 3.1 s" in text
    for part in ("How long cases take", "Activities", "From milestone", "SLA clocks", "Spans", "Not in any case"):
        assert part in text
    assert text.index("1.0 h") < text.index("1.0 d") < text.index("2.0 d")


def test_parts_with_nothing_to_say_are_left_out(tmp_path: Path) -> None:
    nothing = msgspec.structs.replace(FOUND.spans, records=0, stored=0)
    clean = msgspec.structs.replace(FOUND.completeness, dead_letters=0, unlinked=0)
    text = printed(Found(FOUND.totals, FOUND.activities, {}, nothing, clean, ()), tmp_path)
    for part in ("From milestone", "SLA clocks", "Spans", "Not in any case"):
        assert part not in text


def test_a_log_of_very_many_activities_names_the_most_frequent_and_sums_the_rest(tmp_path: Path) -> None:
    many = tuple(Activity(f"step {n}", 2, 0) for n in range(MOST_ACTIVITIES + 5))
    text = printed(Found(FOUND.totals, many, {}, FOUND.spans, FOUND.completeness, ()), tmp_path)
    assert "… and 5 more" in text
    assert f"step {MOST_ACTIVITIES}" not in text
