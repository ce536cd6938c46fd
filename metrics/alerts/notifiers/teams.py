"""Microsoft Teams, by a workflow that takes webhook requests: an Adaptive Card, at most 28 KB."""

from typing import Any

import msgspec

from metrics.alerts.notifiers.port import Answer
from metrics.alerts.notifiers.web import Web
from metrics.alerts.notifiers.wording import facts, line, shown, subject
from metrics.alerts.words import Message, Told

MOST_BYTES = 28_000
_COLOURS = {"critical": "attention", "warning": "warning", "info": "accent"}
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]()#+!|<>~"})


class TeamsNotifier:
    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url

    def send(self, message: Message) -> Answer:
        return self._web.tell(self._url, payload(message), {"Content-Type": "application/json"})


def payload(message: Message) -> bytes:
    """The body; alerts are left out from the end until it is small enough."""
    alerts, more = shown(message)
    while True:
        made = msgspec.json.encode(_card(message, alerts, more))
        if len(made) <= MOST_BYTES or not alerts:
            return made
        alerts, more = alerts[:-1], more + 1


def _card(message: Message, alerts: list[Told], more: int) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [_text(subject(message), size="medium", weight="bolder")]
    for one in alerts:
        colour = "good" if one.status == "resolved" else _COLOURS.get(one.labels.get("severity", ""), "default")
        blocks.append(_text(line(one), color=colour))
        blocks.append(
            {"type": "FactSet", "facts": [{"title": name, "value": escaped(value)} for name, value in facts(one)]}
        )
    blocks.append(_text(f"{f'{more} more. ' if more else ''}Sent because: {message.reason}.", isSubtle=True))
    links = [
        {"type": "Action.OpenUrl", "title": "Open in Flowglass", "url": one.link} for one in alerts[:1] if one.link
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": links,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": escaped(text), "wrap": True, **look}


def escaped(text: str) -> str:
    """Text in which nothing is Markdown."""
    return text.translate(_MARKDOWN)
