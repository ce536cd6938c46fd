"""`flowglass simulate`: the simulated hospital group, from its history to the wall clock."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from aiokafka.errors import KafkaConnectionError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from metrics.cli import AWAY, FAILED
from metrics.privacy.keyring import KeyringError, open_keyring
from metrics.privacy.tokens import Tokens
from metrics.settings import Settings, read_settings
from metrics.steady_log import is_disk_full
from metrics.words import SECOND
from streams.broker.patience import is_away
from streams.producer import ProduceFailed, start_producer
from streams.simulator import journal
from streams.simulator.clockwork import micros
from streams.simulator.journal import StateFile, TruthFile
from streams.simulator.plan import DISORDERS, LONGEST_DAYS, SimulationPlan
from streams.simulator.run import Run, Watcher
from streams.simulator.sinks import BrokerSink, FileSink
from streams.simulator.stage import Called
from streams.simulator.through import at_once, mapped_on

_REPORT_SECONDS = 60.0
NATIVE_DAYS = 14
"""Mapping 90 days of native messages takes about as long as all the rest of a start."""


def wall_clock() -> int:
    """Now, in microseconds UTC."""
    return time.time_ns() // 1_000


class BarWatcher:
    """Shows progress as a bar on a terminal."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[sent]}"),
            TimeElapsedColumn(),
        )
        self.bar = Progress(*columns, console=console)
        self._task: TaskID | None = None

    def progress(self, phase: str, done: float, events: int, spans: int) -> None:
        if self._task is None:
            self._task = self.bar.add_task("", total=1.0, sent="")
        sent = f"{events:,} events, {spans:,} spans"
        self.bar.update(self._task, description=f"simulator: {phase}", completed=done, sent=sent)


class LineWatcher:
    """Prints a line for each tenth of the history, later one a minute: for logs."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._said: tuple[str, int] = ("", -1)
        self._at = 0.0

    def progress(self, phase: str, done: float, events: int, spans: int) -> None:
        tenth = int(done * 10)
        if phase == "live" and time.monotonic() - self._at < _REPORT_SECONDS:
            return
        if phase != "live" and (phase, tenth) == self._said:
            return
        self._said, self._at = (phase, tenth), time.monotonic()
        share = "" if phase == "live" else f" {done:.0%}"
        self._write(f"simulator: {phase}{share}, {events:,} events, {spans:,} spans")


def new_progress(plan: SimulationPlan, disorder: str) -> journal.Progress:
    """The progress of a run that has sent nothing."""
    return journal.Progress(
        seed=plan.seed,
        anchor=plan.anchor,
        days=plan.days,
        load=plan.load,
        speed=plan.speed,
        disorder=disorder,
        native=plan.native,
        native_days=plan.native_days,
    )


def plan_for(directory: StateFile, asked: SimulationPlan, disorder: str) -> tuple[SimulationPlan, journal.Progress]:
    """The plan to run: that of the directory's earlier run where there is one, else the one asked for.

    A run that began with canonical events, or with native messages, goes on with them.

    Raises OtherRunError when the directory holds a run of another seed, length, load, speed or disorder.
    """
    known = directory.read()
    if known is None:
        return asked, new_progress(asked, disorder)
    same = (known.seed, known.days, known.load, known.speed, known.disorder)
    if same != (asked.seed, asked.days, asked.load, asked.speed, disorder):
        raise journal.OtherRunError(
            f"{directory.directory} holds a run with seed {known.seed}, {known.days} days, load {known.load:g}, "
            f"speed {known.speed:g}, disorder {known.disorder}; ask for the same, or choose another --data-dir"
        )
    return replace(asked, anchor=known.anchor, native=known.native, native_days=known.native_days), known


async def play(
    broker: str, plan: SimulationPlan, progress: journal.Progress, state: StateFile, watcher: Watcher, called: Called
) -> None:
    """History, then live, into a broker, until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with await start_producer(broker, "flowglass-simulator") as producer:
        sink = BrokerSink(producer, progress.counts, mapped_on(broker) if plan.native else at_once)
        with TruthFile(state.directory) as truth:
            run = Run(plan, sink, state, truth, progress, wall_clock, watcher, called=called)
            if await run.history(stop):
                await run.live(stop)


