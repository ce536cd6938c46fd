"""Builders of what batches are judged from. Times in microseconds; the place is UTC."""

from typing import Any

from metrics.completeness.plan import Batch
from metrics.completeness.rows import BatchEvents, BroughtFile, MarkerCount
from metrics.sla.calendar import ALWAYS
from metrics.words import DAY, HOUR

MONDAY = 1_767_571_200_000_000
"""2026-01-05 00:00 UTC."""

NIGHTLY = Batch(
    "hours", "Payroll hours", "integration_team", "north", ALWAYS, 21 * HOUR, DAY + 6 * HOUR, interface="hours"
)
LEDGER = Batch("ledger", "General ledger", "finance", "", ALWAYS, 0, 8 * HOUR, system="engine", file="*GL*.dat")


def night(number: int, **changes: Any) -> BatchEvents:
    """The batch of the night of a day, counted from Monday: begun at 22:00, through at 23:00, in balance."""
    start = MONDAY + number * DAY + 22 * HOUR
    known: dict[str, Any] = {
        "subject": f"batch/B-{number}", "interface": "hours", "facility": "north", "simulated": 0, "started_us": start,
        "failed_us": 0, "completed_us": start + HOUR, "unbalanced_us": 0, "reconciled_us": start + 2 * HOUR,
        "rows_started": "900", "rows_completed": "900", "rows_compared": "900", "reason": "", "feed": "erp",
    }  # fmt: skip
    return BatchEvents(**{**known, **changes})


def file(number: int, **changes: Any) -> BroughtFile:
    """The file of a day, counted from Monday, sent and stored at 07:00."""
    at = MONDAY + number * DAY + 7 * HOUR
    known: dict[str, Any] = {
        "system": "engine", "name": f"{number}/GL.dat", "content": f"{number:064x}", "state": "sent", "reason": "",
        "business_date": f"2026-01-{5 + number:02d}", "rows": 8, "rows_declared": 8, "rows_dead": 0,
        "totals_declared": '{"amount":"31463.50"}', "events": 8,
        "amounts": '{"USD":"31463.50"}', "events_stored": 8, "amounts_stored": '{"USD":"31463.5"}', "check": "equal",
        "simulated": 0, "seen_us": at, "sent_us": at,
    }  # fmt: skip
    return BroughtFile(**{**known, **changes})


def marker(**changes: Any) -> MarkerCount:
    """A feed that said to have sent 100 records to a partition, all of which are stored."""
    known: dict[str, Any] = {
        "feed": "erp", "kind": "live", "partition": 2, "origin": "flowglass.events/2@x", "position": 140,
        "declared": 100, "ingested_us": MONDAY, "stored": 100, "distinct_events": 97, "dead": 0, "simulated": 0,
    }  # fmt: skip
    return MarkerCount(**{**known, **changes})
