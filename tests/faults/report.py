"""The report of the suite: `docs/faults.json`, and the page that says the same."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests.faults.suite import SUITE, Fault

HELD: Final = "held"
FELL_SHORT: Final = "fell short"
NOT_RUN: Final = "not run"
PARTLY: Final = "partly run"


class Row(NamedTuple):
    """What one numbered test came to: its figures, and why it fell short or was not run."""

    number: int
    came_to: str
    form: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    figures: list[str]
    why: list[str]
    day: str


def read_rows(folder: Path) -> dict[int, Row]:
    """The rows of the last report there."""
    file = folder / "faults.json"
    found = json.loads(file.read_text()) if file.exists() else []
    return {row["number"]: Row(**row) for row in found}


def write_report(folder: Path, rows: Mapping[int, Row]) -> None:
    """Both files; a test without a row was not run."""
    listed = [rows.get(fault.number, never_run(fault)) for fault in SUITE]
    text = json.dumps([row._asdict() for row in listed], indent=1, ensure_ascii=False)
    (folder / "faults.json").write_text(text + "\n")
    (folder / "faults.md").write_text(page(listed))


def never_run(fault: Fault) -> Row:
    why = "it has not been run" if fault.runs else "there is no test of pytest for it"
    return Row(fault.number, NOT_RUN, "", 0, 0, 0, 0.0, [], [why], "")


def page(rows: list[Row]) -> str:
    """The rows as a page."""
    faults = {fault.number: fault for fault in SUITE}
    lines = [_line(row, faults[row.number]) for row in rows]
    count = {state: sum(row.came_to == state for row in rows) for state in (HELD, FELL_SHORT, PARTLY, NOT_RUN)}
    told = ", ".join(f"{number} {state}" for state, number in count.items() if number)
    return _HEAD.replace("TOLD", told) + "\n".join(lines) + "\n" + _shown_by(rows, faults)


def _line(row: Row, fault: Fault) -> str:
    figures = "; ".join([*row.figures, *row.why]) or "–"
    counted = f"{row.passed} passed, {row.failed} failed, {row.skipped} skipped"
    ran = f"{counted}; {row.form} form, {row.seconds:,.0f} s, {row.day}"
    cells = (str(row.number), fault.name, fault.demanded, f"**{row.came_to}**", figures, ran if row.form else "–")
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def _shown_by(rows: list[Row], faults: Mapping[int, Fault]) -> str:
    lines = [
        f"{row.number}. {', '.join(f'`{run}`' for run in faults[row.number].runs) or 'nothing yet'}" for row in rows
    ]
    return "\n## What shows each\n\n" + "\n".join(lines) + "\n"


_HEAD: Final = """# Fault tests

What happens to Flowglass when something breaks, as measured: TOLD. Made by
`python -m tests.faults [N …] [--full]`, which renews the rows that it ran (`make faults`: all, in their full form); the
same as data: [faults.json](faults.json).

*Equal* means that the store is compared with a plain program that shares no code with the pipeline, event by event,
case by case, clock by clock, and every aggregate with the facts: nothing missing, extra or wrong. A test *held* when
all that shows it passed; it was *partly run* when something of it was skipped, is missing or cannot be told by the form
that ran; it *fell short* when something failed or a figure is not what is demanded. Full forms
take the sizes that are demanded, or as much of them as one machine bears (the figure says which); short forms are what
runs with every change.

| | test | demanded | came to | figures | run |
|---:|---|---|---|---|---|
"""
