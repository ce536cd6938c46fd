"""Milestones that were expected and not seen: one alert for each system or interface that should have told them."""

from collections.abc import Sequence

from metrics.alerts.case_rows import finding_of
from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import CauseKind, Finding, Identity
from metrics.queries.expectation_rows import UnseenMilestone
from metrics.words import DAY, SECOND

KIND = "unseen"


def find(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """What should have been told within the last `window` by whom, in each process and for each owner."""
    found: dict[Identity, list[UnseenMilestone]] = {}
    for row in sight.reader.rows("alert_unseen", UnseenMilestone, since=sight.now - rule.window):
        found.setdefault(_identity(row, rule), []).append(row)
    return [_finding(identity, rows, sight, rule) for identity, rows in sorted(found.items())]


def _identity(row: UnseenMilestone, rule: ConditionRule) -> Identity:
    kind: CauseKind = "source" if row.told_by.startswith("/") else "interface"
    return Identity(KIND, row.process, kind, row.told_by, row.owner or rule.owner, bool(row.simulated))


def _finding(identity: Identity, rows: list[UnseenMilestone], sight: Sight, rule: ConditionRule) -> Finding:
    process = sight.names.process(identity.process)

    def said(many: str, told: Sequence[UnseenMilestone]) -> str:
        names = ", ".join(sorted({row.expectation for row in told}))
        return f"{process}: {identity.cause} has not told {names} of {many} in the time in which it is expected"

    return finding_of(identity, rows, rule.severity, said)


CONDITIONS = (
    Condition(
        KIND,
        "cases of which a milestone was expected within the last `window` and not seen, by who should have told it",
        ConditionRule(severity="warning", hold=15 * SECOND, keep=60 * SECOND, window=30 * DAY),
        find,
    ),
)
