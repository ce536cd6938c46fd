"""Types of columns. Times are int64 microseconds (spans: nanoseconds) since 1970 UTC and travel as Arrow timestamps,
so that no Python datetime is built on the hot path.
"""

from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(TEXT)
TIME: Final = pa.timestamp("us", tz="UTC")
TIMES: Final = pa.list_(TIME)
NUMBERS: Final = pa.list_(pa.int64())
COUNTS: Final = pa.list_(pa.uint64())
NANO_TIME: Final = pa.timestamp("ns", tz="UTC")
HEADERS: Final = pa.list_(pa.struct([("name", TEXT), ("value", TEXT)]))


def schema(**columns: pa.DataType) -> pa.Schema:
    """Columns in the order of the migrations; `a__b` is the nested column `a.b`."""
    return pa.schema([pa.field(name.replace("__", "."), kind) for name, kind in columns.items()])
