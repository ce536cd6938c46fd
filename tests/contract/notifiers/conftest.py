"""Every notifier that speaks HTTP, each with a real receiver behind it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from metrics.alerts.notifiers.alertmanager import AlertmanagerNotifier
from metrics.alerts.notifiers.pagerduty import PagerDutyNotifier
from metrics.alerts.notifiers.port import Answer
from metrics.alerts.notifiers.slack import SlackNotifier
from metrics.alerts.notifiers.teams import TeamsNotifier
from metrics.alerts.notifiers.web import Gate, Web
from metrics.alerts.notifiers.webhook import WebhookNotifier
from metrics.alerts.plan import HostRule
from metrics.alerts.words import Message
from tests.contract.notifiers.servers import HttpReceiver, MailReceiver
from tests.fakes.alerting import NOON

SECRET = b"a-secret-of-thirty-two-characters"
LOOPBACK = (HostRule("127.0.0.1", None, private=True),)
Send = Callable[[Message], Answer]

KINDS: dict[str, Callable[[Web, str], Any]] = {
    "webhook": lambda web, url: WebhookNotifier(web, f"{url}/hook-secret-path", SECRET, lambda: NOON),
    "slack": lambda web, url: SlackNotifier(web, f"{url}/hook-secret-path"),
    "teams": lambda web, url: TeamsNotifier(web, f"{url}/hook-secret-path?sig=1"),
    "pagerduty": lambda web, url: PagerDutyNotifier(web, f"{url}/v2/enqueue", "hook-secret-path"),
    "alertmanager": lambda web, url: AlertmanagerNotifier(web, url, resend=20_000_000, hold=300_000_000),
}


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    server = HttpReceiver()
    yield server
    server.close()


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    server = MailReceiver()
    yield server
    server.close()


@pytest.fixture(params=KINDS)
def send(request: pytest.FixtureRequest, receiver: HttpReceiver) -> Send:
    """Tells one message by each notifier in turn."""
    web = Web(Gate(LOOPBACK, timeout=0.5))
    notifier = KINDS[request.param](web, f"http://127.0.0.1:{receiver.port}")
    if isinstance(notifier, AlertmanagerNotifier):
        return lambda message: notifier.post(message.alerts, NOON)
    return notifier.send  # type: ignore[no-any-return]
