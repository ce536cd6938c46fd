"""Guards that were violated: what was done although it should not have been, until somebody has looked at it."""

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import OpenViolations
from metrics.alerts.words import Finding, Identity
from metrics.words import DAY, SECOND

KIND = "guard"


def violated(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Guards with more than `threshold` violations of the last `window` that nobody has taken on."""
    history = {bool(feed.simulated) for feed in sight.feeds if feed.phase == "backfill"}
    return [
        Finding(
            identity=Identity(KIND, row.process, "guard", row.guard, row.owner or rule.owner, bool(row.simulated)),
            severity=row.severity,
            detail=f"{row.title}: {row.violations:,} that nobody has taken on; "
            f"`flowglass quality list --kind guard --domain {row.process}` shows them",
            count=row.violations,
            muted="backfill" if bool(row.simulated) in history else "",
        )
        for row in sight.reader.rows("alert_guards", OpenViolations, since=sight.now - rule.window)
        if row.violations > rule.threshold
    ]


CONDITIONS = (
    Condition(
        KIND,
        "a guard with more than `threshold` violations of the last `window` that nobody has taken on",
        ConditionRule(severity="warning", window=30 * DAY, threshold=0, keep=60 * SECOND),
        violated,
    ),
)
