"""Cases that do not go as their definition says: one alert for each rule that is broken, in each way it can be."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from metrics.alerts.case_rows import finding_of
from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import StandingDeviation
from metrics.alerts.words import Finding, Identity, Severity
from metrics.definitions.conformance_words import rule_sentence
from metrics.words import DAY, SECOND

KIND = "deviation"
SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {"extra": "critical", "missing": "warning", "wrong_order": "warning", "rework": "info"}
)
"""Unless the file says else (`severities`): what was forbidden and done weighs more than what nobody told of."""
SENTENCES = 3
"""A rule about the end of the case is broken by any step: so many of them are named."""


def find(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Rules that more than `threshold` cases break, by deviations of the last `window` that stand."""
    found: dict[Identity, list[StandingDeviation]] = {}
    for row in sight.reader.rows("alert_deviations", StandingDeviation, since=sight.now - rule.window):
        cause = f"{row.kind}: {row.rule}"
        owner = rule.owner or sight.names.process_owner(row.process) or row.owner
        found.setdefault(Identity(KIND, row.process, "rule", cause, owner, bool(row.simulated)), []).append(row)
    findings = [_finding(identity, rows, sight, rule) for identity, rows in sorted(found.items())]
    return [one for one in findings if one.count > rule.threshold]


def _finding(identity: Identity, rows: list[StandingDeviation], sight: Sight, rule: ConditionRule) -> Finding:
    kind, process = rows[0].kind, sight.names.process(identity.process)
    severity = rule.severities.get(kind) or SEVERITIES.get(kind, rule.severity)
    return finding_of(
        identity, rows, severity, lambda many, told: f"{process}: {many} not as defined: {_sentences(told, sight)}"
    )


def _sentences(rows: Sequence[StandingDeviation], sight: Sight) -> str:
    title = partial(sight.names.milestone, rows[0].process)
    found = dict.fromkeys(rule_sentence(row.kind, row.rule, row.milestone, title) for row in rows)
    more = [f"and {len(found) - SENTENCES} more"] if len(found) > SENTENCES else []
    return ", ".join([*list(found)[:SENTENCES], *more])


CONDITIONS = (
    Condition(
        KIND,
        "a rule of conformance that more than `threshold` cases broke within the last `window`, until that is healed",
        ConditionRule(severity="warning", hold=15 * SECOND, keep=60 * SECOND, window=7 * DAY),
        find,
    ),
)
