"""Canonical events, markers and dead letters to Kafka records: (key, value, headers)."""

from typing import Final, TypeAlias

import msgspec

from metrics.texts.times import written
from metrics.words import Amount, DeadLetter, Event
from streams.codecs.envelope import CONTENT_TYPE, DEAD_LETTER_HEADER, EVENTS_CONTENT, MARKER_TYPE, VERSION

Headers: TypeAlias = list[tuple[str, bytes]]
Encoded: TypeAlias = tuple[bytes, bytes, Headers]

_HEADERS: Final = ((CONTENT_TYPE, EVENTS_CONTENT.encode()),)
_ENCODER: Final = msgspec.json.Encoder()


class _Reference(msgspec.Struct, gc=False, omit_defaults=True):
    type: str
    id: str
    qualifier: str = ""


class _Body(msgspec.Struct, gc=False, omit_defaults=True):
    objects: list[_Reference]
    attributes: dict[str, object] = {}
    amount: Amount | None = None
    actor: str = ""


class _Envelope(msgspec.Struct, gc=False, omit_defaults=True):
    """Built by position: a keyword costs 40 ns more a field."""

    specversion: str
    id: str
    source: str
    type: str
    time: str
    data: _Body
    subject: str = ""
    recordedtime: str = ""
    effectivedate: str = ""
    sequence: str = ""
    precision: str = "instant"
    startedtime: str = ""
    feed: str = ""
    origin: str = ""
    traceparent: str = ""
    tracesource: str = "traceparent"
    simulated: bool = False


def encode(event: Event) -> Encoded:
    """A structured-mode record. Key: the subject, or the first object's id where there is none.

    An origin of the producer's own (``file:...``) travels with its position as ``sequence``; the place in
    a Kafka log (it has an ``@``) does not, since the record gets a new one.
    """
    objects = [_Reference(item.type, item.id, item.qualifier) for item in event.objects]
    origin = "" if "@" in event.origin else event.origin
    envelope = _Envelope(
        VERSION,
        event.id,
        event.source,
        event.type,
        written(event.time),
        _Body(objects, event.attributes, event.amount, event.actor),
        event.subject,
        "" if event.recorded is None else written(event.recorded),
        event.effective_date,
        str(event.sequence) if event.sequence or origin else "",
        event.precision,
        "" if event.started is None else written(event.started),
        "" if event.feed == event.source else event.feed,
        origin,
        f"00-{event.trace_id}-{event.span_id}-01" if event.trace_id else "",
        event.trace_source or "traceparent",
        event.simulated,
    )
    key = event.subject or (event.objects[0].id if event.objects else event.id)
    return key.encode(), _ENCODER.encode(envelope), list(_HEADERS)


def encode_marker(feed: str, kind: str, count: int) -> Encoded:
    """A feed marker for one partition; `count`: records sent to that partition before it. Key: the feed."""
    value = {
        "specversion": VERSION,
        "id": f"{feed}/{kind}",
        "source": feed,
        "type": MARKER_TYPE,
        "data": {"feed": feed, "kind": kind, "count": count},
    }
    return feed.encode(), _ENCODER.encode(value), list(_HEADERS)


def encode_dead_letter(letter: DeadLetter) -> Encoded:
    """What an edge could not read, sent on whole so that it is stored and shown. Key: its place."""
    note = {
        "reason": letter.reason,
        "origin": letter.origin,
        "position": letter.position,
        "detail": letter.detail,
        "source": letter.source,
    }
    key = f"{letter.origin}/{letter.position}"
    return key.encode(), letter.payload, [(DEAD_LETTER_HEADER, _ENCODER.encode(note))]
