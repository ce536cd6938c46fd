"""`flowglass mapping test` and `cost`: the golden cases, run and measured."""

from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Annotated

import typer

from metrics.commands.output import print_json, print_line, print_table
from streams.sources import golden
from streams.sources.command_options import CASES, AsJson, Folder, load_if_right
from streams.sources.load import Loaded
from streams.sources.mapping import Mapping
from streams.sources.timing import cost as measured


def run_cases(
    system: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="Only this system's cases.")] = "",
    directory: Annotated[Path, typer.Option("--cases", help="Where the golden cases lie.", exists=True)] = CASES,
    write: Annotated[bool, typer.Option("--write", help="Write expected.yaml where it is missing.")] = False,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Run the golden cases and count them by system. Exit codes: 0 all pass, 1 some fail, 2 a mapping has mistakes."""
    counts: dict[str, list[int]] = {}
    failures: list[dict[str, str]] = []
    loaded: dict[str, Loaded | None] = {}
    for case in golden.cases(directory, system):
        if case.mapping not in loaded:
            loaded[case.mapping] = load_if_right(case.mapping, mappings)
        why, messages = _run(case, loaded[case.mapping], write)
        count = counts.setdefault(case.system, [0, 0, 0])
        count[0] += 1
        count[1] += not why
        count[2] += messages
        if why:
            failures.append({"case": f"{case.system}/{case.name}", "why": why})
    if as_json:
        print_json({"systems": counts, "failures": failures})
    else:
        _print_counts(counts, failures)
    if failures:
        raise typer.Exit(2 if None in loaded.values() else 1)


def _run(case: golden.Case, loaded: Loaded | None, write: bool) -> tuple[str, int]:
    """(why the case fails, or an empty text; how many messages were mapped)."""
    if loaded is None:
        return "the mapping has mistakes", 0
    result = golden.found(case, golden.play(case, loaded.mapping))
    if write and not case.expected_file.is_file():
        golden.write_expected(case, result)
    expected = case.expected()
    return "" if expected == result else golden.difference(expected, result), len(case.files)


def _print_counts(counts: dict[str, list[int]], failures: list[dict[str, str]]) -> None:
    rows = [(name, str(all_), str(good), str(messages)) for name, (all_, good, messages) in sorted(counts.items())]
    total = [str(sum(count[place] for count in counts.values())) for place in range(3)]
    print_table(("system", "cases", "pass", "messages"), [*rows, ("all", *total)], right="cases,pass,messages")
    for failure in failures:
        print_line(f"FAIL {failure['case']}: {failure['why']}")


def cost(
    system: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="Only this system's cases.")] = "",
    directory: Annotated[Path, typer.Option("--cases", help="Where the golden cases lie.", exists=True)] = CASES,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Measure what a message costs: the golden cases that give events, in processor time of this machine."""
    found: dict[str, list[tuple[golden.Case, Mapping, golden.Played]]] = {}
    known: dict[str, Mapping] = {}
    for case in golden.cases(directory, system):
        if case.mapping not in found:
            loaded = load_if_right(case.mapping, mappings)
            if loaded is None:
                continue
            known[case.mapping] = loaded.mapping
        one = known[case.mapping]
        found.setdefault(case.mapping, []).append((case, one, golden.play(case, one)))
    costs = {name: measured(plays, process_time) for name, plays in found.items()}
    if as_json:
        print_json({name: asdict(one) for name, one in costs.items()})
        return
    rows = [
        (name, str(one.messages), f"{one.median_us:.1f}", f"{one.slowest_us:.1f}", f"{1e6 / one.median_us:,.0f}")
        for name, one in costs.items()
        if one.messages
    ]
    columns = ("system", "messages", "median µs", "slowest µs", "messages/s at the median")
    print_table(columns, rows, right=",".join(columns[1:]))
