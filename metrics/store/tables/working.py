"""What a worker goes on from: epochs, offsets, feeds, the log's identity."""

import pyarrow as pa

from metrics.store.tables.columns import TEXT, TIME, schema

WORKING: dict[str, pa.Schema] = {
    "checkpoints": schema(
        worker=TEXT,
        topic=TEXT,
        partition=pa.uint32(),
        version=pa.uint64(),
        incarnation=TEXT,
        committed=pa.uint64(),
        high_water=pa.uint64(),
        watermark=TIME,
        flushed_at=TIME,
        read_to=TIME,
        left_us=pa.int64(),
    ),
    "feeds": schema(
        feed=TEXT,
        version=pa.uint64(),
        phase=TEXT,
        watermark=TIME,
        last_seen=TIME,
        simulated=pa.uint8(),
    ),
    "epochs": schema(epoch=pa.uint32(), worker=TEXT, incarnation=TEXT, taken_at=TIME),
    "incarnations": schema(incarnation=TEXT, previous=TEXT, seen_at=TIME, unread=pa.uint64(), detail=TEXT),
}
