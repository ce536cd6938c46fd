"""`flowglass export ocel|xes|csv|openslo`: events for other tools, objectives for other SLO tools."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, get_args

import typer
from rich.console import Console
from rich.progress import Progress

from metrics.commands.opened import open_store
from metrics.commands.output import say
from metrics.definitions.load import load
from metrics.exports.log import Kind, log
from metrics.exports.rows import ExportedEvent
from metrics.exports.window import BEGINNING, END, Window, parse_time
from metrics.objectives.openslo import documents, written
from metrics.queries.rows import Process
from metrics.settings import read_settings

_KINDS: tuple[Kind, ...] = get_args(Kind)


def export(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="ocel|xes|csv|openslo", help="OCEL 2.0 JSON, XES (one process), CSV, or OpenSLO v1 YAML."
        ),
    ],
    process: Annotated[
        str, typer.Option("--process", help="Only this process; XES needs it when there are several.")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="File; default: standard output.")] = None,
    since: Annotated[str, typer.Option("--since", help="Events from this date or time (UTC unless it says).")] = "",
    until: Annotated[str, typer.Option("--until", help="Events before this date or time.")] = "",
) -> None:
    """Export events as OCEL 2.0 JSON, XES or CSV (simulated ones are marked), or objectives as OpenSLO.

    Exit codes: 0 done, 1 there is nothing to export, 2 wrong usage.
    """
    if kind == "openslo":
        _export_objectives(process, out, f"{since}{until}")
        return
    chosen = next((one for one in _KINDS if one == kind), None)
    if chosen is None:
        _refuse(f"{kind!r} can't be exported; use ocel, xes, csv or openslo", 2)
        return
    window = Window(process, _time(since, BEGINNING), _time(until, END))
    with open_store() as (_, reader):
        sizes = {row.process: row for row in reader.rows("processes", Process)}
        window = _chosen(window, kind, sorted(sizes))
        simulated = any(row.simulated for name, row in sizes.items() if window.process in ("", name))
        found = log(reader, chosen, window, simulated=simulated, watched=_counted)
        if not found.events:
            _refuse("there is no event to export in this window", 1)
        with _target(out) as file:
            file.writelines(found.pieces)
    say(
        f"{found.events:,} events exported"
        + (f" to {out}" if out else "")
        + ("; simulated data is among them" if simulated else "")
    )


def _export_objectives(process: str, out: Path | None, period: str) -> None:
    """The objectives of the definitions in force; no store is asked."""
    if period:
        _refuse("objectives hold at all times: --since and --until are for events", 2)
    found = list(documents(load(read_settings().definitions), process))
    if not found:
        _refuse(f"there is no objective{f' of a process {process!r}' if process else ''} in the definitions", 1)
    with _target(out) as file:
        file.write(written(found).encode())
    slos = sum(one["kind"] == "SLO" for one in found)
    say(f"{slos:,} objectives exported" + (f" to {out}" if out else ""))


def _counted(events: Iterable[ExportedEvent], total: int) -> Iterator[ExportedEvent]:
    """The events, with a bar on a terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        yield from bar.track(events, total=total, description="exporting")


def _chosen(window: Window, kind: str, processes: list[str]) -> Window:
    """The window with the process that is meant."""
    if window.process and window.process not in processes:
        _refuse(f"no case of the process {window.process!r} is stored; there are: {', '.join(processes) or 'none'}", 1)
    if kind != "xes" or window.process:
        return window
    if not processes:
        _refuse("no case is stored yet", 1)
    if len(processes) > 1:
        _refuse(f"XES holds one kind of case; choose one with --process: {', '.join(processes)}", 2)
    return Window(processes[0], window.since, window.until)


@contextmanager
def _target(out: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name only when it is whole."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(out)
    except OSError as error:
        _refuse(f"{out} can't be written: {error}", 1)
    finally:
        part.unlink(missing_ok=True)


def _time(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    try:
        return parse_time(text)
    except ValueError:
        _refuse(f"{text!r} is no date or time such as 2026-01-02 or 2026-01-02T08:00:00Z", 2)
        raise


def _refuse(why: str, code: int) -> None:
    say(why)
    raise typer.Exit(code)
