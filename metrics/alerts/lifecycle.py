"""From what conditions find to alerts: pending, muted, firing, resolved. Pure: the time is an argument.

A condition must hold for a while before it fires (`Timing.hold`), and must be gone for a while before it resolves
(`Timing.keep`). What is found among the history of a feed is muted: it fires once the feed is live, if it still holds.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec.structs import replace

from metrics.alerts.words import Alert, Finding

Change = Literal["began", "fired", "muted", "unmuted", "resolved", "ended", "updated", "returned", "going"]

SPOKEN: frozenset[Change] = frozenset({"began", "fired", "muted", "unmuted", "resolved", "ended"})
"""Changes worth a line in the log."""


class Timing(NamedTuple):
    """How long, in microseconds, a condition must hold before it fires and be gone before it is resolved."""

    hold: int = 0
    keep: int = 0


class Step(NamedTuple):
    """One alert after a round, and what happened to it."""

    alert: Alert
    change: Change
    why: str = ""


def advance(
    known: Mapping[str, Alert],
    findings: Iterable[Finding],
    now: int,
    timings: Mapping[str, Timing],
    unknown: frozenset[str] = frozenset(),
    revisions: Mapping[str, int] = MappingProxyType({}),
) -> list[Step]:
    """The alerts that this round changes. Kinds in `unknown` could not be looked at: theirs stay as they are.

    `revisions` of alerts that are not at hand any more: one that begins again counts on.
    """
    steps: list[Step] = []
    found: set[str] = set()
    for finding in findings:
        found.add(finding.identity.id)
        timing = timings.get(finding.identity.kind, Timing())
        alert, revision = known.get(finding.identity.id), revisions.get(finding.identity.id, 0)
        steps += _holding(alert, finding, now, timing, alert.revision if alert else revision)
    for id_, alert in known.items():
        if id_ not in found and alert.status != "resolved" and alert.identity.kind not in unknown:
            steps += _gone(alert, now, timings.get(alert.identity.kind, Timing()))
    return steps


def _holding(alert: Alert | None, finding: Finding, now: int, timing: Timing, revision: int) -> list[Step]:
    if alert is None or alert.status == "resolved":
        begun = _begin(finding, now, revision)
        due = _due(begun, finding, now, timing)
        return [Step(begun, "began"), *([due] if due else [])]
    updated = _update(alert, finding)
    if alert.status in ("pending", "muted"):
        due = _due(updated, finding, now, timing)
        if due:
            return [due]
    if updated == alert:
        return []
    return [Step(updated, "returned" if alert.gone is not None else "updated")]


def _begin(finding: Finding, now: int, revision: int) -> Alert:
    return Alert(
        identity=finding.identity,
        severity=finding.severity,
        status="pending",
        revision=revision,
        since=now,
        detail=finding.detail,
        muted=finding.muted,
        count=finding.count,
        peak=finding.count,
        amounts=finding.amounts,
    )


def _update(alert: Alert, finding: Finding) -> Alert:
    return replace(
        alert,
        detail=finding.detail,
        count=finding.count,
        peak=max(alert.peak, finding.count),
        amounts=finding.amounts,
        gone=None,
        muted="" if alert.status == "firing" else finding.muted,
        # Severity is a label: under an alert that was told it stays, or receivers would take it for another alert.
        severity=alert.severity if alert.is_told else finding.severity,
    )


def _due(alert: Alert, finding: Finding, now: int, timing: Timing) -> Step | None:
    """The firing or muting that is due, if any."""
    if now - alert.since < timing.hold:
        return None
    if finding.muted:
        return None if alert.status == "muted" else Step(replace(alert, status="muted"), "muted", finding.muted)
    change: Change = "unmuted" if alert.status == "muted" else "fired"
    return Step(replace(alert, status="firing", fired=now, revision=alert.revision + 1), change)


def _gone(alert: Alert, now: int, timing: Timing) -> list[Step]:
    if alert.status in ("pending", "muted"):
        return [Step(replace(alert, status="resolved", resolved=now, count=0), "ended", "it went before it was told")]
    gone = now if alert.gone is None else alert.gone
    if now - gone < timing.keep:
        return [] if alert.gone is not None else [Step(replace(alert, gone=now), "going")]
    resolved = replace(alert, status="resolved", resolved=now, gone=gone, revision=alert.revision + 1, count=0)
    return [Step(resolved, "resolved")]
