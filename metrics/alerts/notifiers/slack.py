"""Slack, by an incoming webhook. Slack's own limits are kept: 50 blocks, 3,000 signs in a section."""

from typing import Any

import msgspec

from metrics.alerts.notifiers.port import Answer
from metrics.alerts.notifiers.web import Web
from metrics.alerts.notifiers.wording import line, shown, subject
from metrics.alerts.words import Message, Told

_HEADER, _SECTION = 150, 2900


class SlackNotifier:
    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url

    def send(self, message: Message) -> Answer:
        return self._web.tell(self._url, payload(message), {"Content-Type": "application/json"})


def payload(message: Message) -> bytes:
    """The body: `text` for notifications, blocks for the channel."""
    title = subject(message)
    alerts, more = shown(message)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": title[:_HEADER], "emoji": False}}
    ]
    blocks += [{"type": "section", "text": {"type": "mrkdwn", "text": _section(one)}} for one in alerts]
    remark = f"{f'{more} more. ' if more else ''}Sent because: {message.reason}. Message {message.id}."
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(remark)}]})
    return msgspec.json.encode({"text": escaped(title), "blocks": blocks})


def _section(told: Told) -> str:
    text = escaped(line(told))[:_SECTION]
    return f"{text}\n<{escaped(told.link)}|Open in Flowglass>" if told.link else text


def escaped(text: str) -> str:
    """Text in which nothing is a link, a mention or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
