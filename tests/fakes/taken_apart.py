"""A row's JSON line as the store's columns, by the expressions of `metrics.store.wire` read in Python."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa

from metrics.store import wire
from metrics.store.tables import TABLES

_TIMES = re.compile(r"arrayMap\(at -> fromUnixTimestamp64Micro\(at, 'UTC'\), (.+)\)")
_TEXTS = pa.list_(pa.string())
_MAP = re.compile(r"(mapKeys|mapValues)\((\w+)\)(.*)")


def taken_apart(table: str, line: bytes) -> dict[str, Any]:
    """The columns of one row. A text column takes JSON that is no text as it stands."""
    values = msgspec.json.decode(line, type=list[msgspec.Raw])
    row: dict[str, Any] = {}
    for field, raw in zip(wire.fields(table), values, strict=True):
        value = _value(field.kind, bytes(raw))
        for column, expression in field.columns:
            made = _applied(expression, {field.name: value})
            row[column] = [_text(one) for one in made] if TABLES[table].field(column).type == _TEXTS else made
    return row


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _value(kind: str, raw: bytes) -> Any:
    if kind == "String" and raw[:1] != b'"':
        return raw.decode()
    value = msgspec.json.decode(raw)
    return int(value) if kind == "UInt8" else value


def _applied(expression: str, values: Mapping[str, Any]) -> Any:
    if found := _TIMES.fullmatch(expression):
        return _applied(found[1], values)
    if expression.startswith("fromUnixTimestamp64Micro"):
        return next(iter(values.values()))
    if found := _MAP.fullmatch(expression):
        held = values[found[2]]
        return _picked(list(held if found[1] == "mapKeys" else held.values()), found[3])
    name, dot, path = expression.partition(".")
    return _picked(values[name], dot + path)


def _picked(values: Any, path: str) -> Any:
    """`.1.2` of an array of tuples: the same place of each."""
    for place in path.split(".")[1:]:
        values = [value[int(place) - 1] for value in values]
    return [int(value) if value is True or value is False else value for value in values] if path else values
