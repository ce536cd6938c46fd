"""What a backup's folder holds: one file a table, and a manifest that says what must be in them."""

import hashlib
from pathlib import Path

import msgspec

from metrics.store.errors import StoreMismatch

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


class BackupUnusable(StoreMismatch):
    """A backup that can't be restored, or a store that none may be restored into; the message says why."""


class SchemaStep(msgspec.Struct, frozen=True):
    """A migration that the store had when the backup was taken."""

    number: int
    name: str
    checksum: str


class TableFile(msgspec.Struct, frozen=True):
    """The rows of a table as gzipped tab-separated text; `bytes` and `sha256` are of the file."""

    table: str
    file: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str


class Place(msgspec.Struct, frozen=True):
    """How far a worker had read a partition of the log that is called `incarnation`."""

    worker: str
    topic: str
    partition: int
    incarnation: str
    committed: int


class Manifest(msgspec.Struct, frozen=True):
    """`began` and `ended`: microseconds UTC. `tables` in the order in which they were read."""

    format: int
    program: str
    database: str
    began: int
    ended: int
    schema: tuple[SchemaStep, ...]
    places: tuple[Place, ...]
    tables: tuple[TableFile, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.tables)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup that is whole. Raises BackupUnusable."""
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupUnusable(f"{folder} is no backup: it has no {MANIFEST}") from None
    except (OSError, msgspec.DecodeError) as error:
        raise BackupUnusable(f"{path} can't be read: {error}") from None
    if manifest.format != FORMAT:
        raise BackupUnusable(f"{path} has format {manifest.format}; this version of Flowglass reads format {FORMAT}")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise BackupUnusable, naming every file that is missing or not as it was written."""
    wrong = [complaint for one in manifest.tables if (complaint := _complaint(folder / one.file, one))]
    if wrong:
        raise BackupUnusable(f"the backup in {folder} is damaged: {'; '.join(wrong)}")


def _complaint(path: Path, wanted: TableFile) -> str:
    if Path(wanted.file).name != wanted.file:
        return f"{wanted.file!r} is not a name of a file"
    if not path.is_file():
        return f"{wanted.file} is missing"
    if path.stat().st_size != wanted.bytes:
        return f"{wanted.file} has {path.stat().st_size:,} bytes instead of {wanted.bytes:,}"
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return "" if digest.hexdigest() == wanted.sha256 else f"{wanted.file} has another checksum"
