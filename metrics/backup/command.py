"""`flowglass backup` and `flowglass restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from metrics.backup.manifest import Manifest
from metrics.backup.restoring import restore_backup
from metrics.backup.taking import take_backup
from metrics.commands.opened import wall_clock
from metrics.commands.output import print_json, print_line
from metrics.commands.stopped_store import has_store, opened
from metrics.commands.wording import rfc3339
from metrics.running import NotRunning, find_stack
from metrics.settings import Settings, read_settings
from metrics.store.client import StoreClient, connect_url

_ANSWER_SECONDS = 3600.0
"""A table's first rows may be long in coming, and a piece long in being merged."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Database = Annotated[str, typer.Option("--database", help="Its database; default: FLOWGLASS_DATABASE.")]


def backup(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not exist.")],
    as_json: Json = False,
) -> None:
    """Copy the store into a folder while everything runs, or from the data directory of a stack that is stopped.

    Exit codes: 0 done, 1 failed: nothing is left behind.
    """
    with _found() as (store, settings), _bar() as bar:
        manifest = take_backup(store, folder, bar, wall_clock, cluster=bool(settings.cluster))
    if as_json:
        print_json({"folder": str(folder), **_told(manifest)})
        return
    print_line(f"{manifest.rows:,} rows of {len(manifest.tables)} tables, {manifest.bytes:,} bytes, in {folder}")
    print_line("The keys of privacy, definitions, mappings and people's files are not in it: keep copies of them too.")


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup's folder.", exists=True, file_okay=False)],
    store: Annotated[str, typer.Option("--store", help="URL of the store; default: the stack's.")] = "",
    database: Database = "",
    as_json: Json = False,
) -> None:
    """Put a backup into an empty store and bring its schema up to date. Workers must not run yet.

    Without --store: into the store that the environment names, else into the data directory of a stack that is stopped.
    Exit codes: 0 done, 1 refused: the store is not empty, or the backup is damaged or of a newer version.
    """
    with _emptied(store, database) as (client, settings), _bar() as bar:
        manifest, applied = restore_backup(client, folder, bar, cluster=settings.cluster)
    if as_json:
        print_json({"database": client.database, "migrated": applied.applied, **_told(manifest)})
        return
    print_line(f"{manifest.rows:,} rows of {len(manifest.tables)} tables as of {rfc3339(manifest.began)}")
    if applied.applied:
        print_line(f"then migrated: {', '.join(f'{number:04}' for number in applied.applied)}")
    print_line("Next: `flowglass rewind` while no worker runs, so that what came after it is read again.")


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "began": rfc3339(manifest.began),
        "ended": rfc3339(manifest.ended),
        "rows": manifest.rows,
        "bytes": manifest.bytes,
        "schema": max((step.number for step in manifest.schema), default=0),
        "tables": {one.table: one.rows for one in manifest.tables},
        "places": [msgspec.structs.asdict(place) for place in manifest.places],
    }


@contextmanager
def _found() -> Iterator[tuple[StoreClient, Settings]]:
    """The store of the running stack, else that of a data directory whose stack is stopped."""
    try:
        settings = find_stack()
    except NotRunning:
        settings = read_settings()
        if not has_store(settings.data_dir):
            raise
        with opened(settings.data_dir) as url, _connected(url, settings.database) as store:
            yield store, settings
        return
    with _connected(settings.store_url, settings.database) as store:
        yield store, settings


@contextmanager
def _emptied(url: str, database: str) -> Iterator[tuple[StoreClient, Settings]]:
    settings = read_settings()
    try:
        where = url or find_stack().store_url
    except NotRunning:
        with opened(settings.data_dir) as own, _connected(own, database or settings.database) as store:
            yield store, settings
        return
    with _connected(where, database or settings.database) as store:
        yield store, settings


@contextmanager
def _connected(url: str, database: str) -> Iterator[StoreClient]:
    store = connect_url(url, database, answer_seconds=_ANSWER_SECONDS)
    try:
        yield store
    finally:
        store.close()


class _Bar:
    """A bar on standard error, where that is a terminal."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task = bars.add_task("tables", total=None)

    def expect(self, total: int) -> None:
        self._bars.update(self._task, total=max(total, 1))

    def advance(self, done: int, what: str) -> None:
        self._bars.update(self._task, advance=done, description=what)


@contextmanager
def _bar() -> Iterator[_Bar]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield _Bar(bars)
