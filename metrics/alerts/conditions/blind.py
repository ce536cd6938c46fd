"""Conditions that cannot be looked at: no alert of theirs means nothing then."""

from collections.abc import Iterable

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Identity
from metrics.words import MINUTE

KIND = "blind"


def unseen(kinds: Iterable[str], rule: ConditionRule) -> list[Finding]:
    """One for each kind whose look failed in this round."""
    return [
        Finding(
            identity=Identity(KIND, "", "pipeline", kind, rule.owner, False),
            severity=rule.severity,
            detail=f"whether there is anything of the kind {kind} cannot be found out: its query fails; "
            "the log of `flowglass alerts run` says why",
            count=1,
        )
        for kind in sorted(kinds)
    ]


def _find(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Nothing by itself: a round knows what it could not look at."""
    return []


CONDITIONS = (
    Condition(
        KIND,
        "a kind whose query fails, so that its silence means nothing",
        ConditionRule(severity="warning", hold=2 * MINUTE, keep=MINUTE),
        _find,
    ),
)
