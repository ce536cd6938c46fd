"""An envelope's values checked and turned into the words of Flowglass."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from metrics.texts.times import checked_date, instant
from metrics.words import Amount, Event, Marker, ObjectRef
from streams.codecs import reasons
from streams.codecs.envelope import LOG_STEP_TYPE, VERSION, Body, Envelope, Money
from streams.codecs.reasons import Unreadable
from streams.codecs.tolerant import marker_body
from streams.codecs.traceparent import parse_traceparent

_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[._/:-][A-Za-z0-9_]+)*", re.ASCII)
_OBJECT_TYPE: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*", re.ASCII)
_DECIMAL: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_PRECISIONS: Final = frozenset({"instant", "second", "minute", "day"})
_KINDS: Final = frozenset({"backfill", "live", "end"})
_LONGEST_TYPE: Final = 255
_LONGEST_AMOUNT: Final = 40  # characters: 38 digits, a sign and a point
_LONGEST_SEQUENCE: Final = 20  # digits of 2 ** 64
_MEMO_LIMIT: Final = 10_000
DEEPEST: Final = 64
_TO_SETTLE: Final = frozenset({dict, list, int})
_LARGEST: Final = 2**64
_NO_TRACE: Final = ("", "", "")
_known_types: Final[set[str]] = set()
_known_object_types: Final[set[str]] = set()
_known_currencies: Final[set[str]] = set()


@dataclass(slots=True)
class CodecCounts:
    """What was ignored, by number: a malformed traceparent costs the trace, not the event."""

    malformed_traceparents: int = 0


def event_of(envelope: Envelope, origin: str, position: int, ingested: int, counts: CodecCounts) -> Event:
    """The canonical event of an envelope that was read at `origin`, `position`."""
    kind = envelope.type
    if kind not in _known_types:
        _check_type(kind)
    body = envelope.data
    if envelope.specversion != VERSION or not envelope.id or not envelope.source or not envelope.time or body is None:
        raise _incomplete(envelope)
    if envelope.precision not in _PRECISIONS:
        raise Unreadable(reasons.BAD_ATTRIBUTE, f"precision {envelope.precision!r} is none of {sorted(_PRECISIONS)}")
    sequence = _sequence(envelope.sequence) if envelope.sequence else 0
    if envelope.origin:
        if envelope.sequence == "":
            raise Unreadable(reasons.BAD_SEQUENCE, "an event with an origin needs its sequence there")
        origin, position = envelope.origin, sequence
    trace_id, span_id, trace_source = _trace(envelope, counts) if envelope.traceparent else _NO_TRACE
    return Event(  # by position: 0.15 us against 1.1 us by keyword
        envelope.id,
        kind,
        _activity(body) if kind == LOG_STEP_TYPE else kind,
        instant(envelope.time),
        envelope.source,
        _objects(body),
        origin,
        position,
        envelope.subject,
        envelope.feed or envelope.source,
        sequence,
        instant(envelope.startedtime) if envelope.startedtime else None,
        instant(envelope.recordedtime) if envelope.recordedtime else None,
        ingested,
        checked_date(envelope.effectivedate) if envelope.effectivedate else "",
        envelope.precision,
        _attributes(body),
        None if body.amount is None else _amount(body.amount),
        body.actor,
        trace_id,
        span_id,
        trace_source,
        _flag(envelope.simulated),
    )


def marker_of(envelope: Envelope, origin: str, partition: int, position: int) -> Marker:
    """A feed's word about itself; it needs no time and no objects."""
    body = marker_body(envelope.data)
    if not body.feed or body.kind not in _KINDS or not 0 <= body.count < _LARGEST:
        raise Unreadable(reasons.BAD_MARKER, f"feed {body.feed!r}, kind {body.kind!r}, count {body.count}")
    return Marker(
        feed=body.feed, kind=body.kind, partition=partition, count=body.count, origin=origin, position=position
    )


def _incomplete(envelope: Envelope) -> Unreadable:
    if envelope.specversion != VERSION:
        return Unreadable(reasons.UNSUPPORTED_VERSION, f"specversion is {envelope.specversion!r}, not '1.0'")
    for name in ("id", "source", "time"):
        if not getattr(envelope, name):
            return Unreadable(reasons.MISSING_ATTRIBUTE, f"{name} is missing or empty")
    if envelope.data_base64:
        return Unreadable(reasons.UNSUPPORTED_CONTENT, "data_base64 holds binary data, not JSON")
    return Unreadable(reasons.NO_OBJECTS, "data is missing")


