"""What comes in and cannot be used: surges of dead letters, paused sources, broken contracts."""

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import BrokenContracts, Buried, PausedSource
from metrics.alerts.words import Finding, Identity
from metrics.commands.wording import duration, plain
from metrics.words import MINUTE, SECOND


def dead_letters(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Sources of more than `threshold` dead letters within `window`."""
    rows = sight.reader.rows("alert_dead_letters", Buried, since=sight.now - rule.window)
    return [
        Finding(
            identity=Identity("dead_letters", "", "source", plain(row.source), rule.owner, bool(row.simulated)),
            severity=rule.severity,
            detail=f"{row.letters:,} messages of {plain(row.source)} could not be read within {duration(rule.window)}, "
            f"mostly {row.reason}; `flowglass dlq list` shows them",
            count=row.letters,
        )
        for row in rows
        if row.letters > rule.threshold
    ]


def paused_sources(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Sources that are kept away, by a limit or by somebody."""
    return [
        Finding(
            identity=Identity("source_paused", "", "source", plain(row.source), rule.owner, False),
            severity=rule.severity,
            detail=f"{plain(row.source)} is paused by {'its limit' if row.cause == 'limit' else 'an operator'}: "
            f"{plain(row.detail) or 'no reason given'}; `flowglass source resume` ends it",
            count=1,
        )
        for row in sight.reader.rows("alert_paused_sources", PausedSource)
    ]


def contracts(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Sources that sent more than `threshold` events within `window` that break a domain's contracts."""
    rows = sight.reader.rows("alert_contract_breaches", BrokenContracts, since=sight.now - rule.window)
    return [
        Finding(
            identity=Identity(
                "contract", "", "source", plain(row.source), row.domain or rule.owner, bool(row.simulated)
            ),
            severity=rule.severity,
            detail=f"{row.events:,} events of {plain(row.source)} break contracts of the domain {row.domain}; "
            "`flowglass contracts breaches` shows them",
            count=row.events,
        )
        for row in rows
        if row.events > rule.threshold
    ]


CONDITIONS = (
    Condition(
        "dead_letters",
        "a source of more than `threshold` dead letters within `window`",
        ConditionRule(severity="warning", window=5 * MINUTE, threshold=20, keep=60 * SECOND),
        dead_letters,
    ),
    Condition("source_paused", "a source that is kept away", ConditionRule(severity="critical"), paused_sources),
    Condition(
        "contract",
        "a source of more than `threshold` events within `window` that break a contract",
        ConditionRule(severity="warning", window=15 * MINUTE, threshold=0, keep=60 * SECOND),
        contracts,
    ),
)
