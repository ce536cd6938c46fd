"""An XES log (IEEE 1849) of one process, written case by case.

The activity is ``concept:name``, the actor ``org:resource``. A text keeps what XML 1.0 allows; other signs
become U+FFFD. Nested attribute values are their JSON text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import msgspec

from metrics.commands.wording import rfc3339
from metrics.exports.rows import ExportedEvent

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <classifier name="activity" keys="concept:name"/>
"""


def xes_pieces(process: str, events: Iterable[ExportedEvent], *, simulated: bool) -> Iterator[bytes]:
    """The document in pieces. `events` come case by case; `simulated`: there are simulated cases among them."""
    head = _HEAD + _attribute("concept:name", process, 1)
    yield (head + (_attribute("fg:simulated", True, 1) if simulated else "")).encode()
    case: str | None = None
    for event in events:
        if event.case_id != case:
            yield ("" if case is None else "  </trace>\n").encode()
            case = event.case_id
            yield ("  <trace>\n" + _attribute("concept:name", case, 2)).encode()
        yield _event(event).encode()
    yield ("</log>\n" if case is None else "  </trace>\n</log>\n").encode()


def _event(event: ExportedEvent) -> str:
    lines = ["    <event>\n", _attribute("concept:name", event.activity, 3), _time("time:timestamp", event.time_us)]
    if event.started_us is not None:
        lines.append(_time("fg:started", event.started_us))
    own: dict[str, Any] = {
        "org:resource": event.actor,
        "fg:id": event.event_id,
        "fg:source": event.source,
        "fg:amount": event.amount,
        "fg:currency": event.currency,
        "fg:trace_id": event.trace_id,
        "fg:simulated": bool(event.simulated),
    }
    given = msgspec.json.decode(event.attributes or "{}")
    lines += [_attribute(name, value, 3) for name, value in own.items() if value]
    taken = {"concept:name", "time:timestamp", "fg:started", *own}
    lines += [_attribute(name, value, 3) for name, value in given.items() if name not in taken and value is not None]
    return "".join([*lines, "    </event>\n"])


def _attribute(key: str, value: Any, depth: int) -> str:
    match value:
        case bool():
            tag, text = "boolean", "true" if value else "false"
        case int():
            tag, text = "int", str(value)
        case float():
            tag, text = "float", repr(value)
        case str():
            tag, text = "string", value
        case _:
            tag, text = "string", msgspec.json.encode(value).decode()
    return f"{'  ' * depth}<{tag} key={_quoted(key)} value={_quoted(text)}/>\n"


def _time(key: str, us: int) -> str:
    return f'      <date key="{key}" value="{rfc3339(us)}"/>\n'


def _quoted(text: str) -> str:
    """Line ends and tabs as references: a parser would turn them into blanks."""
    return quoteattr(_FORBIDDEN.sub("�", text), {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
