"""Builders of the figures of hours of health."""

from typing import Any

from metrics.queries.health_rows import CallFigures, EventFigures
from metrics.words import SECOND


def call_figures(**told: Any) -> CallFigures:
    """One operation in one hour; what is left out is that of a single call that went well in a second."""
    plain: dict[str, Any] = {
        "hour_us": 0, "interface": "orders", "operation": "POST", "system": "coupa", "kind": "client",
        "service": "hub", "simulated": 0, "calls": 1, "errors": 0, "first_us": 0, "last_us": 0,
        "median_us": None, "p95_us": None, "p99_us": None, "took_us": [SECOND], "took_calls": [1], "retries": 0,
        "failed_messages": 0, "recovered": 0, "given_up": 0, "unsettled": 0, "fewest_attempts": 0,
        "shortest_wait_us": 0, "longest_wait_us": 0, "wait_us": [], "wait_calls": [], "taken": 0,
        "longest_lag_us": 0, "lag_us": [], "lag_calls": [], "settles_us": None,
    }  # fmt: skip
    return CallFigures(**{**plain, **told})


def event_figures(source: str, kind: str, version: int, events: int, last: int) -> EventFigures:
    """Events of one source and type in one hour."""
    return EventFigures(0, source, kind, "", 0, events, 0, last, last, 0, version)
