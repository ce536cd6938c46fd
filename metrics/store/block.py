"""One insert, frozen: bytes that can be sent again, halved when a row in them is refused, and read back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import pyarrow as pa

from metrics.store import wire

ARROW: Final = "ArrowStream"


@dataclass(frozen=True, slots=True)
class Block:
    """`data` is an Arrow IPC stream with exactly the table's columns, or JSON lines (`metrics.store.wire`)."""

    table: str
    rows: int
    data: bytes
    token: str
    format: str = ARROW
    scope: str = ""

    def halved(self) -> "tuple[Block, Block]":
        """The first half of the rows and the others, each frozen by itself. At least two rows are needed.

        The same block gives the same halves, so halves are as safe to send again as the block is.
        """
        middle = self.rows // 2
        if self.format != ARROW:
            lines = self.data.splitlines(keepends=True)
            parts = (b"".join(lines[:middle]), b"".join(lines[middle:]))
        else:
            table = self._arrow()
            parts = (stream_of(table.slice(0, middle)), stream_of(table.slice(middle)))
        first, second = (
            Block(self.table, rows, data, block_token(self.table, self.scope, data), self.format, self.scope)
            for rows, data in zip((middle, self.rows - middle), parts, strict=True)
        )
        return first, second

    def told(self) -> dict[str, Any]:
        """The first row: by column of an Arrow stream, by field of JSON lines. Times are whole numbers."""
        if self.format != ARROW:
            values = msgspec.json.decode(self.data.splitlines()[0])
            return dict(zip((field.name for field in wire.fields(self.table)), values, strict=True))
        row = self._arrow().slice(0, 1)
        return {name: _plain(row.column(name)) for name in row.schema.names}

    def _arrow(self) -> pa.Table:
        with pa.ipc.open_stream(self.data) as stream:
            return stream.read_all()


def stream_of(table: "pa.Table | Iterable[pa.RecordBatch]") -> bytes:
    """An Arrow IPC stream of these rows."""
    batches = table.combine_chunks().to_batches() if isinstance(table, pa.Table) else list(table)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return bytes(sink.getvalue().to_pybytes())


def block_token(table: str, scope: str, data: bytes) -> str:
    """32 hex digits that name exactly this content for this table and scope."""
    digest = hashlib.sha256()
    for part in (table.encode(), scope.encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    digest.update(data)
    return digest.hexdigest()[:32]


def _plain(column: pa.ChunkedArray) -> Any:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    (value,) = column.to_pylist()
    return value
