"""Receivers that cannot be reached: others are told."""

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import Unsettled
from metrics.alerts.words import Finding, Identity
from metrics.commands.wording import duration
from metrics.words import MINUTE


def find(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Receivers for which a message has waited longer than `after`."""
    rows = sight.reader.rows("alert_unsettled", Unsettled)
    return [
        Finding(
            identity=Identity("receiver_away", "", "receiver", row.receiver, rule.owner, False),
            severity=rule.severity,
            detail=f"the receiver {row.receiver} has not taken alerts for more than {duration(rule.after)}; "
            "they wait and none is lost",
            count=row.messages,
        )
        for row in rows
        if sight.now - row.oldest_us > rule.after
    ]


CONDITIONS = (
    Condition(
        "receiver_away",
        "a receiver for which a message waits longer than `after`",
        ConditionRule(severity="warning", after=5 * MINUTE),
        find,
    ),
)
