"""Stores filled by real workers over the embedded broker, and weighed once all their parts are merged."""

from typing import Any

from benchmarks import procurement, span_scene
from benchmarks.stack import Stack, stack
from benchmarks.whole_job import PARTITIONS, Job, _as_history, _run
from metrics.store.tables import TABLES
from streams import topics
from streams.producer import Outgoing


def cases(count: int, within: float) -> dict[str, Any]:
    """`flowglass worker cases` over so many events of requisition to pay, sent as history."""
    records = procurement.records(count)
    sent = sum(len(key) + len(value) + sum(len(n) + len(v) for n, v in headers) for key, value, headers in records)
    with stack(PARTITIONS) as made:
        made.broker.send(topics.EVENTS, _as_history(records))
        job = _run(made, "cases", topics.EVENTS, len(records), len(records) + 2 * PARTITIONS, ("events",), within)
        return _weighed(made, job, len(records), sent)


def spans(count: int, within: float) -> dict[str, Any]:
    """`flowglass worker spans` over so many spans."""
    messages = span_scene.messages(count)
    with stack(PARTITIONS) as made:
        outgoing: list[Outgoing] = [(None, value, [], n % PARTITIONS, None) for n, value in enumerate(messages)]
        made.broker.send(topics.SPANS, outgoing)
        job = _run(made, "spans", topics.SPANS, count, len(messages), ("spans",), within)
        return _weighed(made, job, count, sum(map(len, messages)))


def _weighed(made: Stack, job: Job, items: int, sent: int) -> dict[str, Any]:
    for table in TABLES:
        made.client.command(f"OPTIMIZE TABLE {table} FINAL")
    parts = made.client.rows(
        "SELECT table, toInt64(sum(rows)) AS rows, toInt64(sum(bytes_on_disk)) AS bytes FROM system.parts"
        " WHERE database = currentDatabase() AND active GROUP BY table ORDER BY bytes DESC"
    )
    return {
        "items": items,
        "record_bytes": sent,
        "tables": {row["table"]: {"rows": row["rows"], "bytes": row["bytes"]} for row in parts if row["rows"]},
        "worker_peak": job.worker.peak,
        "store_peak": job.front.peak,
        "wall": job.wall,
        "worker_cpu": job.worker.cpu,
        "store_cpu": job.front.cpu,
    }
