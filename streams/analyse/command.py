"""`flowglass analyse`: the whole main job once, on files."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from typer.core import TyperCommand

from metrics.settings import read_settings
from streams.analyse.figures import figures
from streams.analyse.programs import ProgramEnded, Programs
from streams.analyse.progress import ProgressBar
from streams.analyse.report import print_report, report_console
from streams.analyse.request import Request, WrongRequest, make_request
from streams.analyse.run import Outcome, analyse_with
from streams.analyse.through import Stalled
from streams.intake.options import IntakeError, LogOptions
from streams.producer import ProduceFailed
from streams.runtime.data_dir import DataDirectory, DirectoryInUse

SPANS_OPTION = "--spans"
USAGE, FAILED = 2, 1

analyse = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class TakesManySpanFiles(TyperCommand):
    """Lets one `--spans` name several files: all up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, spread(args))


def spread(arguments: list[str]) -> list[str]:
    """`--spans A B` as `--spans A --spans B`."""
    spread_out: list[str] = []
    spans = False
    for argument in arguments:
        if argument.startswith("-") and argument != "-":
            spans = argument == SPANS_OPTION
        elif spans and spread_out[-1] != SPANS_OPTION:
            spread_out.append(SPANS_OPTION)
        spread_out.append(argument)
    return spread_out


@analyse.command("analyse", cls=TakesManySpanFiles)
def analyse_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Logs: CSV, XES, OCEL 2.0 JSON or JSON lines, also packed as .gz, or directories of them."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures for machines; durations in seconds.")] = False,
    process: Annotated[
        str, typer.Option(help="Process definition, by name or file; without one every activity is a milestone.")
    ] = "",
    case: Annotated[str | None, typer.Option(help="Column (attribute, object type) that is the case.")] = None,
    activity: Annotated[str | None, typer.Option(help="Column of the activity.")] = None,
    time: Annotated[str | None, typer.Option(help="Column of the time (of completion).")] = None,
    start: Annotated[str | None, typer.Option(help="Column of the time of starting.")] = None,
    objects: Annotated[
        list[str] | None, typer.Option("--object", help="Further column that names objects: NAME or NAME=type.")
    ] = None,
    spans: Annotated[
        list[Path] | None, typer.Option(SPANS_OPTION, help="Span files: OTLP JSON lines or CSV; several may follow.")
    ] = None,
    pair: Annotated[
        list[str] | None, typer.Option(help="Milestones to measure between, as 'A -> B'; may be repeated.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Zone of times that name none, e.g. Europe/Berlin.")] = None,
    time_format: Annotated[
        str | None,
        typer.Option("--time-format", help="How times are written: iso, dmy, mdy, epoch_s …, or a strptime pattern."),
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the store in this directory, or add to it.")] = None,
) -> None:
    """Stream files through broker, worker and store, print what the store says, and exit."""
    began = monotonic()
    settings = read_settings()
    options = LogOptions(
        case=case,
        activity=activity,
        time=time,
        start=start,
        objects=tuple(objects or ()),
        zone=zone or settings.zone,
        time_format=time_format,
    )
    told = Console(stderr=True, highlight=False)
    try:
        request = make_request(
            files or (), options, spans=spans or (), process=process, pairs=pair or (), catalogue=settings.definitions
        )
    except (WrongRequest, IntakeError) as error:
        told.print(f"flowglass analyse: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(USAGE) from None
    try:
        with _directory(keep) as directory:
            outcome = _run(directory, request, settings.partitions, told, began, as_json=as_json)
    except (ProgramEnded, Stalled, DirectoryInUse, ProduceFailed) as error:
        told.print(f"flowglass analyse: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None
    raise typer.Exit(FAILED if outcome.wrong else 0)


def _run(
    directory: DataDirectory, request: Request, partitions: int, told: Console, began: float, *, as_json: bool
) -> Outcome:
    """Run it and print it, before the programs are stopped."""
    programs = Programs(directory, spans=bool(request.spans), definitions=request.definitions, partitions=partitions)
    with ProgressBar(told) as bar, programs:
        outcome = analyse_with(programs, request, bar)
        result = figures(outcome.found, with_start=request.with_start, seconds=monotonic() - began)
        bar.close()
        if as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n")
            sys.stdout.flush()
        else:
            print_report(report_console(), request, result, outcome.found)
        for note in outcome.notes:
            told.print(f"note: {note}", markup=False, soft_wrap=True)
        for sentence in outcome.wrong:
            told.print(f"incomplete: {sentence}", style="red", markup=False, soft_wrap=True)
    return outcome


@contextmanager
def _directory(keep: Path | None) -> Iterator[DataDirectory]:
    """The data directory to keep, or one that goes when all is done. SIGTERM ends it as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    root = keep.resolve() if keep is not None else Path(tempfile.mkdtemp(prefix="flowglass-"))
    directory = DataDirectory(root)
    try:
        directory.lock()
        yield directory
    finally:
        signal.signal(signal.SIGTERM, before)
        if keep is None:
            shutil.rmtree(root, ignore_errors=True)
