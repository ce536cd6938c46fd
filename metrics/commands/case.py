"""`flowglass case ID`: everything about one case, from any id that belongs to it."""

from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.opened import Reader, open_store, present, wall_clock
from metrics.commands.output import for_machines, print_json, say
from metrics.commands.show_case import print_case, print_choice
from metrics.commands.show_delay import delay_json
from metrics.delay.reading import CaseLedger, read_ledger
from metrics.privacy.opened import names_of
from metrics.queries.conformance_rows import CaseDeviation
from metrics.queries.expectation_rows import CaseExpectation
from metrics.queries.rows import CaseClock, CaseEvent, CaseHeader, CaseMilestone, CaseObject, CaseTrace, Found
from metrics.running import find_stack

MANY = 20


class CaseFile(msgspec.Struct, frozen=True):
    """A case with all that belongs to it; `now_us` is the time at which its clocks stand."""

    header: CaseHeader
    now_us: int
    milestones: list[CaseMilestone]
    clocks: list[CaseClock]
    expected: list[CaseExpectation]
    events: list[CaseEvent]
    objects: list[CaseObject]
    traces: list[CaseTrace]
    delay: CaseLedger | None = None
    deviations: list[CaseDeviation] = []


def case(
    id: Annotated[str, typer.Argument(metavar="ID", help="A case, worker, requisition, PO, invoice, event, trace …")],
    process: Annotated[str, typer.Option("--process", help="Only cases of this process.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the case that an id belongs to: milestones, SLA clocks, deviations, where its time went, events,
    objects, traces.

    Exit codes: 0 shown (an id of several cases lists them), 1 nothing is known by that id.
    """
    settings = find_stack()
    with open_store(settings) as (_, reader):
        rows = [row for name in names_of(settings, id) for row in find(reader, name, process)]
        found = choose(list({(row.process, row.case_id): row for row in reversed(rows)}.values()))
        if not found:
            say(f"nothing is known by the id {id!r}" + (f" in the process {process!r}" if process else ""))
            raise typer.Exit(1)
        if len(found) > 1:
            print_json({"found": found}) if as_json else print_choice(id, found, MANY)
            return
        file = read_case(reader, found[0].process, found[0].case_id, wall_clock())
    print_json(case_json(file, found[0])) if as_json else print_case(file, found[0])


def find(reader: Reader, text: str, process: str) -> list[Found]:
    """The cases to which an id belongs (trace and span ids in any case of letters), else those it acted in."""
    rows = reader.rows("find", Found, text=text, trace=text.lower())
    rows = rows or reader.rows("cli_actor", Found, text=text)
    return [row for row in rows if process in ("", row.process)]


def choose(found: list[Found]) -> list[Found]:
    """The one case that bears the id itself, else all to which it belongs; by process and case."""
    own = [row for row in found if row.kind == "case" or row.found_id == row.case_id]
    chosen = own if len(own) == 1 else found
    return sorted(chosen, key=lambda row: (row.process, row.case_id))


def read_case(reader: Reader, process: str, case_id: str, wall: int) -> CaseFile:
    """One case that is known to exist."""
    about = {"process": process, "case_id": case_id}
    now = present(reader, process, wall)
    return CaseFile(
        header=reader.rows("case_header", CaseHeader, **about)[0],
        now_us=now,
        milestones=reader.rows("case_milestones", CaseMilestone, **about),
        clocks=reader.rows("case_clocks", CaseClock, **about),
        expected=reader.rows("case_expectations", CaseExpectation, **about),
        events=reader.rows("case_events", CaseEvent, **about),
        objects=reader.rows("case_objects", CaseObject, **about),
        traces=reader.rows("case_traces", CaseTrace, **about),
        delay=read_ledger(reader, process, case_id, now),
        deviations=reader.rows("case_deviations", CaseDeviation, **about),
    )


def case_json(file: CaseFile, found: Found) -> dict[str, Any]:
    """The file as `--json` prints it: times as RFC 3339, durations in seconds."""
    header = for_machines(file.header)
    header["attributes"] = msgspec.json.decode(file.header.attributes or "{}")
    clocks = [for_machines(clock) for clock in file.clocks]
    for clock, row in zip(clocks, file.clocks, strict=True):
        clock["pauses"] = msgspec.json.decode(row.pauses or "[]")
    events = [for_machines(event) for event in file.events]
    for event, told in zip(events, file.events, strict=True):
        event["attributes"] = msgspec.json.decode(told.attributes or "{}")
    return {
        "found_by": {"kind": found.kind, "id": found.found_id},
        **header,
        "milestones": [for_machines(row) for row in file.milestones],
        "clocks": clocks,
        "expected": [for_machines(row) for row in file.expected],
        "deviations": [for_machines(row) for row in file.deviations],
        "delay": delay_json(file.delay),
        "events": events,
        "objects": [for_machines(row) for row in file.objects],
        "traces": [for_machines(row) for row in file.traces],
    }
