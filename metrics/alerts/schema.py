"""What a person writes in alerts.yaml. Unknown words are refused; `reading.py` looks at what the words mean."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from metrics.alerts.words import Severity
from metrics.definitions.schema_words import Name, Text, Written
from metrics.sla.durations import parse_duration


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _micros(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a duration such as 30s, 5m or 4h")
    return parse_duration(value)


_DURATION = WithJsonSchema({"type": "string", "examples": ["30s", "5m", "4h"]})
Micros = Annotated[int, BeforeValidator(_micros), _DURATION]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
Match = dict[Text, Texts]
Label = Literal["kind", "process", "cause_kind", "cause", "owner", "severity", "simulated"]


class SecretText(Written):
    """Where a secret is: an environment variable, or a file (its first line). Never the secret itself."""

    env: str | None = None
    file: str | None = None


class ConditionText(Written):
    """How one kind of condition is judged; what is left out keeps the shipped value."""

    enabled: bool | None = None
    severity: Severity | None = None
    owner: str | None = Field(default=None, description="Who answers for it where neither SLA nor interface says so.")
    hold: Micros | None = Field(default=None, description="How long it must hold before it fires.")
    keep: Micros | None = Field(default=None, description="How long it must be gone before it is resolved.")
    after: Micros | None = None
    window: Micros | None = None
    threshold: int | None = Field(default=None, ge=0)
    only: tuple[str, ...] | None = None
    special: dict[str, Micros] | None = Field(default=None, description="A name or pattern, and its own `after`.")
    severities: dict[str, Severity] | None = Field(
        default=None, description="`deviation`: severities of missing, extra, wrong_order and rework."
    )


class InterfaceText(Written):
    """Who answers for the interfaces that fit."""

    interface: Text = Field(description="A name; * stands for any letters.")
    owner: Name


class HostText(Written):
    """A place that notifiers may talk to."""

    name: Text
    port: int | None = Field(default=None, ge=1, le=65535, description="Left out: any port.")
    private: bool = Field(default=False, description="It may be at an address of this machine or a private network.")


class AlertmanagerText(Written):
    url: Text
    token: SecretText | None = None
    resend: Micros = Field(default=20_000_000, description="How often what fires is posted again.")
    hold: Micros = Field(default=900_000_000, description="How long it counts as firing if it is not posted again.")


class WebhookText(Written):
    url: Text
    secret: SecretText = Field(description="With which each request is signed.")


class ChatText(Written):
    url: SecretText = Field(description="The address is the secret of a chat's webhook.")


class PagerDutyText(Written):
    routing_key: SecretText
    url: Text = "https://events.pagerduty.com/v2/enqueue"


class EmailText(Written):
    host: Text
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretText | None = None
    from_: Text = Field(alias="from")
    to: Texts


class ReceiverText(Written):
    """One place to tell: exactly one of these."""

    alertmanager: AlertmanagerText | None = None
    webhook: WebhookText | None = None
    slack: ChatText | None = None
    teams: ChatText | None = None
    pagerduty: PagerDutyText | None = None
    email: EmailText | None = None

    def chosen(self) -> list[tuple[str, Any]]:
        """The notifiers that are written down, by kind."""
        return [(name, one) for name in type(self).model_fields if (one := getattr(self, name)) is not None]


class EscalationText(Written):
    after: Micros
    to: Texts


class DuringText(Written):
    """Told only while this calendar is open."""

    calendar: Name
    facility: str = Field(default="", description="Whose zone and holidays hold; left out: the default's.")


class RouteText(Written):
    """Which alerts go where. The first route that fits decides, unless it says `continue`."""

    name: Name
    match: Match = Field(default={}, description="Label: value or values; * stands for any letters.")
    to: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    group_by: Annotated[tuple[Label, ...], BeforeValidator(_listed)] = ("process", "cause")
    group_wait: Micros = 10_000_000
    group_interval: Micros = 300_000_000
    repeat_interval: Micros = 14_400_000_000
    during: DuringText | None = None
    escalate: tuple[EscalationText, ...] = ()
    continue_: bool = Field(default=False, alias="continue")


class InhibitionText(Written):
    """While one fires, others about the same cause are held back."""

    name: Name
    while_: Match = Field(alias="while")
    hold: Match
    equal: tuple[Label, ...] = ()
    fed: bool = Field(
        default=False, description="Only alerts all of whose clocks hang on what the first alert's source tells."
    )


class AlertsText(Written):
    """The file alerts.yaml."""

    link: str = Field(default="", description="Where the dashboards are; messages point there.")
    every: Micros = Field(default=5_000_000, description="How often conditions are looked at.")
    conditions: dict[str, ConditionText] = Field(default={})
    interfaces: tuple[InterfaceText, ...] = ()
    slow_call: Micros = Field(default=60_000_000, description="A call that takes longer counts as failing.")
    cause_window: Micros = Field(default=86_400_000_000, description="How far back failing calls are looked for.")
    hosts: tuple[HostText, ...] = Field(default=(), description="The only places that notifiers may talk to.")
    receivers: dict[Name, ReceiverText] = Field(default={})
    routes: tuple[RouteText, ...] = ()
    inhibit: tuple[InhibitionText, ...] = ()
