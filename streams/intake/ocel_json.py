"""An OCEL 2.0 log in JSON (https://www.ocel-standard.org): events that refer to many objects.

One object type is the case: named by ``case``, or the only one there is. Its objects are called by the
case type; the others by their own type in snake_case. With a case type of a definition and no ``case``
every type is called by its own name. What the log says of an object
stands on the first event that mentions it: its attributes as ``objects.<id>``, and the objects it is
related to as further references with the qualifier ``related:<qualifier>``. A related object of the case's
type is no reference (the event did not happen to that case) but stands under ``objects.<id>.related``.

The file is mapped into memory, not read; the objects are held, the events are decoded one by one.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from metrics.texts.names import snake_case
from metrics.words import DeadLetter, Event, ObjectRef
from streams.codecs import reasons
from streams.codecs.envelope import exact_number
from streams.codecs.reasons import Unreadable
from streams.intake.columns import unknown_column
from streams.intake.event_rows import CASE_QUALIFIER, EventRows, RowPlace
from streams.intake.options import IntakeError, LogOptions
from streams.intake.text_files import BROKEN_PACKING, is_packed, open_bytes
from streams.intake.time_columns import declared_parser

_ID: Final = "ocel:id"
_OBJECTS: Final = "objects"
_RELATED: Final = "related"


class _Relation(msgspec.Struct, rename={"object": "objectId"}):
    object: str
    qualifier: str = ""


class _Attribute(msgspec.Struct):
    name: str
    value: Any = None
    time: str = ""


class _Object(msgspec.Struct):
    id: str
    type: str
    attributes: list[_Attribute] = []
    relationships: list[_Relation] = []


class _Step(msgspec.Struct):
    id: str
    type: str
    time: str
    attributes: list[_Attribute] = []
    relationships: list[_Relation] = []


class _Log(msgspec.Struct):
    objects: list[msgspec.Raw]
    events: list[msgspec.Raw]


_LOG: Final = msgspec.json.Decoder(_Log)
_OBJECT: Final = msgspec.json.Decoder(_Object, float_hook=exact_number)
_STEP: Final = msgspec.json.Decoder(_Step, float_hook=exact_number)
_FAULTS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class OcelLog:
    """Iterate to read."""

    def __init__(self, path: Path, options: LogOptions, place: RowPlace, *, own_types: bool = False) -> None:
        """Maps the file and reads its objects. `own_types`: no type is renamed unless ``case`` says so."""
        self._place = place
        try:
            self._log = _LOG.decode(_content(path))
        except (*_FAULTS, *BROKEN_PACKING) as error:
            raise IntakeError(f"{path.name} is no OCEL 2.0 JSON log: {error}") from None
        self._objects: dict[str, _Object] = {}
        self._bad: list[tuple[int, str, bytes]] = []
        for index, raw in enumerate(self._log.objects):
            try:
                item = _OBJECT.decode(raw)
                self._objects[item.id] = item
            except _FAULTS as error:
                self._bad.append((index, str(error), bytes(raw)))
        self._case = self._case_type(options, own_types)
        self._parse = declared_parser(options)

    def _case_type(self, options: LogOptions, own_types: bool) -> str | None:
        types = list(dict.fromkeys(item.type for item in self._objects.values()))
        if options.case is not None:
            if options.case not in types:
                raise unknown_column(options.case, "--case", types, noun="object type")
            return options.case
        if own_types or len(types) == 1:
            return None if own_types else types[0]
        shown = ", ".join(repr(name) for name in types)
        raise IntakeError(f"The log has several object types: {shown}. Name the one that is the case with --case.")

    def __iter__(self) -> Iterator[Event | DeadLetter]:
        rows = EventRows(self._place)
        for index, detail, payload in self._bad:
            letter = rows.dead(index, reasons.BAD_OBJECT, f"an object: {detail}", payload)
            yield msgspec.structs.replace(letter, origin=f"{letter.origin}#objects")
        told: set[str] = set()
        for row, raw in enumerate(self._log.events):
            try:
                yield self._event(rows, row, _STEP.decode(raw), told)
            except Unreadable as error:
                yield rows.dead(row, error.reason, error.detail, bytes(raw))
            except _FAULTS as error:
                yield rows.dead(row, reasons.BAD_ROW, str(error), bytes(raw))

    def _event(self, rows: EventRows, row: int, step: _Step, told: set[str]) -> Event:
        if not step.relationships:
            raise Unreadable(reasons.NO_OBJECTS, "the event has no relationships")
        time, precision = self._parse(step.time)
        pairs = ((relation.object, relation.qualifier) for relation in step.relationships)
        references = list(dict.fromkeys(self._reference(name, qualifier) for name, qualifier in pairs))
        attributes: dict[str, Any] = {item.name: item.value for item in step.attributes}
        attributes[_ID] = step.id
        known: dict[str, Any] = {}
        for relation in step.relationships:
            if relation.object not in told:
                told.add(relation.object)
                self._tell(self._objects[relation.object], references, known)
        if known:
            attributes[_OBJECTS] = known
        references.sort(key=lambda reference: reference.type != self._place.case_type)  # the case first
        return rows.event(row, step.type, time, tuple(references), attributes, precision=precision)

    def _tell(self, item: _Object, references: list[ObjectRef], known: dict[str, Any]) -> None:
        """What the log says of an object, on the first event that mentions it."""
        told: dict[str, Any] = {entry.name: entry.value for entry in item.attributes}
        mentioned = {(reference.type, reference.id) for reference in references}
        for relation in item.relationships:
            other = self._objects.get(relation.object)
            kind = "" if other is None else self._type_of(other)
            if not kind or kind == self._place.case_type:
                told.setdefault(_RELATED, []).append([kind, relation.object, relation.qualifier])
            elif (kind, relation.object) not in mentioned:
                qualifier = f"{_RELATED}:{relation.qualifier}" if relation.qualifier else _RELATED
                references.append(ObjectRef(kind, relation.object, qualifier))
        if told:
            known[item.id] = told

    def _reference(self, name: str, qualifier: str) -> ObjectRef:
        item = self._objects.get(name)
        if item is None:
            raise Unreadable(reasons.BAD_OBJECT, f"object {name[:64]!r} is not declared in the log")
        kind = self._type_of(item)
        return ObjectRef(kind, name, qualifier or (CASE_QUALIFIER if kind == self._place.case_type else ""))

    def _type_of(self, item: _Object) -> str:
        return self._place.case_type if item.type == self._case else snake_case(item.type)


def _content(path: Path) -> bytes | mmap.mmap:
    """The plain file as the system maps it; a packed one unpacked."""
    with open_bytes(path) as file:
        return file.read() if is_packed(path) else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