async def write_files(plan: SimulationPlan, progress: journal.Progress, out: Path, watcher: Watcher) -> None:
    """The history and its truth as files in `out`."""
    with TruthFile(out) as truth:
        run = Run(plan, FileSink(out), None, truth, progress, wall_clock, watcher)
        await run.history(asyncio.Event())


def simulate(
    broker: Annotated[str, typer.Option(help="Kafka broker, host:port; FLOWGLASS_BROKER_URL when left out.")] = "",
    data_dir: Annotated[
        Path | None, typer.Option(help="Progress and truth go to simulator/ in it; FLOWGLASS_DATA_DIR when left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds and anchors give equal events.")] = 7,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="Days of history before the anchor.")] = 90,
    anchor: Annotated[str, typer.Option(help="When history ends, ISO 8601 with zone; now when left out.")] = "",
    load: Annotated[float, typer.Option(min=0.01, max=50, help="Size of the group, 1 is natural.")] = 1.0,
    speed: Annotated[float, typer.Option(min=0.1, max=200, help="Arrivals after the anchor, 1 is natural.")] = 1.0,
    live_rate: Annotated[float, typer.Option(min=1, max=1000, help="At most so many messages a second live.")] = 40.0,
    disorder: Annotated[str, typer.Option(help="Delivery: none, small or harsh.")] = "small",
    canonical: Annotated[
        bool, typer.Option("--canonical", help="Send canonical events, not each product's own messages.")
    ] = False,
    native_days: Annotated[
        int, typer.Option(min=0, max=LONGEST_DAYS, help="Days before the anchor that products speak for themselves.")
    ] = NATIVE_DAYS,
    out: Annotated[Path | None, typer.Option(help="Write the history as files here instead of to a broker.")] = None,
) -> None:
    """Play a simulated hospital group: a history as fast as it goes, then live until stopped."""
    console, settings = Console(stderr=True), read_settings()
    address = broker or settings.broker
    if disorder not in DISORDERS:
        raise typer.BadParameter(f"one of {', '.join(DISORDERS)}", param_hint="--disorder")
    carriers, delivery = DISORDERS[disorder]
    asked = SimulationPlan(
        seed=seed,
        anchor=_instant(anchor),
        days=days,
        load=load,
        speed=speed,
        live_rate=live_rate,
        carriers=carriers,
        disorder=delivery,
        native=not canonical and out is None,
        native_days=native_days,
    )
    bar = BarWatcher(console) if sys.stderr.isatty() else None
    watcher: Watcher = bar or LineWatcher(lambda line: print(line, file=sys.stderr, flush=True))
    try:
        with bar.bar if bar else contextlib.nullcontext():
            if out is not None:
                asyncio.run(write_files(asked, new_progress(asked, disorder), out, watcher))
                return
            state = StateFile((data_dir or settings.data_dir) / "simulator")
            plan, progress = plan_for(state, asked, disorder)
            state.write(progress)  # before the first event: a restart must find the anchor
            asyncio.run(play(address, plan, progress, state, watcher, _names_of_people(settings)))
    except OSError as error:
        if not is_disk_full(error):
            raise
        console.print(f"flowglass simulate: the disk is full: {error}", style="red")
        raise typer.Exit(1) from error
    except journal.OtherRunError as error:
        console.print(f"flowglass simulate: {error}", style="red")
        raise typer.Exit(2) from error
    except (KafkaConnectionError, ProduceFailed) as error:
        console.print(f"flowglass simulate: the broker {address} does not take events: {error}", style="red")
        raise typer.Exit(AWAY if is_away(error) else FAILED) from error


def _names_of_people(settings: Settings) -> Called:
    """How the installation calls people: by tokens where it has the keys to make them."""
    try:
        keyring = open_keyring(settings)
    except KeyringError:
        return str
    return str if keyring is None else Tokens(keyring).id


def _instant(text: str) -> int:
    """Microseconds UTC of an ISO 8601 instant, or the last whole second."""
    if not text:
        return wall_clock() // SECOND * SECOND
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 instant", param_hint="--anchor") from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone: write it like 2026-01-31T12:00:00Z", param_hint="--anchor")
    return micros(moment)
