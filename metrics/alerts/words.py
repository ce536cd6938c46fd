"""The words of alerting: what a condition finds, what an alert is, what is sent about it. No I/O.

Times are whole microseconds since 1970 UTC, money is decimal text by currency. No case, person or amount is ever a
label: labels take few values, and they are what receivers know an alert by.
"""

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

Status = Literal["pending", "muted", "firing", "resolved"]
Severity = Literal["info", "warning", "critical"]
CauseKind = Literal[
    "interface", "stage", "source", "feed", "worker", "receiver", "pipeline", "objective", "guard", "rule"
]

STORE_AWAY = "store_away"
"""The kind that no condition finds: only a program that cannot reach the store knows of it."""
RUNBOOKS = "docs/runbooks"
"""Where there is a page for each alert, by its name."""
LABELS = ("kind", "process", "cause_kind", "cause", "owner", "severity", "simulated")
"""What routes, inhibitions and silences can ask for."""

Labels = Mapping[str, str]


class Identity(msgspec.Struct, frozen=True, order=True):
    """What makes two findings the same alert. `owner` follows from the rest, so it never changes under an alert."""

    kind: str
    process: str
    cause_kind: str
    cause: str
    owner: str
    simulated: bool

    @property
    def id(self) -> str:
        """16 hex digits."""
        text = msgspec.json.encode(msgspec.structs.astuple(self))
        return hashlib.sha256(text).hexdigest()[:16]


class Member(msgspec.Struct, frozen=True, order=True):
    """A case behind an alert. `amount` is a decimal text, '' when the case has none."""

    process: str
    case_id: str
    stage: str
    sla: str = ""
    amount: str = ""
    currency: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.process, self.case_id


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that holds now. `muted` names why it must not be told yet ('' when it may).

    `count` is how much of it there is, in the condition's own unit (`members` counts cases).
    """

    identity: Identity
    severity: Severity
    detail: str
    count: int = 0
    muted: str = ""
    members: tuple[Member, ...] = ()
    amounts: Mapping[str, str] = {}
    slas: tuple[str, ...] = ()
    """The SLAs of all clocks behind it; a case behind it may have several."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it is stored. `revision` counts its firings and resolutions: what was said of one is said once.

    `since`: its condition holds since then (as seen here); `gone`: the condition was first not seen any more.
    """

    identity: Identity
    severity: Severity
    status: Status
    revision: int
    since: int
    detail: str
    muted: str = ""
    fired: int | None = None
    gone: int | None = None
    resolved: int | None = None
    count: int = 0
    peak: int = 0
    amounts: Mapping[str, str] = {}

    @property
    def id(self) -> str:
        return self.identity.id

    @property
    def is_told(self) -> bool:
        """Whether receivers may have heard of it: it fired at least once since it began."""
        return self.fired is not None

    @property
    def labels(self) -> dict[str, str]:
        one = self.identity
        return {
            "kind": one.kind,
            "process": one.process,
            "cause_kind": one.cause_kind,
            "cause": one.cause,
            "owner": one.owner,
            "severity": self.severity,
            "simulated": "true" if one.simulated else "false",
        }


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as a message tells it."""

    id: str
    revision: int
    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    summary: str
    count: int
    amounts: dict[str, str]
    link: str
    since: int
    fired: int
    resolved: int | None = None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is about no alert: its words, to whom it goes, and the file that goes with it."""

    subject: str
    text: str
    to: tuple[str, ...]
    file: str
    media: str
    content: bytes


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver is told about one group of alerts. `id` is the same however often it is sent.

    `number` counts the messages of this group to this receiver, from 1. `reason`: why it goes out. One with a `letter`
    tells that, and no alert; its number is the period that it is of.
    """

    id: str
    receiver: str
    group: str
    number: int
    created: int
    reason: str
    alerts: tuple[Told, ...]
    link: str = ""
    letter: Letter | None = None

    @property
    def firing(self) -> tuple[Told, ...]:
        return tuple(one for one in self.alerts if one.status == "firing")

    @property
    def is_resolved(self) -> bool:
        """Whether nothing of it fires any more."""
        return not self.firing

    @property
    def is_simulated(self) -> bool:
        return any(one.labels.get("simulated") == "true" for one in self.alerts)


def message_id(receiver: str, group: str, number: int, content: bytes) -> str:
    """32 hex digits that name this message of this group to this receiver."""
    digest = hashlib.sha256()
    for part in (receiver.encode(), group.encode(), str(number).encode(), content):
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.hexdigest()[:32]
