"""Numbered, forward-only migrations: `.sql` files, a checksum ledger, and two placeholders for the cluster form.

A file that broke off half-way is repeated whole, so each statement must leave the same on repeat: CREATE gets IF NOT
EXISTS here, other statements must be repeatable as written. A file that was applied must not change any more.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from metrics.store.errors import StoreMismatch
from metrics.store.sqltext import masked, quoted, quoted_name, split_statements

DIRECTORY = Path(__file__).parent / "migrations"
LEDGER = "schema_migrations"

_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_CREATE = re.compile(r"\s*CREATE\s+(TABLE|(MATERIALIZED\s+)?VIEW|DICTIONARY)\s+(?!IF\s+NOT\s+EXISTS\b)", re.I)
_REPEATABLE = re.compile(
    r"""\s*(CREATE\s+OR\s+REPLACE\s | CREATE\s+\w+(\s+VIEW)?\s+IF\s+NOT\s+EXISTS\s | DROP\s+\w+\s+IF\s+EXISTS\s
          | ALTER\s+TABLE\s.*\s(ADD\s+\w+\s+IF\s+NOT\s+EXISTS|DROP\s+\w+\s+IF\s+EXISTS|MODIFY|MATERIALIZE)\s)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


class MigrationError(StoreMismatch):
    """The migrations on disk and the store's ledger don't fit together, or a file is malformed."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `checksum` is the SHA-256 of its bytes, whatever the cluster."""

    number: int
    name: str
    text: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What `migrate` did: the numbers it applied now and those it found applied."""

    applied: tuple[int, ...]
    already: tuple[int, ...]


def load_migrations(directory: Path = DIRECTORY) -> list[Migration]:
    """The files of a directory by number. Numbers start at 1 and leave no gap."""
    found = []
    for path in sorted(directory.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if not match:
            raise MigrationError(f"{path.name}: a migration is named like 0001_facts.sql")
        data = path.read_bytes()
        found.append(Migration(int(match[1]), match[2], data.decode(), hashlib.sha256(data).hexdigest()))
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(f"the migrations are numbered {numbers}: each number once, from 1, without a gap")
    return found


def statements(migration: Migration, *, cluster: str = "") -> list[str]:
    """The file's statements for a server on its own (cluster '') or for a cluster, made repeatable."""
    values = {"ON_CLUSTER": _on_cluster(cluster), "REPLICATED": _replicated(cluster)}

    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise MigrationError(f"{migration.name}: unknown placeholder {found[0]}; there are {sorted(values)}")
        return values[found[1]]

    return [_repeatable(migration, text) for text in split_statements(_PLACEHOLDER.sub(fill, migration.text))]


def _on_cluster(cluster: str) -> str:
    return f"ON CLUSTER {quoted(cluster)}" if cluster else ""


def _replicated(cluster: str) -> str:
    return "Replicated" if cluster else ""


def _repeatable(migration: Migration, statement: str) -> str:
    start = re.search(r"\S", masked(statement))
    code = statement[start.start() :] if start else statement
    code = _CREATE.sub(lambda found: f"{found[0].rstrip()} IF NOT EXISTS ", code, count=1)
    if not _REPEATABLE.match(code):
        first_line = code.split("\n")[0]
        raise MigrationError(f"{migration.name}: a repeat of this statement would fail or double: {first_line!r}")
    return code


def migrate(client: StoreClient, *, cluster: str = "", migrations: Sequence[Migration] | None = None) -> Applied:
    """Bring the client's database to the newest schema. Safe to repeat and to run twice at once.

    Raises MigrationError when an applied file has changed or is missing, before anything is touched.
    """
    files = load_migrations() if migrations is None else migrations
    _create_ledger(client, cluster)
    ledger = _read_ledger(client)
    _refuse_changes(files, ledger)
    pending = [migration for migration in files if migration.number not in ledger]
    prepared = [(migration, statements(migration, cluster=cluster)) for migration in pending]
    for migration, texts in prepared:
        for text in texts:
            client.command(text)
        _record(client, migration)
    return Applied(tuple(migration.number for migration in pending), tuple(sorted(ledger)))


def migrate_url(url: str, database: str = DEFAULT_DATABASE, *, cluster: str = "") -> Applied:
    """`migrate` for the store at a URL."""
    client = connect_url(url, database)
    try:
        return migrate(client, cluster=cluster)
    finally:
        client.close()


def _create_ledger(client: StoreClient, cluster: str) -> None:
    on_cluster = _on_cluster(cluster)
    client.command(f"CREATE DATABASE IF NOT EXISTS {quoted_name(client.database)} {on_cluster}", in_database=False)
    client.command(
        f"CREATE TABLE IF NOT EXISTS {LEDGER} {on_cluster}"
        " (number UInt32, name String, checksum String, applied_at DateTime64(6, 'UTC'))"
        f" ENGINE = {_replicated(cluster)}ReplacingMergeTree(applied_at) ORDER BY number"
        " SETTINGS fsync_after_insert = 1"
    )


def _read_ledger(client: StoreClient) -> dict[int, tuple[str, str]]:
    rows = client.rows(f"SELECT number, name, checksum FROM {LEDGER} FINAL ORDER BY number")
    return {row["number"]: (row["name"], row["checksum"]) for row in rows}


def _refuse_changes(files: Sequence[Migration], ledger: dict[int, tuple[str, str]]) -> None:
    known = {migration.number: migration for migration in files}
    for number, (name, checksum) in ledger.items():
        if number not in known:
            message = f"migration {number:04} ({name}) is in the store but not in this version of Flowglass"
            raise MigrationError(f"{message}: the store was migrated by a newer version; update this program")
        if known[number].checksum != checksum:
            message = f"migration {number:04}_{known[number].name}.sql was changed after it had been applied"
            raise MigrationError(f"{message}: restore the file and put the change into a new migration")


def _record(client: StoreClient, migration: Migration) -> None:
    client.command(
        f"INSERT INTO {LEDGER} SELECT {{number:UInt32}}, {{name:String}}, {{checksum:String}}, now64(6, 'UTC')",
        {"number": migration.number, "name": migration.name, "checksum": migration.checksum},
    )
