"""`flowglass mapping test`: the golden cases, run."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.output import print_json, print_line, print_table, say
from metrics.definitions.mistakes import nearest
from streams.sources import golden
from streams.sources.command_options import CASES, AsJson, Folder, load_if_right
from streams.sources.load import Loaded


def run_cases(
    system: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="Only this system's cases.")] = "",
    directory: Annotated[Path, typer.Option("--cases", help="Where the golden cases lie.")] = CASES,
    write: Annotated[bool, typer.Option("--write", help="Write expected.yaml where it is missing.")] = False,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Run the golden cases and count them by system. Exit codes: 0 all pass, 1 some fail, 2 a mapping has mistakes."""
    counts: dict[str, list[int]] = {}
    failures: list[dict[str, str]] = []
    loaded: dict[str, Loaded | None] = {}
    for case in _cases(directory, system):
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


def _cases(directory: Path, system: str) -> list[golden.Case]:
    """The cases to run, or the end of the command with a sentence when there are none or one is written wrongly."""
    try:
        found = list(golden.cases(directory, system))
    except ValueError as error:
        say(str(error))
        raise typer.Exit(2) from None
    if not found:
        known = sorted({case.system for case in golden.cases(directory)}) if system else []
        whose = f"of '{system}'{nearest(system, known)}" if system else "of any system"
        say(f"there are no golden cases {whose} in {directory}; --cases names another directory (DIR/SYSTEM/CASE/)")
        raise typer.Exit(2)
    return found


def _run(case: golden.Case, loaded: Loaded | None, write: bool) -> tuple[str, int]:
    """(why the case fails, or an empty text; how many messages were mapped)."""
    if loaded is None:
        return "the mapping has mistakes", 0
    try:
        result = golden.found(case, golden.play(case, loaded.mapping))
    except ValueError as error:
        return str(error), 0
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
