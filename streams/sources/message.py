"""What goes into a mapping and what comes out: plain values, no I/O."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from metrics.words import DeadLetter, Event


class Cause(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The thin event that asked for an enrichment, when the message is the answer to it."""

    enrichment: str
    event_id: str
    type: str
    subject: str
    time: str
    told: bool = True
    """Whether the thin event went out itself; a rule with `ask_only` only asks."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message of a system as it came. `headers`: names in lower case. `received`: microseconds UTC.

    ``origin`` and ``position`` say where it was read (see `metrics.words.Event`).
    """

    body: bytes
    headers: Mapping[str, str] = {}
    received: int = 0
    origin: str = ""
    position: int = 0
    topic: str = ""
    partition: int = 0
    offset: int = 0
    cause: Cause | None = None
    simulated: bool = False


class Snapshot(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What is remembered of one object: the highest revision seen and the watched fields there."""

    revision: int | str
    fields: dict[str, str | None]


class States(Protocol):
    """The remembered snapshots by key; a dict will do."""

    def get(self, key: str, /) -> Snapshot | None: ...


class Enrichment(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A question that completes a thin event. The answer comes back as a `Message` with `cause`."""

    request: str
    timeout_us: int
    cause: Cause


class Ignored(msgspec.Struct, frozen=True, gc=False):
    """Something that gave no event on purpose: `record` counts from 0, `why` is a word, `detail` a sentence."""

    record: int
    kind: str
    why: str
    detail: str = ""


class Fired(msgspec.Struct, frozen=True, gc=False):
    """Which rule gave the event at the same place of `Outcome.events`."""

    record: int
    kind: str
    rule: str


class Outcome(msgspec.Struct, gc=False):
    """All that one message gave. ``state`` holds only the snapshots that changed: merge it into what you keep."""

    events: list[Event] = []
    fired: list[Fired] = []
    state: dict[str, Snapshot] = {}
    letters: list[DeadLetter] = []
    ignored: list[Ignored] = []
    unknown_words: list[tuple[str, str]] = []
    enrichments: list[Enrichment] = []


class Limits(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is refused without being read further."""

    bytes: int = 1 << 20
    records: int = 10_000
    events: int = 10_000


class Scope:
    """Where selectors look while one item of a message is mapped."""

    __slots__ = (
        "after", "before", "cause", "first_seen", "head", "headers", "item", "known", "line",
        "message", "record", "root", "shared", "trailer", "unknown_words",
    )  # fmt: skip

    def __init__(self, message: Message, root: Any, unknown_words: list[tuple[str, str]]) -> None:
        self.message = message
        self.headers = message.headers
        self.cause = message.cause
        self.root = root
        self.record: Any = root
        self.item: Any = root
        self.line = 0
        self.head: Mapping[str, Any] = {}
        self.trailer: Mapping[str, Any] = {}
        self.known: dict[object, Any] = {}
        self.shared: dict[str, Any] = {}
        self.before: Mapping[str, str | None] = {}
        self.after: Mapping[str, str | None] = {}
        self.first_seen = True
        self.unknown_words = unknown_words
