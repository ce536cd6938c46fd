"""A backup's way back: into a store that is empty, by the schema it was taken under, and then up to today's."""

import gzip
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from metrics.backup.manifest import BackupUnusable, Manifest, SchemaStep, TableFile, check_files, read_manifest
from metrics.backup.taking import Progress
from metrics.store.client import StoreClient
from metrics.store.migrate import Applied, Migration, load_migrations, migrate
from metrics.store.sqltext import quoted_name
from metrics.store.writer import pinned_settings

PIECE_BYTES = 16 << 20
"""Rows travel in pieces of this size, cut at the end of a row: the embedded store takes a piece into memory."""
_FILLED = """SELECT arrayStringConcat(arraySlice(arraySort(groupArray(name)), 1, 5), ', ') FROM system.tables
WHERE database = {database:String} AND engine LIKE '%MergeTree' AND name != 'schema_migrations' AND total_rows > 0"""


def restore_backup(
    store: StoreClient, folder: Path, progress: Progress, *, cluster: str = ""
) -> tuple[Manifest, Applied]:
    """Put a backup into the store's database; returns it, and what was migrated on top.

    Everything is checked before the store is touched. Raises BackupUnusable and store errors; what broke off half-way
    leaves a store that is filled: drop its database and begin again.
    """
    manifest = read_manifest(folder)
    files = load_migrations()
    steps = _steps_of(manifest, files)
    filled = store.command(_FILLED, {"database": store.database}, in_database=False)
    if filled:
        raise BackupUnusable(
            f"the database {store.database} is not empty ({filled}): a backup is never mixed with what"
            " is there. Restore into a database that is new, or drop this one first."
        )
    check_files(folder, manifest)
    migrate(store, cluster=cluster, migrations=steps)
    progress.expect(manifest.bytes)
    settings = pinned_settings(store, cluster=bool(cluster))
    for one in manifest.tables:
        _load(store, folder / one.file, one, settings, progress)
    return manifest, migrate(store, cluster=cluster, migrations=files)


def _steps_of(manifest: Manifest, files: Sequence[Migration]) -> list[Migration]:
    """The migrations under which the backup was taken. Raises BackupUnusable where this program has others."""
    known = {one.number: SchemaStep(one.number, one.name, one.checksum) for one in files}
    for step in manifest.schema:
        if step.number not in known:
            raise BackupUnusable(
                f"the backup has migration {step.number:04} ({step.name}), which this version of Flowglass does not"
                f" know: it was taken by a newer one ({manifest.program}); update this program"
            )
        if known[step.number] != step:
            raise BackupUnusable(f"migration {step.number:04} of the backup is not the one of this program")
    taken = {step.number for step in manifest.schema}
    return [one for one in files if one.number in taken]


def _load(store: StoreClient, path: Path, one: TableFile, settings: dict[str, int | str], progress: Progress) -> None:
    target = f"{quoted_name(one.table)} ({', '.join(map(quoted_name, one.columns))})"
    rows = before = 0
    for number, (piece, read) in enumerate(_pieces(path)):
        token = hashlib.sha256(f"{one.sha256}/{number}".encode()).hexdigest()[:32]
        store.insert(target, "TabSeparated", piece, {**settings, "insert_deduplication_token": token})
        rows += piece.count(b"\n")
        progress.advance(read - before, one.table)
        before = read
    if rows != one.rows:
        raise BackupUnusable(f"{one.file} holds {rows:,} rows, the manifest says {one.rows:,}")


def _pieces(path: Path) -> Iterator[tuple[bytes, int]]:
    """The file's text cut at ends of rows, each piece with how far the file was read."""
    with path.open("rb") as file, gzip.open(file) as text:
        rest = b""
        while chunk := text.read(PIECE_BYTES):
            whole, end, begun = (rest + chunk).rpartition(b"\n")
            rest = begun
            if end:
                yield whole + end, file.tell()
        if rest:
            raise BackupUnusable(f"{path.name} ends within a row")
