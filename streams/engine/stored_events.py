"""Events read back from the store, as they went in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from metrics.words import Amount, Event, ObjectRef

COLUMNS = """event_id, origin, position, type, activity,
    toUnixTimestamp64Micro(time) AS time_us, toUnixTimestamp64Micro(started) AS started_us,
    source, feed, subject, sequence, object_types, object_ids, object_qualifiers,
    attributes, amount, currency, actor, trace_id, span_id, trace_source, simulated,
    toUnixTimestamp64Micro(recorded) AS recorded_us, effective_date, precision"""
"""All of an event but when it was taken in; times as integers, so that no datetime is built."""

_json = msgspec.json.Decoder(dict[str, Any])


def event_of(row: Mapping[str, Any]) -> Event:
    """One row of `COLUMNS` as the event it was."""
    refs = zip(row["object_types"], row["object_ids"], row["object_qualifiers"], strict=True)
    return Event(
        id=row["event_id"],
        type=row["type"],
        activity=row["activity"],
        time=row["time_us"],
        started=row["started_us"],
        source=row["source"],
        feed=row["feed"],
        subject=row["subject"],
        sequence=row["sequence"],
        objects=tuple(ObjectRef(kind, key, role) for kind, key, role in refs),
        attributes=_json.decode(row["attributes"]),
        amount=Amount(row["amount"], row["currency"]) if row["amount"] else None,
        actor=row["actor"],
        trace_id=row["trace_id"],
        span_id=row["span_id"],
        trace_source=row["trace_source"],
        origin=row["origin"],
        position=row["position"],
        simulated=bool(row["simulated"]),
        recorded=row["recorded_us"],
        effective_date=row["effective_date"],
        precision=row["precision"],
    )


def events_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    return map(event_of, rows)
