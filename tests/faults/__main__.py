"""`python -m tests.faults [N …] [--full] [--out DIR]`: run the numbered fault tests and write the report.

Without numbers all are run. `--out`: where the report goes (docs). Exit code 1: one fell short.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final
from xml.etree import ElementTree

from tests.faults.figures import PLACE, recorded
from tests.faults.report import FELL_SHORT, HELD, NOT_RUN, PARTLY, Row, never_run, read_rows, write_report
from tests.faults.suite import SUITE, Fault

ROOT: Final = Path(__file__).parents[2]
_LONGEST: Final = 160
"""Signs of a failure that the report tells."""


def run(fault: Fault, *, full: bool) -> Row:
    """Run what shows this one, and say what it came to."""
    there = [one for one in fault.runs if (ROOT / one.partition("::")[0]).exists()]
    if not there:
        return never_run(fault)._replace(why=[f"missing: {one}" for one in fault.runs] or never_run(fault).why)
    missing = [f"missing: {one}" for one in fault.runs if one not in there]
    with tempfile.TemporaryDirectory(prefix="flowglass-faults-") as folder:
        xml, figures = Path(folder) / "junit.xml", Path(folder) / "figures.jsonl"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={xml}", *there]
        environment = {**os.environ, "FLOWGLASS_FULL": "1" if full else "0", PLACE: str(figures)}
        began = monotonic()
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        seconds = monotonic() - began
        passed, failures, skips = outcomes(xml)
        noted = [one for one in recorded(figures) if one.test == fault.number]
    if code not in (0, 1) and not failures:
        failures = [f"pytest ended with {code}"]
    short = ["the figure is not what is demanded" for one in noted if one.enough is False]
    missing += ["this form cannot tell all that is demanded" for one in noted if one.enough is None]
    came_to = judged(passed, [*failures, *short], [*skips, *missing])
    why = [*failures, *short, *(f"skipped: {skip}" for skip in skips), *missing]
    form, day = "full" if full else "short", datetime.now(UTC).date().isoformat()
    told = [one.told for one in noted]
    return Row(fault.number, came_to, form, passed, len(failures), len(skips), round(seconds, 1), told, why, day)


def judged(passed: int, failures: Sequence[str], left_out: Sequence[str]) -> str:
    if failures:
        return FELL_SHORT
    if not passed:
        return NOT_RUN
    return PARTLY if left_out else HELD


def outcomes(xml: Path) -> tuple[int, list[str], list[str]]:
    """How many passed; what failed; what was skipped, and why: out of the report that pytest writes."""
    passed, failures, skips = 0, [], []
    for case in ElementTree.parse(xml).iter("testcase") if xml.exists() else ():
        name = case.get("name", "").partition("[")[0].removeprefix("test_").replace("_", " ")
        failed = [found for kind in ("failure", "error") for found in case.findall(kind)]
        if failed:
            failures.append(f"failed: {name} ({_first_line(failed[0].get('message', ''))})")
        elif (skip := case.find("skipped")) is not None:
            skips.append(f"{name} ({_first_line(skip.get('message', ''))})")
        else:
            passed += 1
    return passed, failures, skips


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:_LONGEST]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, choices=[[], *(fault.number for fault in SUITE)], metavar="N")
    parser.add_argument("--full", action="store_true", help="the long forms")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where faults.md and faults.json go")
    options = parser.parse_args(arguments)
    rows = read_rows(options.out)
    ran = []
    for fault in SUITE:
        if not options.numbers or fault.number in options.numbers:
            print(f"== {fault.number}. {fault.name}", flush=True)
            ran.append(run(fault, full=options.full))
            rows[fault.number] = ran[-1]
            write_report(options.out, rows)
    for row in ran:
        print(f"{row.number:>3}  {row.came_to:<10}  {'; '.join([*row.figures, *row.why])}")
    return 1 if any(row.came_to == FELL_SHORT for row in ran) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
