"""Taking a backup: each table as one result of one question, in an order that a crash could have left."""

import gzip
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Protocol

from metrics.backup.manifest import FORMAT, Manifest, Place, SchemaStep, TableFile, write_manifest
from metrics.backup.order import reading_order
from metrics.store.client import StoreClient
from metrics.store.errors import StoreMismatch, StoreUnavailable
from metrics.store.migrate import LEDGER
from metrics.store.sqltext import quoted_name

_FAST = 1  # gzip's levels above it take three times as long for a tenth less
_SETTINGS = {"max_execution_time": 0, "output_format_tsv_crlf_end_of_line": 0}
_ONE_REPLICA = {"select_sequential_consistency": 1}
_TABLES = f"""SELECT name, total_bytes_uncompressed AS bytes FROM system.tables
WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != '{LEDGER}'"""
_COLUMNS = """SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}
AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') ORDER BY position"""
_PLACES = "SELECT worker, topic, partition, incarnation, committed FROM v_checkpoints"


class Progress(Protocol):
    """Told of work: how much there will be, and how much more of it is done. Bytes of tables, uncompressed."""

    def expect(self, total: int) -> None: ...
    def advance(self, done: int, what: str) -> None: ...


def take_backup(
    store: StoreClient, folder: Path, progress: Progress, clock: Callable[[], int], *, cluster: bool = False
) -> Manifest:
    """Write the store's tables into `folder`, which must not exist; it appears once it is whole.

    Raises StoreMismatch for a folder or a store that won't do, and store errors. Nothing of it is left behind then.
    """
    if folder.exists():
        raise StoreMismatch(f"{folder} exists already: name a new folder, a backup is never written over")
    settings = {**_SETTINGS, **(_ONE_REPLICA if cluster else {})}
    sizes = {row["name"]: int(row["bytes"] or 0) for row in store.rows(_TABLES)}
    if "checkpoints" not in sizes:
        raise StoreMismatch(f"the database {store.database} holds no store of Flowglass: nothing to back up")
    progress.expect(sum(sizes.values()))
    with _appearing(folder) as unfinished:
        began = clock()
        places = tuple(Place(**row) for row in store.rows(_PLACES))  # before any table: see `order`
        tables = tuple(_write_table(store, table, unfinished, settings, progress) for table in reading_order(sizes))
        manifest = Manifest(
            FORMAT, version("flowglass"), store.database, began, clock(), _schema(store), places, tables
        )
        write_manifest(unfinished, manifest)
    return manifest


def _schema(store: StoreClient) -> tuple[SchemaStep, ...]:
    rows = store.rows(f"SELECT number, name, checksum FROM {LEDGER} FINAL ORDER BY number")
    return tuple(SchemaStep(**row) for row in rows)


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes its name at the end of the block, or goes away with an error."""
    unfinished = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        yield unfinished
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _write_table(
    store: StoreClient, table: str, folder: Path, settings: dict[str, int], progress: Progress
) -> TableFile:
    columns = tuple(row["name"] for row in store.rows(_COLUMNS, {"table": table}))
    sql = f"SELECT {', '.join(map(quoted_name, columns))} FROM {quoted_name(table)}"
    name = f"{table}.tsv.gz"
    lines = tabs = 0
    last = b"\n"
    with (folder / name).open("wb") as file:
        hashed = _Hashed(file)
        with gzip.GzipFile(filename="", fileobj=hashed, mode="wb", compresslevel=_FAST, mtime=0) as packed:
            for chunk in store.stream(sql, "TabSeparated", settings):
                packed.write(chunk)
                lines, tabs, last = lines + chunk.count(b"\n"), tabs + chunk.count(b"\t"), chunk[-1:]
                progress.advance(len(chunk), table)
        file.flush()
        os.fsync(file.fileno())
    if last != b"\n" or tabs != lines * (len(columns) - 1):
        raise StoreUnavailable(f"the rows of {table} broke off or hold something that is no row; take the backup again")
    return TableFile(table, name, columns, lines, hashed.size, hashed.digest.hexdigest())


class _Hashed:
    """A file that counts and hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()
