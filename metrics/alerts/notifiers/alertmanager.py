"""Prometheus Alertmanager, API v2: it is kept informed of every alert's state, and groups, repeats and mutes itself.

What fires is posted again every `resend` with an end that lies `hold` ahead: it never counts as resolved while it is
posted, and does not stay for ever when Flowglass dies. What is over is posted with its end. Alertmanager knows an
alert by its labels; counts and money are annotations, which may change.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import msgspec

from metrics.alerts.condition import money
from metrics.alerts.notifiers.port import Answer, Delivered
from metrics.alerts.notifiers.web import Web
from metrics.alerts.words import RUNBOOKS, Told
from metrics.commands.wording import plain, rfc3339

A_POST = 500
"""Alerts in one request."""
LIFE = 3
"""Posts that may fail before a sign of life counts as missing."""


class AlertmanagerNotifier:
    def __init__(self, web: Web, url: str, *, resend: int, hold: int, token: str = "") -> None:
        """`url`: the base address; `resend` and `hold` in microseconds."""
        self._web = web
        self._url = f"{url.rstrip('/')}/api/v2/alerts"
        self._hold = hold
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.resend = resend

    def post(self, states: Sequence[Told], now: int) -> Answer:
        pending = iter(states)
        while piece := list(islice(pending, A_POST)):
            body = msgspec.json.encode([as_posted(one, now, self._ahead(one)) for one in piece])
            answer = self._web.tell(self._url, body, self._headers)
            if not isinstance(answer, Delivered):
                return answer
        return Delivered()

    def _ahead(self, told: Told) -> int:
        """A sign of life must be missed soon, an alert must outlast a restart or a store that is away."""
        return min(self._hold, LIFE * self.resend) if told.labels["kind"] == "deadman" else self._hold


def as_posted(told: Told, now: int, hold: int) -> dict[str, Any]:
    """An alert as Alertmanager takes it."""
    ends = told.resolved if told.status == "resolved" and told.resolved is not None else now + hold
    posted: dict[str, Any] = {
        "labels": labels(told),
        "annotations": {
            "summary": f"{'[SIMULATED] ' if told.labels['simulated'] == 'true' else ''}{plain(told.summary)}",
            "count": str(told.count),
            "alert_id": told.id,
            "runbook_url": f"{RUNBOOKS}/{told.labels['kind']}.md",
            **({"money": money(told.amounts)} if told.amounts else {}),
            **({"link": told.link} if told.link else {}),
        },
        "startsAt": rfc3339(told.fired),
        "endsAt": rfc3339(max(ends, told.fired + 1)),
    }
    return posted | ({"generatorURL": told.link} if told.link else {})


def labels(told: Told) -> dict[str, str]:
    """The labels, without empty ones; `alertname` is the kind as Alertmanager's users write names: FlowglassAtRisk."""
    name = "Flowglass" + "".join(part.capitalize() for part in told.labels["kind"].split("_"))
    return {"alertname": name} | {key: plain(value) for key, value in told.labels.items() if value}
