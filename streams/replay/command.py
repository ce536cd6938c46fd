"""`flowglass replay`: judge everything stored once more, beside what stands, and say what is otherwise and why."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import Progress

from metrics.commands.opened import wall_clock
from metrics.commands.output import print_json, say
from metrics.commands.restatements import instant
from metrics.definitions.mistakes import DefinitionsError
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import connect, connect_url
from streams.replay.differences import Period
from streams.replay.report import Report, as_document, print_report, report_on
from streams.replay.running import Replaying
from streams.replay.shadow import PREFIX, NothingStored, Shadow
from streams.replay.versions import UnknownVersion, chosen


def replay(
    since: Annotated[
        str, typer.Option("--from", help="Compare cases with an event since: a day (2026-03-01) or so long ago (90d).")
    ] = "1900-01-01",
    until: Annotated[str, typer.Option("--until", help="… and before: a day, or so long ago.")] = "0d",
    process: Annotated[
        list[str] | None, typer.Option("--process", help="Compare only cases of this process; may be given again.")
    ] = None,
    definitions: Annotated[
        Path | None, typer.Option("--definitions", help="Judge by these definitions; left out: by those in force.")
    ] = None,
    version: Annotated[
        list[str] | None,
        typer.Option("--version", metavar="PROCESS=N", help="Judge a process by this version of its definition."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the database with what was found, and say its name.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many differing cases to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge all stored events once more in a database of its own, and compare its cases with those that stand.

    Nothing that stands is changed, and nobody is told. Every stored event is read, for any may belong to a case of the
    period. Exit codes: 0 nothing differs, 1 something does, 2 wrong usage.
    """
    settings = find_stack()
    wall = wall_clock()
    period = Period(instant(since, wall, "--from"), instant(until, wall, "--until"), process or ())
    try:
        report = _replay(settings, period, definitions or settings.definitions, _versions(version or ()), keep, limit)
    except (NothingStored, UnknownVersion, FileNotFoundError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    except DefinitionsError as error:
        for mistake in error.mistakes:
            say(str(mistake))
        raise typer.Exit(2) from None
    if as_json:
        print_json(as_document(report))
    else:
        print_report(report)
    raise typer.Exit(1 if report.differing else 0)


def _versions(texts: tuple[str, ...] | list[str]) -> dict[str, int]:
    found = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not (name and number.isdecimal()):
            say(f"--version is {text!r}; write a process and a version of it, like requisition_to_pay=2")
            raise typer.Exit(2)
        found[name] = int(number)
    return found


def _replay(
    settings: Settings, period: Period, path: Path | None, versions: dict[str, int], keep: bool, limit: int
) -> Report:
    live = connect(settings)
    try:
        judged_by = chosen(path, versions, live)
        with Shadow(live, connect_url(settings.store_url, _run_name()), settings.cluster) as shadow:
            began = monotonic()
            try:
                as_of = shadow.prepare()
                replaying = Replaying(shadow, judged_by, as_of)
                events = asyncio.run(_shown(replaying))
                report = report_on(shadow, period, judged_by, limit)
            finally:
                if not keep:
                    shadow.drop()
    finally:
        live.close()
    return report._replace(
        as_of=as_of, events=events, seconds=monotonic() - began, database=shadow.name if keep else ""
    )


async def _shown(replaying: Replaying) -> int:
    """Replay with a bar that shows how far it is."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("replaying", total=replaying.records)
        return await replaying.run(lambda records: bar.advance(task, records))


def _run_name() -> str:
    return f"{PREFIX}{datetime.now(UTC):%Y%m%d_%H%M%S}_{uuid4().hex[:6]}"
