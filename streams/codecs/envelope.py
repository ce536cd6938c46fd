"""The wire form of a canonical event: CloudEvents 1.0 in JSON, structured, batched or binary.

The structs say which JSON types are allowed where; what the values must be is checked in
`streams.codecs.cloudevents`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

EVENTS_CONTENT: Final = "application/cloudevents+json"
JSON_CONTENT: Final = "application/json"
CONTENT_TYPE: Final = "content-type"
BINARY_PREFIX: Final = "ce_"
DEAD_LETTER_HEADER: Final = "fg-dead-letter"
MARKER_TYPE: Final = "flowglass.feed.marker.v1"
LOG_STEP_TYPE: Final = "log.step.v1"
VERSION: Final = "1.0"


class Reference(msgspec.Struct, gc=False):
    """``data.objects[]``."""

    type: str
    id: str
    qualifier: str = ""


class Money(msgspec.Struct, gc=False):
    """``data.amount``: a JSON number that a binary float cannot hold exactly arrives as its text."""

    value: Any
    currency: str


class Body(msgspec.Struct, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """``data``. Members that are not named here are kept as attributes (see `streams.codecs.tolerant`)."""

    objects: list[Reference] = []
    attributes: dict[str, Any] = {}
    amount: Money | None = None
    actor: str = ""


class MarkerBody(msgspec.Struct, gc=False):
    """``data`` of a feed marker."""

    feed: str
    kind: str
    count: int


class Envelope(msgspec.Struct, gc=False, kw_only=True, omit_defaults=True):
    """The attributes of the envelope; other extensions are allowed and not read."""

    specversion: str
    id: str
    source: str
    type: str
    time: str = ""
    subject: str = ""
    recordedtime: str = ""
    effectivedate: str = ""
    sequence: str | int = ""
    precision: str = "instant"
    startedtime: str = ""
    feed: str = ""
    origin: str = ""
    traceparent: str = ""
    tracesource: str = "traceparent"
    simulated: bool | str = False
    datacontenttype: str = JSON_CONTENT
    data_base64: str = ""
    data: Body | None = None


OPTIONAL_ATTRIBUTES: Final = frozenset(Envelope.__struct_fields__) - {"specversion", "id", "source", "type", "data"}


def exact_number(text: str) -> float | str:
    """A JSON number with a point or an exponent: a float where that is exact in decimal, else its text."""
    if len(text) <= 15 and "e" not in text and "E" not in text:
        return float(text)
    number = float(text)
    try:
        return number if Decimal(repr(number)) == Decimal(text) else text
    except ArithmeticError:
        return text


ENVELOPE_DECODER: Final = msgspec.json.Decoder(Envelope, float_hook=exact_number)
BODY_DECODER: Final = msgspec.json.Decoder(Body, float_hook=exact_number)
ANY_DECODER: Final = msgspec.json.Decoder(float_hook=exact_number)
BATCH_DECODER: Final = msgspec.json.Decoder(list[msgspec.Raw])


def binary_attributes(headers: Mapping[str, bytes]) -> dict[str, str]:
    """The ``ce_*`` headers of a binary-mode record as attributes; UTF-8 as the Kafka binding says."""
    return {
        name[len(BINARY_PREFIX) :]: value.decode() for name, value in headers.items() if name.startswith(BINARY_PREFIX)
    }
