"""The second, patient reading of what the quick one refused: accept what may be, say exactly what may not.

Accepted: optional attributes that are null (CloudEvents: absent), and members of ``data`` that the
contract does not know, which are kept as attributes. All else is refused with the reason.
"""

from typing import Any, Final

import msgspec

from streams.codecs import reasons
from streams.codecs.envelope import ANY_DECODER, OPTIONAL_ATTRIBUTES, VERSION, Body, Envelope, MarkerBody
from streams.codecs.reasons import Unreadable

_REQUIRED: Final = ("specversion", "id", "source", "type")
_BODY_MEMBERS: Final = frozenset(Body.__struct_fields__)
_AMOUNT_PATH: Final = "$.amount"
_OBJECTS_PATH: Final = "$.objects"


def parse_json(value: bytes) -> Any:
    """Any JSON text, or the reason why it is none."""
    try:
        return ANY_DECODER.decode(value)
    except UnicodeDecodeError as error:
        raise Unreadable(reasons.NOT_UTF8, f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise Unreadable(reasons.TOO_DEEP, "nested deeper than the parser allows") from None
    except msgspec.DecodeError as error:
        reason = reasons.MALFORMED_JSON if _is_utf8(value) else reasons.NOT_UTF8
        raise Unreadable(reason, str(error)) from None


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def patient_envelope(value: bytes) -> Envelope:
    """A structured-mode envelope."""
    content = parse_json(value)
    if not isinstance(content, dict) or not ("specversion" in content or ("type" in content and "source" in content)):
        raise Unreadable(reasons.NOT_CLOUDEVENTS, "no JSON object with specversion, id, source and type")
    attributes = {name: item for name, item in content.items() if item is not None or name not in OPTIONAL_ATTRIBUTES}
    data = attributes.pop("data", None)
    envelope = attributes_envelope(attributes)
    envelope.data = None if data is None else patient_body(data)
    return envelope


def attributes_envelope(attributes: dict[str, Any]) -> Envelope:
    """The attributes without data, as both modes carry them."""
    for name in _REQUIRED:
        if attributes.get(name) is None:
            raise Unreadable(reasons.MISSING_ATTRIBUTE, f"{name} is missing")
    if attributes["specversion"] != VERSION:
        raise Unreadable(reasons.UNSUPPORTED_VERSION, f"specversion is {attributes['specversion']!r}, not '1.0'")
    try:
        return msgspec.convert(attributes, Envelope)
    except msgspec.ValidationError as error:
        raise Unreadable(reasons.WRONG_TYPE, str(error)) from None


def patient_body(data: Any) -> Body:
    """``data`` whose unknown members, if any, become attributes."""
    if not isinstance(data, dict):
        raise Unreadable(reasons.UNKNOWN_DATA, f"data is {_json_name(data)}, not an object")
    known = {name: item for name, item in data.items() if name in _BODY_MEMBERS and item is not None}
    unknown = {name: item for name, item in data.items() if name not in _BODY_MEMBERS}
    try:
        body = msgspec.convert(known, Body, str_keys=True)
    except msgspec.ValidationError as error:
        raise Unreadable(_body_reason(str(error)), f"data: {error}") from None
    body.attributes = {**unknown, **body.attributes}
    return body


def _body_reason(complaint: str) -> str:
    if _AMOUNT_PATH in complaint:
        return reasons.BAD_AMOUNT
    if _OBJECTS_PATH in complaint:
        return reasons.BAD_OBJECT
    return reasons.WRONG_TYPE


def marker_body(data: Body | None) -> MarkerBody:
    """What a feed marker says. The patient reading has put its members among the attributes."""
    try:
        return msgspec.convert(data.attributes if data else {}, MarkerBody)
    except msgspec.ValidationError as error:
        raise Unreadable(reasons.BAD_MARKER, str(error)) from None


def _json_name(data: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(data), "null")
