"""Ids and enums of a span as text or number, in OTLP/JSON and in tables."""

from typing import Final

from streams.codecs.reasons import WRONG_TYPE, Unreadable
from streams.spans.fields import KINDS, STATUSES
from streams.spans.reasons import BAD_PARENT_ID, BAD_SPAN_ID, BAD_TRACE_ID

_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16
_KIND_NUMBERS: Final = {name: number for number, name in enumerate(("unspecified", *KINDS[1:]))}
_STATUS_NUMBERS: Final = {name: number for number, name in enumerate(STATUSES)}


def hex_id(value: str, digits: int) -> str:
    """Lower-case hex of just so many digits, '' for anything else."""
    if len(value) != digits or not value.isascii() or not value.isalnum():
        return ""
    try:
        return bytes.fromhex(value).hex()
    except ValueError:
        return ""


def trace_hex(value: str) -> str:
    """A trace id as lower-case hex. Raises Unreadable."""
    trace_id = hex_id(value, 32)
    if not trace_id or trace_id == _NO_TRACE:
        raise Unreadable(BAD_TRACE_ID, f"the trace id {value[:40]!r} is not 32 hex digits, or all zeros")
    return trace_id


def span_hex(value: str) -> str:
    """A span id as lower-case hex. Raises Unreadable."""
    span_id = hex_id(value, 16)
    if not span_id or span_id == _NO_SPAN:
        raise Unreadable(BAD_SPAN_ID, f"the span id {value[:40]!r} is not 16 hex digits, or all zeros")
    return span_id


def parent_hex(value: str) -> str:
    """A parent's span id as lower-case hex, '' for none or all zeros. Raises Unreadable."""
    if not value:
        return ""
    parent = hex_id(value, 16)
    if not parent:
        raise Unreadable(BAD_PARENT_ID, f"the parent span id {value[:40]!r} is not 16 hex digits")
    return "" if parent == _NO_SPAN else parent


def named_kind(value: int | str) -> int:
    """OTLP's number of a kind: 2, "SPAN_KIND_SERVER", "server"; a number yet unknown is 0. Raises Unreadable."""
    return _enum(value, _KIND_NUMBERS, "SPAN_KIND_")


def named_status(value: int | str) -> int:
    """OTLP's number of a status code: 2, "STATUS_CODE_ERROR", "error"; a number yet unknown is 0. Raises Unreadable."""
    return _enum(value, _STATUS_NUMBERS, "STATUS_CODE_")


def _enum(value: int | str, numbers: dict[str, int], prefix: str) -> int:
    if isinstance(value, int):
        return value if 0 <= value < len(numbers) else 0
    number = numbers.get(value.upper().removeprefix(prefix).lower())
    if number is None:
        raise Unreadable(WRONG_TYPE, f"{value[:40]!r} is none of {', '.join(prefix + one.upper() for one in numbers)}")
    return number
