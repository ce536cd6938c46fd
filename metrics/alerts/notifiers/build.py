"""Notifiers from the receivers of a plan, with their secrets fetched from where the file says they are."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from metrics.alerts.notifiers.alertmanager import AlertmanagerNotifier
from metrics.alerts.notifiers.email import EmailNotifier
from metrics.alerts.notifiers.pagerduty import PagerDutyNotifier
from metrics.alerts.notifiers.port import Notifier, StateNotifier
from metrics.alerts.notifiers.slack import SlackNotifier
from metrics.alerts.notifiers.teams import TeamsNotifier
from metrics.alerts.notifiers.web import Gate, Web
from metrics.alerts.notifiers.webhook import WebhookNotifier
from metrics.alerts.plan import Plan, Receiver
from metrics.alerts.schema import SecretText
from metrics.settings import SettingError

LEAST_SECRET = 16
"""Signs of a webhook's secret: a shorter one can be guessed."""


class Secrets:
    """Fetches secrets. `folder` is where files are looked for: beside the alerts file."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder

    def get(self, text: SecretText | None, receiver: str) -> str:
        """The secret, '' for none asked for. Raises SettingError without ever showing one."""
        if text is None:
            return ""
        if (text.env is None) == (text.file is None):
            raise SettingError(f"receiver {receiver}: a secret names either `env` or `file`, never the secret itself")
        if text.env is not None:
            found, where = self._environment.get(text.env, "").strip(), f"${text.env}"
        else:
            found, where = self._first_line(str(text.file), receiver), str(text.file)
        if not found:
            raise SettingError(f"receiver {receiver}: there is no secret in {where}")
        return found

    def _first_line(self, name: str, receiver: str) -> str:
        try:
            lines = (self._folder / name).read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise SettingError(f"receiver {receiver}: {name} can't be read: {error.strerror}") from None
        return lines[0].strip() if lines else ""


OnMissing = Callable[[SettingError], None]
"""What to do about a receiver whose secret is not there."""


def raised(error: SettingError) -> None:
    """Give up."""
    raise error


def build(
    plan: Plan, secrets: Secrets, clock: Callable[[], int], on_missing: OnMissing = raised
) -> dict[str, Notifier | StateNotifier]:
    """A notifier for each receiver whose secrets are there, by name."""
    gate = Gate(plan.hosts)
    web, found = Web(gate), dict[str, Notifier | StateNotifier]()
    for name, one in plan.receivers.items():
        try:
            found[name] = _notifier(one, secrets, clock, gate, web)
        except SettingError as error:
            on_missing(error)
    return found


def _notifier(
    receiver: Receiver, secrets: Secrets, clock: Callable[[], int], gate: Gate, web: Web
) -> Notifier | StateNotifier:
    name, options = receiver.name, receiver.options
    match receiver.kind:
        case "alertmanager":
            token = secrets.get(options.token, name)
            return AlertmanagerNotifier(web, options.url, resend=options.resend, hold=options.hold, token=token)
        case "webhook":
            return WebhookNotifier(web, options.url, _strong(secrets.get(options.secret, name), name), clock)
        case "slack":
            return SlackNotifier(web, secrets.get(options.url, name))
        case "teams":
            return TeamsNotifier(web, secrets.get(options.url, name))
        case "pagerduty":
            return PagerDutyNotifier(web, options.url, secrets.get(options.routing_key, name))
        case "email":
            return _email(options, gate, secrets, name)
    raise AssertionError(f"no notifier of the kind {receiver.kind}")


def _email(options: Any, gate: Gate, secrets: Secrets, name: str) -> EmailNotifier:
    return EmailNotifier(
        gate,
        options.host,
        options.port,
        sender=options.from_,
        to=options.to,
        security=options.security,
        user=options.user,
        password=secrets.get(options.password, name),
    )


def _strong(secret: str, receiver: str) -> bytes:
    if len(secret) < LEAST_SECRET:
        advice = "`openssl rand -hex 32` makes one"
        raise SettingError(f"receiver {receiver}: its secret has fewer than {LEAST_SECRET} signs; {advice}")
    return secret.encode()
