"""Native messages on their topic: the system's own bytes, and headers that say whose they are.

A record of `flowglass.native` carries the header ``fg-system`` (the mapping's name), the system's own headers as they
came, ``fg-simulated: 1`` where nothing of it is real, ``fg-cause`` when it answers an enrichment, and ``fg-received``
(microseconds UTC) when it comes a second time: the time of receipt is that of the first. ``fg-feed`` names the feed
that its events belong to; without it that is their source. All messages of one object must come in one partition, in
order: by default the system's name is the key.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from metrics.words import DeadLetter
from streams.codecs.reasons import Unreadable
from streams.producer import Outgoing
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.message import Cause, Enrichment, Message
from streams.sources.reasons import UNKNOWN_SYSTEM
from streams.transport.batch import Record, RecordBatch

SYSTEM: Final = "fg-system"
CAUSE: Final = "fg-cause"
SIMULATED: Final = "fg-simulated"
RECEIVED: Final = "fg-received"
FEED: Final = "fg-feed"

_causes = msgspec.json.Decoder(Cause)
_encoder = msgspec.json.Encoder()

Systems = Mapping[str, SystemMapping]
Addressed = tuple[SystemMapping, Message]


def outgoing(system: str, body: bytes, headers: Mapping[str, str] | None = None, key: str = "") -> Outgoing:
    """A native message as a record; `key` keeps the messages of one object in order where a system needs more hands."""
    told = [(name.lower(), value.encode()) for name, value in (headers or {}).items()]
    return (key or system).encode(), body, [*told, (SYSTEM, system.encode())], None, None


def addressed(batch: RecordBatch, incarnation: str, systems: Systems) -> tuple[list[Addressed], list[DeadLetter]]:
    """Each record as a message with the mapping that reads it, in order; and those that nobody reads."""
    origin = f"{batch.topic}/{batch.partition}@{incarnation}"
    found: list[Addressed] = []
    dead: list[DeadLetter] = []
    for record in batch.records:
        message = _message(record, batch, origin)
        try:
            found.append((_mapping(message, systems), _with_cause(message)))
        except Unreadable as error:
            dead.append(_letter(message, error, record))
    return found, dead


def question(system: str, source: str, asked: Enrichment) -> Outgoing:
    """An enrichment's request for whoever answers: the answer comes back to `system` with this cause."""
    value = {
        "system": system,
        "source": source,
        "request": asked.request,
        "timeout_us": asked.timeout_us,
        "cause": asked.cause,
    }
    return asked.cause.subject.encode(), _encoder.encode(value), [], None, None


def _message(record: Record, batch: RecordBatch, origin: str) -> Message:
    offset, timestamp, _, value, headers = record
    told = {name.lower(): (text or b"").decode("utf-8", "replace") for name, text in headers or ()}
    first = told.get(RECEIVED)
    return Message(
        value or b"",
        told,
        timestamp * 1000 if first is None else _received(first, timestamp * 1000),
        origin,
        offset,
        batch.topic,
        batch.partition,
        offset,
    )


def _received(said: str, now: int) -> int:
    """When the message came first; what is no time before now is not believed."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 17 and 0 < int(said) < now else now


def _mapping(message: Message, systems: Systems) -> SystemMapping:
    name = message.headers.get(SYSTEM, "")
    mapping = systems.get(name)
    if mapping is None:
        known = ", ".join(sorted(systems))
        raise Unreadable(UNKNOWN_SYSTEM, f"header {SYSTEM} is {name[:64]!r}; there are mappings for: {known}")
    return mapping


def _with_cause(message: Message) -> Message:
    cause, simulated = message.headers.get(CAUSE), message.headers.get(SIMULATED) == "1"
    if cause is None and not simulated:
        return message
    try:
        decoded = _causes.decode(cause) if cause is not None else None
    except msgspec.MsgspecError as error:
        raise Unreadable(UNKNOWN_SYSTEM, f"header {CAUSE} is no cause: {error}") from None
    return msgspec.structs.replace(message, cause=decoded, simulated=simulated)


def _letter(message: Message, error: Unreadable, record: Record) -> DeadLetter:
    return DeadLetter(
        origin=message.origin,
        position=message.position,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        reason=error.reason,
        detail=error.detail,
        payload=message.body,
        source=message.headers.get(SYSTEM, ""),
        ingested=message.received,
        record_key=record[2],
        record_headers=tuple(record[4] or ()),
    )
