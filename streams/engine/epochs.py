"""Which life of which log: the epoch that orders state rows, and what a new log incarnation means.

An epoch is taken at each assignment, above every stored one. A new incarnation (the broker or its topics
are new) is written down with what the old log still held unread, so that a page can say what was lost.
"""

from typing import Any

from streams.engine.feeds import WallClock
from streams.engine.ports import Reader, StoreWriter


def take_epoch(reader: Reader, writer: StoreWriter, *, worker: str, incarnation: str, clock: WallClock) -> int:
    """An epoch above every stored one, of state rows as well as of earlier takings."""
    sql = """SELECT greatest((SELECT max(epoch) FROM epochs), (SELECT max(bitShiftRight(version, 40)) FROM cases),
                             (SELECT max(bitShiftRight(version, 40)) FROM checkpoints)) AS epoch"""
    epoch = int(next(iter(reader.rows(sql, {})))["epoch"]) + 1
    row: dict[str, list[Any]] = {
        "epoch": [epoch],
        "worker": [worker],
        "incarnation": [incarnation],
        "taken_at": [clock()],
    }
    writer.send(writer.prepare("epochs", row))
    return epoch


def note_incarnation(reader: Reader, writer: StoreWriter, incarnation: str, clock: WallClock) -> int:
    """Write a log's identity down when it is new; returns how many records the old log held unread."""
    known = list(reader.rows("SELECT incarnation FROM v_incarnations ORDER BY seen_at", {}))
    if any(row["incarnation"] == incarnation for row in known):
        return 0
    previous = known[-1]["incarnation"] if known else ""
    unread, detail = _unread(reader, previous)
    row: dict[str, list[Any]] = {
        "incarnation": [incarnation],
        "previous": [previous],
        "seen_at": [clock()],
        "unread": [unread],
        "detail": [detail],
    }
    writer.send(writer.prepare("incarnations", row))
    return unread


def _unread(reader: Reader, incarnation: str) -> tuple[int, str]:
    sql = """SELECT topic, partition, max(high_water - least(committed, high_water)) AS unread FROM v_checkpoints
             WHERE incarnation = %(incarnation)s GROUP BY topic, partition HAVING unread > 0
             ORDER BY topic, partition"""
    rows = list(reader.rows(sql, {"incarnation": incarnation}))
    places = ", ".join(f"{row['topic']}/{row['partition']}: {row['unread']}" for row in rows)
    return sum(row["unread"] for row in rows), places
