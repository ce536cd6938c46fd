"""Open cases that an interface failed, and with which nothing has happened since: no clock need run out for that."""

from metrics.alerts.case_causes import Trouble, gather
from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Member
from metrics.words import HOUR, SECOND


def find(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Cases that failed `after` ago or earlier, without those that a clock tells of already."""
    told = {(clock.process, clock.case_id) for clock in sight.clocks}
    failed: dict[tuple[str, str], int] = {}
    for call in sight.failing:
        key = (call.process, call.case_id)
        failed[key] = max(failed.get(key, 0), call.failed_us)
    troubles = {
        key: Trouble(
            Member(call.process, call.case_id, call.state, "", call.amount, call.currency),
            "",
            call.phase,
            bool(call.simulated),
        )
        for call in sight.failing
        if (key := (call.process, call.case_id)) not in told and sight.now - failed[key] >= rule.after
    }
    return gather("stuck", "are stuck", troubles.values(), sight, rule)


CONDITIONS = (
    Condition(
        "stuck",
        "open cases that an interface failed, and that have not moved for `after` since",
        ConditionRule(severity="warning", after=HOUR, hold=15 * SECOND, keep=60 * SECOND),
        find,
    ),
)
