"""Objectives whose misses are too many to be luck: a page when it goes fast, a ticket when the budget goes at all.

What fires, and what lets go, follows from the decided cases in their order (`metrics.objectives.tiers`): looking more
often finds nothing more. Cases of feeds that send their history are left out until these are live.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial

from metrics.alerts.condition import Condition, Sight, cases, money, total
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Identity, Member
from metrics.objectives.standing import ObjectiveStanding, TierStanding
from metrics.objectives.wording import likelihood
from metrics.queries.objective_rows import ObjectiveMiss
from metrics.words import DAY, SECOND


def find(kind: str, tier: str, sight: Sight, rule: ConditionRule) -> Iterator[Finding]:
    """One finding for each objective on which the tier fires; `only` names objectives (patterns of process/sla)."""
    for one in sight.objectives:
        if rule.only and not any(fnmatchcase(f"{one.process}/{one.sla}", pattern) for pattern in rule.only):
            continue
        for standing in one.tiers:
            if standing.tier == tier and standing.firing:
                yield _finding(kind, one, standing, sight, rule)


def _finding(kind: str, one: ObjectiveStanding, tier: TierStanding, sight: Sight, rule: ConditionRule) -> Finding:
    missed = sight.reader.rows(
        "objective_misses",
        ObjectiveMiss,
        process=one.process,
        sla=one.sla,
        simulated=int(one.simulated),
        since=sight.now - one.window_days * DAY,
        limit=tier.misses,
    )
    members = tuple(Member(row.process, row.case_id, row.state, row.sla, row.amount, row.currency) for row in missed)
    amounts = total(members)
    return Finding(
        identity=Identity(kind, one.process, "objective", one.sla, rule.owner or one.owner, one.simulated),
        severity=rule.severity,
        detail=_sentence(one, tier, amounts, sight),
        count=tier.misses,
        members=members,
        amounts=amounts,
    )


def _sentence(one: ObjectiveStanding, tier: TierStanding, amounts: dict[str, str], sight: Sight) -> str:
    worth = f" ({money(amounts)})" if amounts else ""
    left = f"{cases(one.left)} left" if one.left >= 0 else f"{cases(-one.left)} over"
    return (
        f"{sight.names.process(one.process)}, {one.title}: {tier.misses:,} of the last {cases(tier.cases)} decided "
        f"missed{worth}; on a target of {100 * one.target:g} % that comes up by luck {likelihood(tier.chance)}; "
        f"error budget: {left} of {one.allowed:,} in {one.window_days} days"
    )


CONDITIONS = (
    Condition(
        "burn",
        "an objective whose cases miss at twice the pace of its budget or more, and not by luck",
        ConditionRule(severity="critical", hold=15 * SECOND, keep=300 * SECOND),
        partial(find, "burn", "page"),
    ),
    Condition(
        "budget",
        "an objective whose cases miss more often than its budget allows, and not by luck",
        ConditionRule(severity="warning", hold=15 * SECOND, keep=300 * SECOND),
        partial(find, "budget", "ticket"),
    ),
)
