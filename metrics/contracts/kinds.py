"""The kinds of value an attribute may have: each as JSON Schema and as a test, which say the same."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Test: TypeAlias = Callable[[Any], bool]
Schema: TypeAlias = dict[str, Any]

_WHOLE: Final = r"^-?[0-9]+$"
_DECIMAL: Final = r"^-?[0-9]+(\.[0-9]+)?$"
_DATE: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_whole, _decimal, _date = (re.compile(pattern.replace("$", r"\Z")).match for pattern in (_WHOLE, _DECIMAL, _DATE))
_FLAGS: Final = ("true", "false")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value. `any_text`: every text is one, so that a text need not be looked at."""

    name: str
    schema: Schema
    test: Test
    article: str
    any_text: bool = False


def _is_integer(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


def _is_number(value: Any) -> bool:
    return type(value) is int or type(value) is float


def _is_text(value: Any) -> bool:
    return type(value) is str


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("any", {}, lambda value: True, "anything", any_text=True),
        Kind("text", {"type": "string"}, _is_text, "a text", any_text=True),
        Kind(
            "label",
            {"type": ["string", "integer"]},
            lambda value: type(value) is str or _is_integer(value),
            "a text or a whole number",
            any_text=True,
        ),
        Kind(
            "whole",
            {"type": ["integer", "string"], "pattern": _WHOLE},
            lambda value: _whole(value) is not None if type(value) is str else _is_integer(value),
            "a whole number",
        ),
        Kind(
            "decimal",
            {"type": ["number", "string"], "pattern": _DECIMAL},
            lambda value: _decimal(value) is not None if type(value) is str else _is_number(value),
            "a decimal such as 12.50",
        ),
        Kind(
            "flag",
            {"enum": [True, False, *_FLAGS]},
            lambda value: type(value) is bool or (type(value) is str and value in _FLAGS),
            "true or false",
        ),
        Kind(
            "date",
            {"type": "string", "pattern": _DATE},
            lambda value: type(value) is str and _date(value) is not None,
            "a date such as 2026-01-31",
        ),
    )
}


def schema_of(kind: Kind, values: tuple[str, ...], many: bool) -> Schema:
    """What JSON Schema allows for an attribute of this kind."""
    one = {**kind.schema, "enum": list(values)} if values else dict(kind.schema)
    return {"anyOf": [one, {"type": "array", "items": one}]} if many else one


def test_of(kind: Kind, values: tuple[str, ...], many: bool) -> Test:
    """The same as a function: whether a value is allowed."""
    allowed = frozenset(values)
    test: Test = (lambda value: type(value) is str and value in allowed) if allowed else kind.test
    if not many:
        return test
    return lambda value: all(map(test, value)) if type(value) is list else test(value)
