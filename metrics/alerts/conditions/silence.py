"""What does not happen: a feed that fell silent, workers that store nothing, and the sign of life itself."""

from fnmatch import fnmatchcase

from metrics.alerts.condition import Condition, Sight
from metrics.alerts.plan import ConditionRule
from metrics.alerts.rows import Flushed
from metrics.alerts.words import Finding, Identity
from metrics.commands.wording import duration, plain
from metrics.words import DAY, MINUTE, SECOND


def feeds(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Live feeds of which nothing was heard for `after` (or what `special` grants them), and less than `window`."""
    found = []
    for feed in sight.feeds:
        silent = sight.now - feed.last_seen_us
        limit = next((one for name, one in rule.special.items() if fnmatchcase(feed.feed, name)), rule.after)
        if feed.phase == "live" and limit < silent < rule.window:
            found.append(
                Finding(
                    identity=Identity("feed_silent", "", "feed", plain(feed.feed), rule.owner, bool(feed.simulated)),
                    severity=rule.severity,
                    detail=f"nothing was heard of {plain(feed.feed)} for more than {duration(limit)}: "
                    "without it no breach means nothing",
                    count=1,
                )
            )
    return found


def pipeline(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Classes of workers (`only`) that stored nothing for `after`, and any that left records unread for so long."""
    if not any(feed.phase in ("live", "backfill") for feed in sight.feeds):
        return []
    simulated = all(feed.simulated for feed in sight.feeds)
    found = []
    for row in sight.reader.rows("alert_flushes", Flushed):
        still = sight.now - row.flushed_us
        expected = not rule.only or row.worker in rule.only
        if rule.after < still < rule.window and (expected or row.unread):
            left = f"; {row.unread:,} records were unread then" if row.unread else ""
            found.append(
                Finding(
                    identity=Identity("pipeline_stale", "", "worker", row.worker, rule.owner, simulated),
                    severity=rule.severity,
                    detail=f"the worker {row.worker} has stored nothing for more than {duration(rule.after)}{left}: "
                    "what is shown is old, and no deadline is judged",
                    count=row.unread,
                )
            )
    return found


def deadman(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Always: who stops hearing it knows that alerting itself is dead."""
    detail = "alerting works; if this stops, nobody is told anything any more"
    identity = Identity("deadman", "", "pipeline", "alerts", rule.owner, False)
    return [Finding(identity=identity, severity=rule.severity, detail=detail, count=1)]


CONDITIONS = (
    Condition(
        "feed_silent",
        "a live feed of which nothing was heard for `after` (`special`: other limits by feed), up to `window`",
        ConditionRule(severity="warning", after=15 * MINUTE, window=7 * DAY, keep=30 * SECOND),
        feeds,
    ),
    Condition(
        "pipeline_stale",
        "workers (`only` these) that stored nothing for `after`, up to `window`",
        ConditionRule(severity="critical", after=90 * SECOND, window=7 * DAY, only=("cases",)),
        pipeline,
    ),
    Condition("deadman", "always, as a sign of life", ConditionRule(severity="info"), deadman),
)
