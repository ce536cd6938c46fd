"""How messages read for people: a subject, and lines. Text from outside steers nothing."""

from collections.abc import Iterable

from metrics.alerts.condition import money
from metrics.alerts.words import Message, Told
from metrics.commands.wording import moment, plain

MOST_SHOWN = 20
"""Alerts that a message spells out; the rest are counted."""


def subject(message: Message) -> str:
    """One line: [FIRING 2] ..., [RESOLVED] ...; simulated data says so first."""
    firing = len(message.firing)
    state = f"[FIRING {firing}]" if firing else "[RESOLVED]"
    first = (message.firing or message.alerts)[0]
    more = f" (+{len(message.alerts) - 1} more)" if len(message.alerts) > 1 else ""
    return f"{'[SIMULATED] ' if message.is_simulated else ''}{state} {plain(first.summary)}{more}"


def line(told: Told) -> str:
    """An alert in one line, without its link."""
    state = "resolved" if told.status == "resolved" else told.labels.get("severity", "")
    who = f" Owner: {told.labels['owner']}." if told.labels.get("owner") else ""
    return f"{state.upper()}: {plain(told.summary)}.{who} Since {moment(told.fired)}. Alert {told.id}."


def shown(message: Message) -> tuple[list[Told], int]:
    """The alerts to spell out, those that fire first, and how many more there are."""
    order = sorted(message.alerts, key=lambda one: (one.status == "resolved", one.fired, one.id))
    return order[:MOST_SHOWN], max(0, len(order) - MOST_SHOWN)


def body(message: Message) -> str:
    """The whole message as plain text."""
    alerts, more = shown(message)
    lines: list[str] = []
    for one in alerts:
        lines += [line(one), *([one.link] if one.link else []), ""]
    lines += [f"... and {more} more."] if more else []
    lines += [f"Sent because: {message.reason}. Message {message.id}."]
    lines += ["This is simulated data."] if message.is_simulated else []
    return "\n".join(lines)


def facts(told: Told) -> Iterable[tuple[str, str]]:
    """What else is known of an alert, as names and values."""
    labels = told.labels
    yield from ((name.replace("_", " "), labels[name]) for name in ("process", "cause", "owner") if labels.get(name))
    yield "count", f"{told.count:,}"
    if told.amounts:
        yield "money", money(told.amounts)
