"""Exceptions that wait for somebody: files that are not right, and contradictory or missing data."""

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import FaultyFiles, OpenFindings
from metrics.alerts.words import Finding, Identity
from metrics.commands.wording import plain
from metrics.words import DAY, SECOND


def files(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Systems with more than `threshold` files, seen within `window`, that are refused, short or not complete."""
    return [
        Finding(
            identity=Identity("file_exception", "", "source", plain(row.system), rule.owner, bool(row.simulated)),
            severity=rule.severity,
            detail=f"{row.files:,} files of {plain(row.system)} need somebody's eyes; "
            "`flowglass files --exceptions` shows them",
            count=row.files,
        )
        for row in sight.reader.rows("alert_files", FaultyFiles, since=sight.now - rule.window)
        if row.files > rule.threshold
    ]


def quality(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Owners of a domain for whom more than `threshold` exceptions of data quality wait."""
    return [
        Finding(
            identity=Identity("data_quality", "", "source", row.domain, row.owner or rule.owner, bool(row.simulated)),
            severity=rule.severity,
            detail=f"{row.findings:,} exceptions of data quality wait in the domain {row.domain}, mostly {row.kind}; "
            "`flowglass quality list` shows them",
            count=row.findings,
        )
        for row in sight.reader.rows("alert_quality", OpenFindings)
        if row.findings > rule.threshold
    ]


CONDITIONS = (
    Condition(
        "file_exception",
        "a system with more than `threshold` files within `window` that are refused, short or not complete",
        ConditionRule(severity="warning", window=7 * DAY, threshold=0, keep=60 * SECOND),
        files,
    ),
    Condition(
        "data_quality",
        "an owner for whom more than `threshold` exceptions of data quality wait",
        ConditionRule(severity="info", threshold=20, keep=60 * SECOND),
        quality,
    ),
)
