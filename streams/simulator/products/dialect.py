"""What every product's dialect is made of: the message, the document it speaks of, and the site it speaks for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from metrics.words import SECOND, Amount, Event, ObjectRef


@dataclass(frozen=True, slots=True)
class Native:
    """One message as a product sends it. `system`: whose mapping reads it. `headers`: the product's own."""

    system: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """One facility as its products know it: its zone, and what stands for it in each of them."""

    facility: str
    zone: ZoneInfo
    company: str
    """The company code of S/4HANA, and the number of the business unit elsewhere."""
    senders: Mapping[str, str] = field(default_factory=dict)
    """By what an event type begins with: the source that speaks of it here, where that is not the usual one."""


@dataclass(slots=True)
class Document:
    """One object as its product holds it: what a snapshot repeats. Times in microseconds UTC.

    `said`: when each verb of its events came last; `objects`: ids by type, in the order of naming.
    """

    created: int = 0
    opened_by: str = ""
    amount: Amount | None = None
    said: dict[str, int] = field(default_factory=dict)
    objects: dict[str, list[str]] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Take in one more event of the object."""
        if not self.said:
            self.created, self.opened_by = event.time, event.actor
        self.said[verb_of(event)] = event.time
        self.amount = event.amount or self.amount
        self.attributes |= event.attributes
        for ref in event.objects[1:]:
            known = self.objects.setdefault(ref.type, [])
            if ref.id not in known:
                known.append(ref.id)

    def one(self, kind: str) -> str:
        """The id of the first object of a type, or nothing."""
        return next(iter(self.objects.get(kind, ())), "")


def one_number(_object: ObjectRef) -> tuple[str, ...]:
    """Of most products: no further numbers."""
    return ()


Tell = Callable[[Event, Document, Site], Iterator[Native]]


@dataclass(frozen=True, slots=True)
class Product:
    """A product's dialect: `source` is that of its events.

    `tells`: the event types (without version) that it has words for.
    `snapshots`: the object types that it sends whole after each change. They come in the order of their changes.
    `keeps`: further object types of which it knows more than the event at hand, because it is asked for details.
    `grain`: how fine its times are, in microseconds. `aliases`: further numbers of an object, by which others name it.
    """

    name: str
    source: str
    tells: frozenset[str]
    tell: Tell
    snapshots: frozenset[str] = frozenset()
    keeps: frozenset[str] = frozenset()
    grain: int = SECOND
    aliases: Callable[[ObjectRef], tuple[str, ...]] = one_number


def verb_of(event: Event) -> str:
    """What happened, in a word: `created` of `requisition.created.v1`."""
    return event.type.split(".")[1]


def local(at: int, zone: ZoneInfo) -> str:
    """ISO 8601 with the zone's offset, to the second."""
    return datetime.fromtimestamp(at // SECOND, zone).isoformat()


def zulu(at: int) -> str:
    """ISO 8601 in UTC, with microseconds where there are any."""
    return datetime.fromtimestamp(at // SECOND, UTC).replace(microsecond=at % SECOND, tzinfo=None).isoformat() + "Z"


def carried(event: Event, name: str = "traceparent") -> tuple[tuple[str, str], ...]:
    """The header that names the trace of the message, where one came along."""
    return ((name, f"00-{event.trace_id}-{event.span_id}-01"),) if event.trace_id else ()


def answer(
    event: Event,
    native: Native,
    source: str,
    asked: str,
    identity: str,
    content: object,
    rule: str = "",
    subject: str = "",
) -> Native:
    """What a product answers when it is asked for the details of a thin event that it just sent.

    `source` and `rule` are those of the mapping that read the thin event, `identity` the native id it goes by: together
    they make the id of its canonical event, which the answer names as its cause. `subject`: what that event is about,
    where the product knows it by another number than ours.
    """
    about = subject or event.subject
    named = f"{source}\x1f{rule or verb_of(event)}\x1f{about}\x1f{identity}"
    cause = {
        "enrichment": asked,
        "event_id": sha256(named.encode()).hexdigest()[:32],
        "type": event.type,
        "subject": about,
        "time": zulu(event.time),
    }
    headers = (("fg-cause", msgspec.json.encode(cause).decode()),)
    return Native(native.system, msgspec.json.encode(content), headers)
