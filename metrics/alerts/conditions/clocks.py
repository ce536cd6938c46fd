"""SLA clocks of open cases: at risk, and breached while the case still waits."""

from functools import partial

from metrics.alerts.case_causes import Trouble, gather
from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Member
from metrics.words import DAY, SECOND


def _find(kind: str, status: str, said: str, sight: Sight, rule: ConditionRule) -> list[Finding]:
    troubles = [
        Trouble(
            Member(clock.process, clock.case_id, clock.state, clock.sla, clock.amount, clock.currency),
            sight.names.sla_owner(clock.process, clock.sla) or clock.owner,
            clock.phase,
            bool(clock.simulated),
        )
        for clock in sight.clocks
        if clock.status == status
    ]
    return gather(kind, said, troubles, sight, rule)


CONDITIONS = (
    Condition(
        "at_risk",
        "open cases whose SLA runs out soon",
        # Spans reach the store by another way than events: what holds a case up is known some seconds after its clock.
        ConditionRule(severity="warning", hold=15 * SECOND, keep=60 * SECOND, window=30 * DAY),
        partial(_find, "at_risk", "at_risk", "are close to their deadline"),
    ),
    Condition(
        "breach",
        "open cases past their SLA, for as long as they wait and at most `window`",
        ConditionRule(severity="critical", hold=15 * SECOND, keep=60 * SECOND, window=30 * DAY),
        partial(_find, "breach", "breached", "are past their deadline"),
    ),
)
