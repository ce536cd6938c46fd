"""`flowglass folder DIR`: brings the nightly files of a watched folder into the running service, each content once."""

import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from metrics.cli import AWAY, FAILED
from metrics.commands.opened import LONGEST_SECONDS, wall_clock
from metrics.commands.output import say
from metrics.commands.wording import plain
from metrics.privacy.opened import open_privacy
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import StoreClient, connect
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.broker.declaring import declared
from streams.broker.patience import is_away
from streams.folder.bringing import Bringing, Stage
from streams.folder.checking import Checking
from streams.folder.judging import Judge
from streams.folder.ledger import EQUAL, SENT, Entry, Ledger
from streams.folder.listing import Folder
from streams.folder.parts import ROWS
from streams.folder.progress import Progress
from streams.folder.readiness import Readiness
from streams.folder.systems import Systems, mapping_directories
from streams.folder.watching import Watching
from streams.privacy.mapping_words import mapping_words
from streams.producer import ProduceFailed, Producer, start_producer

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """What `flowglass folder` was asked for; `quiet`, `every` and `patience` in seconds, `largest` in bytes."""

    root: Path
    quiet: float = 60.0
    every: float = 5.0
    patience: float = 600.0
    rows: int = ROWS
    largest: int = 4096 * MIB
    archive: Path | None = None
    once: bool = False
    simulated: bool = False


class InUse(Exception):
    """Another program watches the folder."""


def folder(
    root: Annotated[
        Path, typer.Argument(metavar="DIR", help="Files lie in DIR/SYSTEM/, SYSTEM being a mapping's name.")
    ],
    quiet: Annotated[
        float,
        typer.Option("--quiet", min=0, help="Seconds without a change that make a file without a manifest complete."),
    ] = 60.0,
    every: Annotated[float, typer.Option("--every", min=0.1, help="Seconds between two looks at the folder.")] = 5.0,
    archive: Annotated[
        Path | None, typer.Option("--archive", help="Move files that were sent to DIR/SYSTEM/ here; else they stay.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all that is complete is sent and checked.")] = False,
    patience: Annotated[
        float, typer.Option("--patience", min=1, help="Seconds after which events that are not stored are a fault.")
    ] = 600.0,
    rows: Annotated[int, typer.Option("--rows", min=1, max=100_000, help="Rows of one message.")] = ROWS,
    largest: Annotated[int, typer.Option("--largest", min=1, help="MiB of the largest file that is taken.")] = 4096,
    simulated: Annotated[bool, typer.Option("--simulated", help="Mark what the files hold as not real.")] = False,
) -> None:
    """Bring the files of a folder into the running service, each content exactly once; the ledger: `flowglass files`.

    Exit codes: 0 told to stop, or with --once all is well; 1 with --once somebody has to look; 2 wrong usage.
    """
    if not root.is_dir():
        raise typer.BadParameter(f"{root} is no directory", param_hint="DIR")
    if archive is not None and archive.resolve().is_relative_to(root.resolve()):
        raise typer.BadParameter("it lies in DIR, where its files would be taken for new ones", param_hint="--archive")
    options = FolderOptions(root, quiet, every, patience, rows, largest * MIB, archive, once, simulated)
    settings = find_stack(broker=True)
    try:
        faulty = asyncio.run(run_folder(settings, options))
    except InUse as error:
        say(str(error))
        raise typer.Exit(1) from None
    except (KafkaError, ProduceFailed) as error:
        say(f"the broker {settings.broker} does not take messages: {error}")
        raise typer.Exit(AWAY if is_away(error) else FAILED) from None
    if once and faulty:
        say(f"{faulty} files need somebody: flowglass files --exceptions")
        raise typer.Exit(1)


async def run_folder(settings: Settings, options: FolderOptions, stage: Stage = lambda _: None) -> int:
    """Watch until SIGINT or SIGTERM, or once; returns how many files of the ledger somebody has to look at.

    Whoever sees the folder held can tell the program to stop. Raises InUse.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with only_one(options.root):
        await declared(settings.broker, settings.partitions)
        store = connect(settings)
        try:
            watching = compose(settings, options, store, stop.is_set, stage)
            await watching.run(stop, options.every, once=options.once)
            return sum(entry.faulty for entry in watching.ledger.all())
        finally:
            store.close()


def compose(
    settings: Settings, options: FolderOptions, store: StoreClient, stopping: Callable[[], bool], stage: Stage
) -> Watching:
    """The parts of the program, wired to the real store and broker. Raises SettingError without the keys of privacy."""
    reader, writer = Queries(store, seconds=LONGEST_SECONDS), ClickHouseWriter(store, cluster=settings.cluster)
    ledger = Ledger(reader, writer, wall_clock)
    progress = Progress(_line, stopping)
    privacy = open_privacy(settings, mapping_words(settings.mappings))
    guard = privacy.guard() if privacy else None
    judge = Judge(writer, wall_clock, options.simulated, options.rows, progress.step, progress.pace, guard)

    async def connected() -> Producer:
        return await start_producer(settings.broker, "flowglass-folder")

    return Watching(
        Folder(options.root),
        Systems(mapping_directories(settings.mappings)),
        Readiness(options.quiet, monotonic),
        ledger,
        Bringing(ledger, reader, judge, connected, wall_clock, options.simulated, stage),
        Checking(ledger, reader, options.patience, monotonic, wall_clock),
        lambda entry: _line(told(entry)),
        progress.pace,
        options.largest,
        archive=options.archive,
    )


def told(entry: Entry) -> str:
    """An entry in one line."""
    line = f"{entry.system}/{entry.name}: {entry.state}"
    if entry.state == SENT:
        line += f", {entry.rows:,} rows in {entry.parts:,} messages"
        line += "" if entry.events is None else f", {entry.events:,} events"
        line += ", all of them stored" if entry.check == EQUAL else ""
    return f"{line}: {entry.reason}" if entry.reason else line


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Hold the folder against a second program on this machine. Raises InUse."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse(f"another `flowglass folder` watches {root}") from None
        yield
    finally:
        os.close(handle)


def _line(text: str) -> None:
    print(f"folder: {plain(text)}", file=sys.stderr, flush=True)
