"""The one writer: columns or rows in, one durable and deduplicated insert out.

A block is frozen (bytes and token) and can be sent again byte for byte: the engine recognises its token and stores it
once. The token is a hash of the table, the scope and the bytes, so equal tokens mean equal content. Columns travel as
an Arrow stream, rows of Python objects as JSON lines (`metrics.store.wire`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from metrics.store import wire
from metrics.store.block import ARROW, Block, block_token, stream_of
from metrics.store.client import StoreClient
from metrics.store.errors import RowsRefused, StoreMismatch, StoreUnavailable
from metrics.store.sqltext import quoted_name
from metrics.store.tables import TABLES

Columns: TypeAlias = Mapping[str, Sequence[Any]] | pa.RecordBatch | pa.Table

# The engine's defaults undo durability or hide mistakes; a test reads each of these back from the engine.
INSERT_SETTINGS: Mapping[str, int | str] = {
    "async_insert": 0,  # 1 acknowledges before the rows are stored
    "wait_end_of_query": 1,
    "insert_deduplicate": 1,  # what versions before 26 look at ...
    "deduplicate_insert": "enable",  # ... and those after; left out where the engine does not know it
    "input_format_null_as_default": 0,  # 1 stores '' or 0 where a value is missing ...
    "insert_null_as_default": 0,  # ... and so does this, where the engine takes rows apart
    "input_format_parallel_parsing": 0,  # a block is parsed in a few ms: handing it to a pool of threads costs more
    "input_format_arrow_allow_missing_columns": 0,
    "max_insert_threads": 1,  # one block in, one part out
    # 1 merges each block as the table's engine would; readers use FINAL anyway (measured: 9.7 against 3.0 us a row).
    "optimize_on_insert": 0,
}
CLUSTER_SETTINGS: Mapping[str, int | str] = {
    "insert_quorum": "auto",  # most replicas have the rows before they count as stored
    "insert_quorum_parallel": 0,  # 1 would make questions with select_sequential_consistency mean nothing
    "distributed_foreground_insert": 1,  # 0 acknowledges what only lies in a queue
}


def untold(_: StoreUnavailable) -> None:
    """Where nobody keeps the reason."""


class ClickHouseWriter:
    """Writes to the tables of `metrics.store.tables`; may be shared by threads."""

    def __init__(
        self, client: StoreClient, *, cluster: str = "", on_unavailable: Callable[[StoreUnavailable], None] = untold
    ) -> None:
        """`on_unavailable` is told why each insert failed that is worth a retry."""
        self._client = client
        self._on_unavailable = on_unavailable
        pa.array([""])  # pyarrow imports pandas, where it is installed, at its first conversion: 1 s, not in a flush
        self._settings = pinned_settings(client, cluster=bool(cluster))

    def insert(self, table: str, columns: Columns, *, scope: str = "") -> None:
        """Prepare and send. Raises a StoreError."""
        self.send(self.prepare(table, columns, scope=scope))

    def prepare(self, table: str, columns: Columns, *, scope: str = "") -> Block:
        """Freeze the columns into a block. Times are int microseconds (spans: nanoseconds) since 1970 UTC.

        `scope` separates equal content of different origin (a definition's version, a replay's run id).
        Raises RowsRefused for values that don't fit a column, StoreMismatch for wrong tables and columns.
        """
        batch = to_batch(table, columns)
        data = stream_of([batch])
        return Block(table, batch.num_rows, data, block_token(table, scope, data), scope=scope)

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]], *, scope: str = "") -> Block:
        """Freeze rows, each with the values of `metrics.store.wire.fields(table)`, into a block.

        Raises RowsRefused for what JSON cannot hold; a value that does not fit its column is refused by `send`.
        """
        data = wire.encode(table, rows)
        return Block(table, len(rows), data, block_token(table, scope, data), wire.FORMAT, scope)

    def send(self, block: Block) -> None:
        """Store the block; returns once it is durable. Sending it again stores nothing more.

        Raises RowsRefused with nothing stored when a row of it can never be: its halves tell which.
        """
        if not block.rows:
            return
        settings = {**self._settings, "insert_deduplication_token": block.token}
        target = arrow_target(block.table) if block.format == ARROW else wire.target(block.table)
        try:
            self._client.insert(target, block.format, block.data, settings)
        except StoreUnavailable as error:
            self._on_unavailable(error)
            raise


def pinned_settings(client: StoreClient, *, cluster: bool) -> dict[str, int | str]:
    """What goes with every insert into this engine."""
    wanted = {**INSERT_SETTINGS, **(CLUSTER_SETTINGS if cluster else {})}
    if not client.has_setting("deduplicate_insert"):
        del wanted["deduplicate_insert"]
    return wanted


def arrow_target(table: str) -> str:
    """What stands between INSERT INTO and FORMAT for columns."""
    return f"{quoted_name(table)} ({', '.join(map(quoted_name, TABLES[table].names))})"


def to_batch(table: str, columns: Columns) -> pa.RecordBatch:
    """The columns in the table's order and types."""
    schema = TABLES.get(table)
    if schema is None:
        raise StoreMismatch(f"there is no table {table!r} to write to")
    names = set(columns.schema.names if isinstance(columns, pa.RecordBatch | pa.Table) else columns)
    if names != set(schema.names):
        missing, unknown = sorted(set(schema.names) - names), sorted(names - set(schema.names))
        raise StoreMismatch(f"columns of {table}: missing {missing}, unknown {unknown}")
    try:
        return pa.record_batch([_array(columns[field.name], field) for field in schema], schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeError) as error:
        raise RowsRefused(f"{table}: {error}") from error


def _array(values: Any, field: pa.Field) -> pa.Array:
    try:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if isinstance(values, pa.Array):
            return values if values.type == field.type else values.cast(field.type)
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeError) as error:
        raise RowsRefused(f"column {field.name}: {error}") from error
