"""An OCEL 2.0 log in JSON (https://www.ocel-standard.org), written piece by piece.

Event types are activities. What the envelope says beyond the standard stands in attributes that begin with
``fg:``. An object's id is unique over all types in OCEL: an id that several types use is written ``<type>:<id>``.
An attribute whose values have several JSON types is a string; objects and arrays are their JSON text.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

import msgspec

from metrics.commands.wording import rfc3339
from metrics.exports.rows import AttributeKind, ExportedEvent, ExportedObject, ObjectKind

OWN: Final = {
    "fg:source": "string",
    "fg:actor": "string",
    "fg:amount": "string",
    "fg:currency": "string",
    "fg:trace_id": "string",
    "fg:simulated": "boolean",
}
BELONGS_TO: Final = "belongs_to"
_KINDS: Final = {"Int64": "integer", "UInt64": "integer", "Double": "float", "Bool": "boolean"}
_EPOCH: Final = "1970-01-01T00:00:00Z"
_encode = msgspec.json.Encoder().encode

Types = Mapping[str, Mapping[str, str]]
"""Activity → attribute → OCEL type."""


def attribute_types(kinds: Iterable[AttributeKind]) -> Types:
    """The OCEL type of every attribute of every activity."""
    types: dict[str, dict[str, str]] = defaultdict(dict)
    for row in kinds:
        types[row.activity].update({row.name: _type(row.kinds)} if row.name else {})
    return types


def _type(kinds: Sequence[str]) -> str:
    found = {_KINDS.get(kind, "string") for kind in kinds if kind != "Null"}
    if found == {"integer", "float"}:
        return "float"
    return found.pop() if len(found) == 1 else "string"


class ObjectNames:
    """What objects are called in a log whose ids are unique over all types; `shared` ids are not."""

    def __init__(self, shared: Set[str]) -> None:
        self._shared = shared

    def name(self, kind: str, id: str) -> str:
        return f"{kind}:{id}" if id in self._shared else id


def ocel_pieces(
    types: Types,
    kinds: Sequence[ObjectKind],
    names: ObjectNames,
    objects: Iterable[ExportedObject],
    events: Iterable[ExportedEvent],
) -> Iterator[bytes]:
    """The document in pieces: one object and one event a line."""
    yield b'{"objectTypes":' + _encode(_object_types(kinds))
    yield b',\n"eventTypes":' + _encode(_event_types(types))
    yield b',\n"objects":[\n'
    yield from _lines(_object(one, names) for one in objects)
    yield b'\n],\n"events":[\n'
    yield from _lines(_event(event, types.get(event.activity, {}), names) for event in events)
    yield b"\n]}\n"


def _lines(values: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    first = True
    for value in values:
        yield (b"" if first else b",\n") + _encode(value)
        first = False


def _object_types(kinds: Sequence[ObjectKind]) -> list[dict[str, Any]]:
    mark = {"name": "fg:simulated", "type": "boolean"}
    return [{"name": kind.object_type, "attributes": [mark] if kind.simulated else []} for kind in kinds]


def _event_types(types: Types) -> list[dict[str, Any]]:
    return [
        {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in {**own, **OWN}.items()]}
        for name, own in sorted(types.items())
    ]


def _object(row: ExportedObject, names: ObjectNames) -> dict[str, Any]:
    parents = zip(row.parent_types, row.parent_ids, strict=True)
    return {
        "id": names.name(row.object_type, row.object_id),
        "type": row.object_type,
        "attributes": [{"name": "fg:simulated", "time": _EPOCH, "value": True}] if row.simulated else [],
        "relationships": [{"objectId": names.name(*pair), "qualifier": BELONGS_TO} for pair in parents],
    }


def _event(event: ExportedEvent, types: Mapping[str, str], names: ObjectNames) -> dict[str, Any]:
    given = msgspec.json.decode(event.attributes or "{}")
    attributes = [
        {"name": name, "value": _value(value, types.get(name, "string"))}
        for name, value in given.items()
        if value is not None
    ]
    own = {
        "fg:source": event.source,
        "fg:actor": event.actor,
        "fg:amount": event.amount,
        "fg:currency": event.currency,
        "fg:trace_id": event.trace_id,
        "fg:simulated": bool(event.simulated),
    }
    attributes += [{"name": name, "value": value} for name, value in own.items() if value]
    refs = zip(event.object_types, event.object_ids, event.object_qualifiers, strict=True)
    return {
        "id": event.event_id,
        "type": event.activity,
        "time": rfc3339(event.time_us),
        "attributes": attributes,
        "relationships": [{"objectId": names.name(kind, id), "qualifier": role} for kind, id, role in refs],
    }


def _value(value: Any, kind: str) -> Any:
    if kind != "string" or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
