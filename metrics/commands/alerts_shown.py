"""Alerts for people's eyes."""

from collections.abc import Mapping, Sequence
from typing import Any

from metrics.alerts.actions import Silence
from metrics.alerts.condition import money
from metrics.alerts.desk import Line, Seen
from metrics.alerts.matching import written
from metrics.commands.output import print_line, print_table
from metrics.commands.wording import NONE, moment

SHOWN = 20


def print_alerts(found: Sequence[Seen]) -> None:
    """The list."""
    if not found:
        print_line("no alert")
        return
    print_table(
        ("id", "status", "severity", "kind", "process", "cause", "count", "owner", "since", "taken by", ""),
        [_line(one) for one in found],
        right="count",
    )


def _line(one: Seen) -> tuple[str, ...]:
    alert, identity = one.alert, one.alert.identity
    marks = [f"silenced ({one.silence})"] if one.silence else []
    marks += ["simulated"] if identity.simulated else []
    return (
        alert.id,
        alert.status + (f" ({alert.muted})" if alert.status == "muted" else ""),
        alert.severity,
        identity.kind,
        identity.process or NONE,
        identity.cause or NONE,
        f"{alert.count:,}",
        identity.owner or NONE,
        moment(alert.fired or alert.since),
        one.standing.assignee or one.standing.acknowledged_by or NONE,
        ", ".join(marks),
    )


def print_one(one: Seen, members: Sequence[Mapping[str, Any]]) -> None:
    """One alert with its cases."""
    alert = one.alert
    simulated = "[simulated data] " if alert.identity.simulated else ""
    print_line(f"{simulated}{alert.detail}")
    standing = one.standing
    print_table(
        ("", ""),
        [
            ("id", f"{alert.id}, revision {alert.revision}"),
            ("status", alert.status + (f" ({alert.muted})" if alert.muted else "")),
            ("labels", " ".join(f"{name}={value}" for name, value in alert.labels.items() if value)),
            ("money", money(alert.amounts) or NONE),
            ("at most", f"{alert.peak:,}"),
            ("since", moment(alert.since)),
            ("fired", moment(alert.fired)),
            ("resolved", moment(alert.resolved)),
            ("acknowledged", f"{standing.acknowledged_by} {moment(standing.acknowledged_at)}".strip()),
            ("assigned to", standing.assignee or NONE),
            ("silence", one.silence or NONE),
        ],
    )
    here = [row for row in members if row["left"] is None]
    if members:
        print_table(
            ("process", "case", "waits in", "SLA", "since"),
            [(row["process"], row["case"], row["stage"], row["sla"] or NONE, row["joined"]) for row in here[:SHOWN]],
            title=f"Cases ({min(len(here), SHOWN)} shown, {len(members) - len(here)} left it)",
        )


def print_why(one: Seen, history: Sequence[Line]) -> None:
    """What happened to one alert."""
    print_line(one.alert.detail)
    print_table(
        ("at", "who", "what", "why"),
        [(moment(line.at), line.who or NONE, line.what.replace("_", " "), line.detail) for line in history],
    )


def print_silences(found: Sequence[Silence]) -> None:
    """The silences that hold."""
    if not found:
        print_line("no silence")
        return
    print_table(
        ("id", "what", "until", "by", "why"),
        [(one.id, written(one.matchers), moment(one.ends), one.actor, one.comment) for one in found],
    )
