"""OTLP's AnyValue, in its protobuf and its JSON form, as plain Python values.

Text, bool, int, float, list, dict or None come out; bytes become base64 text, and the floats that
JSON has no number for become "NaN", "Infinity" and "-Infinity". Both forms give equal values.
"""

import math
from typing import Any, Final

import msgspec

from streams.codecs.reasons import TOO_DEEP, WRONG_TYPE, Unreadable
from streams.spans.reasons import MALFORMED_PROTOBUF
from streams.spans.schema import AnyValue, ArrayValue, DecodeError, KeyValue, KeyValueList

_INT_LIMIT: Final = 1 << 63
_FRAMES: Final = tuple(bytes((0x12, length + 2, 0x0A, length)) for length in range(126))
_FLOAT_NAMES: Final = {"NaN": "NaN", "Infinity": "Infinity", "-Infinity": "-Infinity"}


def text(chunk: bytes) -> str:
    """UTF-8 text; what is not UTF-8 shows as U+FFFD, since a Collector lets such bytes through."""
    return str(chunk, "utf-8", "replace")


def plain_text(chunk: bytes) -> tuple[bytes, str] | None:
    """Key and text of an encoded KeyValue of the usual form (short key, short text), else None.

    Six bytes frame the two: 0A key-length key 12 value-length 0A text-length text.
    """
    size = len(chunk)
    if not 6 <= size < 256 or chunk[0] != 0x0A:
        return None
    split = 2 + chunk[1]
    length = size - split - 4
    if not 0 <= length < 126 or split >= 130 or chunk[split : split + 4] != _FRAMES[length]:
        return None
    return chunk[2:split], str(chunk[split + 4 :], "utf-8", "replace")


def proto_pair(chunk: bytes) -> tuple[bytes, bytes]:
    """Key and still encoded value of an encoded KeyValue."""
    try:
        pair = KeyValue.FromString(chunk)
    except DecodeError:
        raise Unreadable(MALFORMED_PROTOBUF, "an attribute is truncated or no KeyValue") from None
    return pair.key, pair.value


def proto_value(chunk: bytes, depth: int) -> Any:
    """The value of an encoded AnyValue, at most `depth` levels of lists and maps deep."""
    try:
        message = AnyValue.FromString(chunk)
        kind = message.WhichOneof("value")
        if kind == "array":
            chunks = ArrayValue.FromString(message.array).values
            return [proto_value(one, _deeper(depth)) for one in chunks]
        if kind == "kvlist":
            pairs = [proto_pair(one) for one in KeyValueList.FromString(message.kvlist).values]
            return {text(key): proto_value(value, _deeper(depth)) for key, value in pairs}
    except DecodeError:
        raise Unreadable(MALFORMED_PROTOBUF, "an attribute's value is truncated or no AnyValue") from None
    return None if kind is None else _leaf(kind, getattr(message, kind))


def _leaf(kind: str, value: Any) -> Any:
    if kind == "string":
        return text(value)
    if kind == "bytes":
        return _base64(value)
    return _finite(value) if kind == "double" else value


class JsonValue(msgspec.Struct, rename="camel", gc=False):
    """AnyValue in OTLP/JSON; 64-bit integers come as text or as number."""

    string_value: str | None = None
    bool_value: bool | None = None
    int_value: int | str | None = None
    double_value: float | str | None = None
    array_value: "JsonList | None" = None
    kvlist_value: "JsonPairs | None" = None
    bytes_value: str | None = None


class JsonPair(msgspec.Struct, gc=False):
    """KeyValue in OTLP/JSON."""

    key: str = ""
    value: JsonValue | None = None


class JsonList(msgspec.Struct, gc=False):
    """ArrayValue in OTLP/JSON."""

    values: list[JsonValue] | None = None


class JsonPairs(msgspec.Struct, gc=False):
    """KeyValueList in OTLP/JSON."""

    values: list[JsonPair] | None = None


def json_value(value: JsonValue | None, depth: int) -> Any:
    """The value of a decoded JsonValue, at most `depth` levels of lists and maps deep."""
    if value is None:
        return None
    if value.string_value is not None:
        return value.string_value
    if value.int_value is not None:
        return whole(value.int_value, -_INT_LIMIT, _INT_LIMIT)
    if value.bool_value is not None:
        return value.bool_value
    if value.double_value is not None:
        return _double(value.double_value)
    if value.array_value is not None:
        return [json_value(one, _deeper(depth)) for one in value.array_value.values or ()]
    if value.kvlist_value is not None:
        return {one.key: json_value(one.value, _deeper(depth)) for one in value.kvlist_value.values or ()}
    return None if value.bytes_value is None else _canonical_base64(value.bytes_value)


def whole(value: int | str, low: int, high: int) -> int:
    """A JSON integer written as number or as decimal text, with low <= it < high."""
    try:
        number = value if isinstance(value, int) else int(value)
    except ValueError:
        raise Unreadable(WRONG_TYPE, f"{str(value)[:40]!r} is no whole number") from None
    if not low <= number < high:
        raise Unreadable(WRONG_TYPE, f"{str(value)[:40]} does not fit 64 bits")
    return number


def _double(value: float | str) -> float | str:
    if not isinstance(value, str):
        return _finite(value)
    try:
        return _FLOAT_NAMES.get(value) or _finite(float(value))
    except ValueError:
        raise Unreadable(WRONG_TYPE, f"{value[:40]!r} is no number") from None


def _finite(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _base64(value: bytes) -> str:
    return msgspec.json.encode(value)[1:-1].decode("ascii")


def _canonical_base64(value: str) -> str:
    """Standard, padded base64: JSON writers may use the URL alphabet or leave the padding out."""
    padded = value.replace("-", "+").replace("_", "/").rstrip("=")
    return padded + "=" * (-len(padded) % 4)


def _deeper(depth: int) -> int:
    if depth <= 1:
        raise Unreadable(TOO_DEEP, "an attribute's lists and maps are nested too deeply")
    return depth - 1
