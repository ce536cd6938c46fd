"""PagerDuty, Events API v2: one event an alert. Its `dedup_key` is the alert's id, so an event sent twice is one."""

from typing import Any

import msgspec

from metrics.alerts.notifiers.port import Answer, Delivered
from metrics.alerts.notifiers.web import Web
from metrics.alerts.notifiers.wording import facts
from metrics.alerts.words import Message, Told
from metrics.commands.wording import plain, rfc3339

_SUMMARY = 1024


class PagerDutyNotifier:
    def __init__(self, web: Web, url: str, routing_key: str) -> None:
        self._web = web
        self._url = url
        self._key = routing_key

    def send(self, message: Message) -> Answer:
        for one in message.alerts:
            body = msgspec.json.encode(event(one, self._key))
            answer = self._web.tell(self._url, body, {"Content-Type": "application/json"})
            if not isinstance(answer, Delivered):
                return answer
        return Delivered()


def event(told: Told, routing_key: str) -> dict[str, Any]:
    """An alert as an event."""
    key = {"routing_key": routing_key, "dedup_key": f"flowglass-{told.id}"}
    if told.status == "resolved":
        return {**key, "event_action": "resolve"}
    simulated = "[SIMULATED] " if told.labels.get("simulated") == "true" else ""
    return {
        **key,
        "event_action": "trigger",
        "client": "Flowglass",
        "payload": {
            "summary": f"{simulated}{plain(told.summary)}"[:_SUMMARY],
            "source": told.labels.get("cause") or "flowglass",
            "severity": told.labels.get("severity", "warning"),
            "timestamp": rfc3339(told.fired),
            "component": told.labels.get("process", ""),
            "class": told.labels["kind"],
            "custom_details": dict(facts(told)),
        },
        "links": [{"href": told.link, "text": "Open in Flowglass"}] if told.link else [],
    }