def _trace(envelope: Envelope, counts: CodecCounts) -> tuple[str, str, str]:
    trace = parse_traceparent(envelope.traceparent)
    if trace is None:
        counts.malformed_traceparents += 1
        return _NO_TRACE
    return *trace, envelope.tracesource


def _attributes(body: Body) -> dict[str, Any]:
    attributes = body.attributes
    for name, member in attributes.items():
        if type(member) in _TO_SETTLE:
            attributes[name] = _settled(member, DEEPEST)
    return attributes


def _settled(value: Any, levels: int) -> Any:
    """A value that every later reader can write again: not nested without end, whole numbers of 64 bits, else text."""
    if type(value) is int:
        return value if -_LARGEST // 2 <= value < _LARGEST else str(value)
    if type(value) not in _TO_SETTLE:
        return value
    if not levels:
        raise Unreadable(reasons.TOO_DEEP, f"data.attributes is nested deeper than {DEEPEST} levels")
    if type(value) is dict:
        return {name: _settled(member, levels - 1) for name, member in value.items()}
    return [_settled(member, levels - 1) for member in value]


def _check_type(kind: str) -> None:
    if len(kind) > _LONGEST_TYPE or not _TYPE.fullmatch(kind):
        raise Unreadable(reasons.BAD_TYPE, f"type {kind[:64]!r} is malformed")
    if len(_known_types) < _MEMO_LIMIT:
        _known_types.add(kind)


def _objects(body: Body) -> tuple[ObjectRef, ...]:
    if not body.objects:
        raise Unreadable(reasons.NO_OBJECTS, "data.objects is missing or empty")
    references = []
    for item in body.objects:
        kind = item.type
        if kind not in _known_object_types:
            _check_object_type(kind)
        if not item.id:
            raise Unreadable(reasons.BAD_OBJECT, f"an object of type {kind!r} has an empty id")
        references.append(ObjectRef(kind, item.id, item.qualifier))
    return tuple(references)


def _check_object_type(kind: str) -> None:
    if len(kind) > _LONGEST_TYPE or not _OBJECT_TYPE.fullmatch(kind):
        raise Unreadable(reasons.BAD_OBJECT, f"object type {kind[:64]!r} is not snake_case")
    if len(_known_object_types) < _MEMO_LIMIT:
        _known_object_types.add(kind)


def _sequence(value: str | int) -> int:
    if isinstance(value, int) or (len(value) <= _LONGEST_SEQUENCE and value.isdecimal() and value.isascii()):
        number = int(value)
        if 0 <= number < _LARGEST:
            return number
    shown = value[:32] if isinstance(value, str) else "a number out of range"
    raise Unreadable(reasons.BAD_SEQUENCE, f"sequence is {shown!r}")


def _activity(body: Body) -> str:
    activity = body.attributes.get("activity")
    if not isinstance(activity, str) or not activity:
        raise Unreadable(reasons.NO_ACTIVITY, "data.attributes.activity is missing or empty")
    return activity


def _amount(money: Money) -> Amount:
    """The decimal as it was written, digit by digit: "12.50" stays 12.50."""
    value = money.value
    if not isinstance(value, str) or len(value) > _LONGEST_AMOUNT or not value.replace(".", "0", 1).isdecimal():
        value = _decimal_text(value)
    elif value[0] == "." or value[-1] == "." or not value.isascii():
        raise Unreadable(reasons.BAD_AMOUNT, f"amount {value!r} is no decimal such as 12.50")
    if money.currency not in _known_currencies:
        _check_currency(money.currency)
    return Amount(value, money.currency)


def _decimal_text(value: Any) -> str:
    """A signed, whole or exponent amount as a plain decimal."""
    if type(value) not in (str, int, float):
        raise Unreadable(reasons.BAD_AMOUNT, "the value of an amount is a string or a number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
        text = format(number, "f") if -_LONGEST_AMOUNT < number.adjusted() < _LONGEST_AMOUNT else ""
    except ArithmeticError:
        text = ""
    if not _DECIMAL.fullmatch(text) or len(text) > _LONGEST_AMOUNT:
        raise Unreadable(reasons.BAD_AMOUNT, f"amount {str(value)[:64]!r} is no decimal of up to 38 digits")
    return text


def _check_currency(currency: str) -> None:
    if not _CURRENCY.fullmatch(currency):
        raise Unreadable(reasons.BAD_AMOUNT, f"currency {currency[:16]!r} is not three capital letters")
    _known_currencies.add(currency)  # bounded: 26 ** 3


def _flag(value: bool | str) -> bool:
    if value is False or value is True:
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Unreadable(reasons.BAD_ATTRIBUTE, f"simulated is {value!r}; it is true or false")
