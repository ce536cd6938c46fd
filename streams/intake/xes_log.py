"""An XES log (IEEE 1849): traces of events, read as a stream, one trace in memory.

Every event is a step, whatever its ``lifecycle:transition`` (kept as an attribute): a log with start and
complete events has both. The activity is ``concept:name``, the case the trace's ``concept:name``. A
trace's other attributes stand on the first event of the trace as ``case:<key>``; nested attributes are
``parent.child``. DTDs are refused and nothing is fetched from elsewhere. Rows are numbered over the file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from metrics.texts.names import snake_case
from metrics.words import DeadLetter, Event, ObjectRef
from streams.codecs import reasons
from streams.codecs.envelope import exact_number
from streams.codecs.reasons import Unreadable
from streams.intake.columns import unknown_column
from streams.intake.event_rows import EventRows, RowPlace
from streams.intake.options import IntakeError, LogOptions
from streams.intake.text_files import BROKEN_PACKING, open_bytes
from streams.intake.time_columns import declared_parser

_NAME: Final = "concept:name"
_TIME: Final = "time:timestamp"
_ACTOR: Final = "org:resource"
_TRUE: Final = frozenset({"true", "1"})

Attributes = dict[str, Any]


class XesLog:
    """Iterate to read; each iteration reads the file again from its start."""

    def __init__(self, path: Path, options: LogOptions, place: RowPlace) -> None:
        """Reads the first trace to check the named attributes. Raises IntakeError."""
        self._path = path
        self._place = place
        self._case = options.case or _NAME
        self._activity = options.activity or _NAME
        self._time = options.time or _TIME
        self._start = options.start
        self._objects = tuple(_object_key(text) for text in options.objects)
        self._parse = declared_parser(options)
        self._check_names(options)

    def __iter__(self) -> Iterator[Event | DeadLetter]:
        rows = EventRows(self._place)
        row = 0
        try:
            for trace, events in _traces(self._path):
                for index, attributes in enumerate(events):
                    yield self._event(rows, row, trace, attributes, first=index == 0)
                    row += 1
        except etree.XMLSyntaxError as error:
            yield rows.dead(row, reasons.BROKEN_FILE, str(error), b"")
        except BROKEN_PACKING as error:
            yield rows.dead(row, reasons.BROKEN_FILE, str(error), b"")

    def _event(
        self, rows: EventRows, row: int, trace: Attributes, attributes: Attributes, first: bool
    ) -> Event | DeadLetter:
        try:
            return self._step(rows, row, trace, attributes, first)
        except Unreadable as error:
            return rows.dead(row, error.reason, error.detail, repr({**trace, **attributes}).encode())

    def _step(self, rows: EventRows, row: int, trace: Attributes, attributes: Attributes, first: bool) -> Event:
        rest = dict(attributes)
        case = trace.get(self._case, "" if self._case == _NAME else attributes.get(self._case, ""))
        activity = str(rest.pop(self._activity, ""))
        text = rest.pop(self._time, None)
        if text is None:
            raise Unreadable(reasons.BAD_TIME, f"the event has no {self._time}")
        time, precision = self._parse(str(text))
        start = rest.pop(self._start, None) if self._start else None
        started = None if start is None else self._parse(str(start))[0]
        named = [(kind, attributes.get(key, trace.get(key, ""))) for key, kind in self._objects]
        objects = tuple(ObjectRef(kind, str(value), kind) for kind, value in named if value != "")
        if first:
            rest.update((f"case:{key}", value) for key, value in trace.items() if key != self._case)
        actor = str(attributes.get(_ACTOR, ""))
        return rows.step(
            row, str(case), activity, time, rest, started=started, objects=objects, precision=precision, actor=actor
        )

    def _check_names(self, options: LogOptions) -> None:
        try:
            trace, events = next(iter(_traces(self._path)), ({}, []))
        except (etree.XMLSyntaxError, *BROKEN_PACKING):
            return  # reading will say so as a dead letter
        names = list(dict.fromkeys([*(key for event in events for key in event), *trace]))
        asked = [("--case", options.case), ("--activity", options.activity), ("--time", options.time)]
        asked += [("--start", options.start), *(("--object", key) for key, _ in self._objects)]
        for option, name in asked:
            if events and name is not None and name not in names:
                raise unknown_column(name, option, names, noun="attribute")


def _traces(path: Path) -> Iterator[tuple[Attributes, list[Attributes]]]:
    """(the trace's attributes, its events' attributes), in file order; events outside a trace have no case."""
    with open_bytes(path) as file:
        steps = etree.iterparse(
            file,
            events=("start", "end"),
            tag=("{*}log", "{*}trace", "{*}event"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        inside = known = False
        for step, element in steps:
            name = etree.QName(element).localname
            if step == "start":
                known = known or name == "log"
                if name == "log" and element.getroottree().docinfo.doctype:
                    raise IntakeError(f"{path.name} declares a document type (DTD), which XES does not need: remove it")
                inside = inside or name == "trace"
            elif name == "trace":
                yield _split(element)
                inside = False
                _free(element)
            elif name == "event" and not inside:
                yield {}, [_attributes(element)]
                _free(element)
    if not known:
        raise IntakeError(f"{path.name} is XML but no XES log: it has no <log>")


def _free(element: etree._Element) -> None:
    """Forget what was read: the element and those before it."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _split(trace: etree._Element) -> tuple[Attributes, list[Attributes]]:
    events: list[Attributes] = []
    own: Attributes = {}
    for child in trace:
        if child.tag.endswith("event"):
            events.append(_attributes(child))
        else:
            _add(own, child, "")
    return own, events


def _attributes(element: etree._Element) -> Attributes:
    attributes: Attributes = {}
    for child in element:
        _add(attributes, child, "")
    return attributes


def _add(attributes: Attributes, child: etree._Element, path: str) -> None:
    key = child.get("key")
    if key is None:  # <values> of a list
        for item in child:
            _add(attributes, item, path)
        return
    key = path + key
    value = child.get("value")
    if value is not None:
        attributes[key] = value if child.tag.endswith(("string", "date")) else _typed(child.tag, value)
    for nested in child:
        _add(attributes, nested, f"{key}.")


def _typed(tag: str, value: str) -> Any:
    """ints and booleans as such, floats where a binary float is exact in decimal, else the text."""
    try:
        if tag.endswith("int"):
            return int(value)
        if tag.endswith("float"):
            return exact_number(value)
    except ValueError:
        return value
    return value in _TRUE if tag.endswith("boolean") else value


def _object_key(text: str) -> tuple[str, str]:
    key, _, kind = text.rpartition("=") if "=" in text else (text, "", "")
    return key, kind or snake_case(key)
