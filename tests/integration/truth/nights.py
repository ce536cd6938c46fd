"""What is true of nightly batches: from the milestones that really happened, and the schedule of feeds.yaml."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from metrics.completeness.batches import LOOKED_BACK
from metrics.completeness.plan import Batch, Expectations
from metrics.words import DAY

PROCESS = "batch_reconciliation"
Night = tuple[str, int, str]
"""Facility, the night's local day (since 1970-01-01), and what its batch is like."""


def true_nights(
    cases: Mapping[tuple[str, str], Mapping[str, Any]],
    plan: Expectations,
    now: int,
    lost: Iterable[Mapping[str, Any]] = (),
) -> Counter[Night]:
    """How many batches of each facility and night are complete, late, missing or unbalanced at `now`.

    `lost`: files that never came. On the first night that is looked at none is expected before one came.
    """
    schedule = {batch.facility: batch for batch in plan.batches}
    found: Counter[Night] = Counter()
    for (process, _), record in cases.items():
        if process == PROCESS and record["milestones"]:
            batch = schedule[record["facility"]]
            reached = {name: (first, last) for name, first, last, _ in record["milestones"]}
            day = _day(batch, reached["started"][0])
            if batch.calendar.start_of_day(day) + batch.begins >= now - LOOKED_BACK:
                found[record["facility"], day, _state(batch, day, reached, now)] += 1
    for one in lost:
        batch = schedule[one["facility"]]
        day = _day(batch, one["at"])
        if batch.calendar.start_of_day(day) + batch.begins >= now - LOOKED_BACK + DAY:
            found[one["facility"], day, _state(batch, day, {}, now)] += 1
    return found


def _day(batch: Batch, started: int) -> int:
    day = batch.calendar.day_of(started)
    return day if started >= batch.calendar.start_of_day(day) + batch.begins else day - 1


def _state(batch: Batch, day: int, reached: Mapping[str, tuple[int, int]], now: int) -> str:
    due = batch.calendar.start_of_day(day) + batch.by
    if "completed" not in reached:
        return "missing" if now > due else "expected"
    if "unbalanced" in reached and reached["unbalanced"][1] > reached.get("reconciled", (0, 0))[1]:
        return "unbalanced"
    return "late" if reached["completed"][0] > due else "complete"
