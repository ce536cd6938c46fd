"""`flowglass mapping cost`: what a message costs."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Annotated

import typer

from metrics.commands.output import print_json, print_line, print_table
from streams.sources import golden
from streams.sources.command_options import CASES, AsJson, Folder, load_if_right
from streams.sources.load import Loaded
from streams.sources.timing import Cost, Sample, costs, samples


def cost(
    system: Annotated[str, typer.Argument(metavar="[SYSTEM]", help="Only this system's cases.")] = "",
    directory: Annotated[Path, typer.Option("--cases", help="Where the golden cases lie.", exists=True)] = CASES,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Measure what a message costs: the golden cases that give events, in processor time of this machine."""
    found = costs(taken(golden.cases(directory, system), mappings), process_time)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    print_table(COLUMNS, (row(one) for one in found), right=",".join(COLUMNS[2:]))
    print_line()
    print_line(f"Medians over the messages; the slowest is often a page of many records. {judged(found)}")


def taken(cases: Iterable[golden.Case], mappings: list[Path] | None = None) -> Iterator[Sample]:
    """The messages of the cases whose mapping has no mistakes."""
    loaded: dict[str, Loaded | None] = {}
    for case in cases:
        if case.mapping not in loaded:
            loaded[case.mapping] = load_if_right(case.mapping, mappings)
        one = loaded[case.mapping]
        if one is not None:
            yield from samples(case.system, one.mapping, golden.play(case, one.mapping))


COLUMNS = ("system", "syntax", "messages", "median µs", "slowest µs", "µs an event", "messages/s a core", "aim")


def row(one: Cost) -> tuple[str, ...]:
    """The cells of a table's row."""
    figures = (f"{one.median_us:.1f}", f"{one.slowest_us:.1f}", f"{one.event_us:.1f}", f"{one.per_second:,}")
    aim = f"{one.aim:,}{'' if one.reached else ' (missed)'}" if one.aim else "none"
    return (one.system, one.syntax, str(one.messages), *figures, aim)


def judged(found: list[Cost]) -> str:
    """How many of those with an aim reach it, as a sentence."""
    aimed = [one for one in found if one.aim]
    return f"{sum(one.reached for one in aimed)} of {len(aimed)} reach their aim."
