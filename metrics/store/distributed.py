"""The form of the schema for several shards: a database of `Distributed` tables over one of replicated tables.

Rows of one key must meet in one shard, or FINAL and the replacing engine leave two of them. So a table is spread by
the hash of all columns of its sorting key, which is read from the migrations. Views stand in the database above, and so
read all shards. This is printed for whoever runs the cluster (docs/cluster.md); `migrate` runs it nowhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from metrics.store.errors import StoreMismatch
from metrics.store.migrate import LEDGER, Migration, statements
from metrics.store.sqltext import masked, quoted, quoted_name

_TABLE = re.compile(r"CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\s+(\w+)", re.IGNORECASE)
_VIEW = re.compile(r"CREATE\s+(?:OR\s+REPLACE\s+)?VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)", re.IGNORECASE)
_SORTED = re.compile(r"^ORDER\s+BY\s+(?:\(([\w,\s]+)\)|(\w+))", re.IGNORECASE | re.MULTILINE)


def distributed_statements(migrations: Sequence[Migration], cluster: str, *, local: str, database: str) -> list[str]:
    """What makes `database` read and write all shards of the database `local`. May be run again after each upgrade.

    Raises StoreMismatch without a cluster, or where both databases are one.
    """
    if not cluster:
        raise StoreMismatch("tables over several shards need the cluster's name: --cluster, or FLOWGLASS_CLUSTER")
    if local == database:
        raise StoreMismatch(f"the shards' own tables need a database beside {database}, such as {database}_local")
    on_cluster = f"ON CLUSTER {quoted(cluster)}"
    use = f"USE {quoted_name(database)}"  # where names of tables in views are looked for
    made = [f"CREATE DATABASE IF NOT EXISTS {quoted_name(database)} {on_cluster}", use]
    for table, columns in {**sorting_keys(migrations), LEDGER: ("number",)}.items():
        there = f"{quoted_name(local)}.{quoted_name(table)}"
        spread = f"cityHash64({', '.join(columns)})"
        made.append(
            f"CREATE OR REPLACE TABLE {quoted_name(database)}.{quoted_name(table)} {on_cluster} AS {there}\n"
            f"ENGINE = Distributed({quoted(cluster)}, {quoted(local)}, {quoted(table)}, {spread})"
        )
    return [*made, *_views(migrations, cluster, database)]


def sorting_keys(migrations: Sequence[Migration]) -> dict[str, tuple[str, ...]]:
    """The columns that each table of the migrations is sorted by, in the order of their making."""
    found: dict[str, tuple[str, ...]] = {}
    for statement in _all(migrations, ""):
        if table := _TABLE.match(statement):
            key = _SORTED.search(masked(statement))
            if key is None:
                raise StoreMismatch(f"the migration of the table {table[1]} names no sorting key of plain columns")
            found[table[1]] = tuple(re.findall(r"\w+", key[1] or key[2]))
    return found


def _views(migrations: Sequence[Migration], cluster: str, database: str) -> Iterator[str]:
    """The newest form of each view, in the order in which they were last made, so that none precedes what it reads."""
    newest: dict[str, str] = {}
    for statement in _all(migrations, cluster):
        if view := _VIEW.match(statement):
            newest.pop(view[1], None)
            newest[view[1]] = statement[view.end() :]
    for name, rest in _in_order(newest).items():
        yield f"CREATE OR REPLACE VIEW {quoted_name(database)}.{quoted_name(name)}{rest}"


def _in_order(views: Mapping[str, str]) -> dict[str, str]:
    """Each view behind those that it reads."""
    ordered: dict[str, str] = {}

    def put(name: str) -> None:
        if name in ordered:
            return
        for read in re.findall(r"\b\w+\b", masked(views[name])):
            if read in views and read != name:
                put(read)
        ordered[name] = views[name]

    for name in views:
        put(name)
    return ordered


def _all(migrations: Sequence[Migration], cluster: str) -> Iterator[str]:
    for migration in migrations:
        yield from statements(migration, cluster=cluster)
