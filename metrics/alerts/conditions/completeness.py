"""What should have come and did not: feeds silent or short against what is usual, batches that are missing or wrong."""

from metrics.alerts.condition import Condition, Sight, muting
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Identity
from metrics.commands.wording import plain
from metrics.completeness.rows import Standing
from metrics.completeness.telling import batch_sentence, by_owner, feed_standings, odd_batches, sentence
from metrics.words import DAY, HOUR, MINUTE, SECOND

SILENT, SHORT, BATCH = "source_silent", "source_short", "batch_exception"


def silent(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Sources that have said nothing for longer than is declared or usual, up to `window`."""
    return [
        _finding(SILENT, one, rule, f"{sentence(one)}: without it no breach means nothing", 1)
        for one in feed_standings(sight.reader)
        if one.state == "silent" and one.judged_until_us - one.last_us < rule.window
    ]


def short(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Sources whose newest hours or day brought significantly less than is usual."""
    return [
        _finding(SHORT, one, rule, sentence(one), max(0, round((one.expected or 0) - one.events)))
        for one in feed_standings(sight.reader)
        if one.state == "short"
    ]


def batches(sight: Sight, rule: ConditionRule) -> list[Finding]:
    """Batches of the last `window` that are missing, short or do not add up, and, for `after`, late ones."""
    found = odd_batches(sight.reader, sight.now - rule.window)
    muted = "backfill" if any(feed.phase == "backfill" for feed in sight.feeds) else ""
    wrong = [one for one in found if one.state != "late" or sight.now - (one.came_us or 0) < rule.after]
    return [
        Finding(
            identity=Identity(BATCH, "", "source", plain(batch), owner or rule.owner, simulated),
            severity=rule.severity,
            detail=f"{batch_sentence(rows[0])}; {len(rows):,} in all: `flowglass completeness --batches` shows them",
            count=len(rows),
            muted=muted,
        )
        for (batch, owner, simulated), rows in by_owner(wrong).items()
    ]


def _finding(kind: str, one: Standing, rule: ConditionRule, detail: str, count: int) -> Finding:
    return Finding(
        identity=Identity(kind, "", "source", plain(one.feed), one.owner or rule.owner, bool(one.simulated)),
        severity=rule.severity,
        detail=detail,
        count=count,
        muted=muting(one.phase),
    )


CONDITIONS = (
    Condition(
        SILENT,
        "a source that has said nothing for longer than is declared or usual at this hour, up to `window`",
        ConditionRule(severity="critical", window=14 * DAY, keep=30 * SECOND),
        silent,
    ),
    Condition(
        SHORT,
        "a source whose newest hours or day brought significantly less than is usual",
        ConditionRule(severity="warning", keep=5 * MINUTE),
        short,
    ),
    Condition(
        BATCH,
        "batches of the last `window` that did not come, are short or do not add up; late ones for `after`",
        ConditionRule(severity="warning", window=3 * DAY, after=12 * HOUR, keep=60 * SECOND),
        batches,
    ),
)
