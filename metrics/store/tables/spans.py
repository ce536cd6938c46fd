"""Spans, and the objects they name."""

import pyarrow as pa

from metrics.store.tables.columns import NANO_TIME, TEXT, TIME, schema

SPANS: dict[str, pa.Schema] = {
    "spans": schema(
        trace_id=TEXT,
        span_id=TEXT,
        origin=TEXT,
        position=pa.uint64(),
        parent_span_id=TEXT,
        service=TEXT,
        name=TEXT,
        kind=TEXT,
        interface=TEXT,
        start=NANO_TIME,
        duration_ns=pa.uint64(),
        status=TEXT,
        status_message=TEXT,
        attributes=TEXT,
        resource=TEXT,
        events=TEXT,
        ingested=TIME,
        simulated=pa.uint8(),
    ),
    "span_refs": schema(
        object_type=TEXT,
        object_id=TEXT,
        trace_id=TEXT,
        span_id=TEXT,
        carrier=TEXT,
        key=TEXT,
        start=NANO_TIME,
        ingested=TIME,
    ),
}
