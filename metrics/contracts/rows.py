"""Breaches as rows of the store: the exceptions of the domain that owns the type.

A row is known by (source, type, code, member, event id), so that a repeated flush or event adds nothing, and
the events behind an exception are counted from distinct ids. A notice is one row for a source and type: its events are
counted from the events themselves, and who sends a type of his own pays no row for each.
"""

from collections.abc import Iterable
from typing import Any, Final

from metrics.contracts.checker import NOTICES, Breach

COLUMNS: Final = (
    "source", "type", "code", "member", "event_id",
    "domain", "detail", "time", "origin", "position", "simulated", "noted",
)  # fmt: skip


def breach_rows(breaches: Iterable[Breach], now: int) -> list[tuple[Any, ...]]:
    """The rows in the order of `COLUMNS`, each key once: the first breach that has it. `now`: microseconds UTC."""
    rows: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for breach in breaches:
        event = breach.event
        told_of = "" if breach.code in NOTICES else event.id
        key = (breach.source, breach.type, breach.code, breach.member, told_of)
        if key not in rows:
            rows[key] = (
                *key, breach.domain, breach.detail, event.time, event.origin, event.position, event.simulated, now
            )  # fmt: skip
    return list(rows.values())
