"""Which trace stands for a flush: one of many, so that a slow flush can be looked at from the inside."""

from collections.abc import Sequence
from typing import Any, Final

from metrics.words import Event

LOOKED_AT: Final = 32
"""Newest events that are looked at: a flush may hold thousands, and one trace is enough."""


def carried_trace(events: Sequence[Event]) -> str:
    """The trace id of the newest event that carries a `traceparent`; '' when none of the newest does."""
    newest = events[-1 : -LOOKED_AT - 1 : -1]
    return next((one.trace_id for one in newest if one.trace_source == "traceparent" and one.trace_id), "")


def newest_trace(trace_ids: Sequence[Any]) -> str:
    """The last of a column of trace ids, whether Python's or Arrow's; '' when there is none."""
    last = trace_ids[-1] if len(trace_ids) else ""
    return str(last.as_py() if hasattr(last, "as_py") else last)
