"""A message's bytes to records: which syntax it is in, parsed, and cut into the documents it holds.

A flat file that is too large for one message comes in parts: each with the file's head and trailer, the header
``fg-part`` (`3/200`), and ``fg-line``, the line that its first row has in the file. Whoever cuts it checks the totals
of the trailer over the whole file; a part alone cannot add up to them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from streams.codecs.reasons import EMPTY_VALUE, TOO_LARGE, Unreadable
from streams.sources.flat_input import FlatFormat, read_flat
from streams.sources.json_input import parse_json
from streams.sources.message import Limits, Message, Scope
from streams.sources.reasons import MALFORMED_XML, NO_RECORDS, NO_SYNTAX, TOO_MANY_RECORDS
from streams.sources.xml_input import drop_namespaces, parse_xml, repair_ampersands

PART: Final = "fg-part"
LINE: Final = "fg-line"
_BLANK = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The syntaxes a system writes in; `records` by syntax, None for the usual cut."""

    syntaxes: frozenset[str]
    records: Mapping[str, Callable[[Scope, Any], Any] | None]
    local_names: bool
    repair: bool
    flat: FlatFormat | None
    limits: Limits


@dataclass(slots=True)
class Read:
    """A message, read."""

    syntax: str
    root: Any
    records: list[Any]
    lines: list[int]
    head: dict[str, str]
    trailer: dict[str, str]
    repaired: bool = False


def read(message: Message, inputs: Inputs) -> Read:
    """The records of a message. Raises `Unreadable`."""
    body = message.body
    if not body.strip():
        raise Unreadable(EMPTY_VALUE, "the message is empty")
    if len(body) > inputs.limits.bytes:
        raise Unreadable(TOO_LARGE, f"{len(body)} bytes, the limit is {inputs.limits.bytes}")
    syntax = syntax_of(body, inputs)
    result = _flat(message, inputs, syntax) if syntax in ("csv", "fixed") else _tree(message, inputs, syntax)
    if len(result.records) > inputs.limits.records:
        raise Unreadable(TOO_MANY_RECORDS, f"{len(result.records)} records, the limit is {inputs.limits.records}")
    return result


def syntax_of(body: bytes, inputs: Inputs) -> str:
    """By the first sign: ``<`` is XML, ``{`` and ``[`` are JSON; anything else is the flat syntax or the only one."""
    if len(inputs.syntaxes) == 1:
        return next(iter(inputs.syntaxes))
    first = body.lstrip(_BLANK)[:1]
    wide = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    if "xml" in inputs.syntaxes and (first == b"<" or wide):
        return "xml"
    if "json" in inputs.syntaxes and first in (b"{", b"["):
        return "json"
    for syntax in ("csv", "fixed"):
        if syntax in inputs.syntaxes:
            return syntax
    raise Unreadable(NO_SYNTAX, f"it begins with {first!r}; the mapping reads {', '.join(sorted(inputs.syntaxes))}")


def _flat(message: Message, inputs: Inputs, syntax: str) -> Read:
    form = inputs.flat
    assert form is not None  # the syntax is only declared together with it
    file = read_flat(message.body, replace(form, control=None) if PART in message.headers else form)
    rows, lines = [row for _, row in file.rows], [number for number, _ in file.rows]
    first = message.headers.get(LINE, "")
    if PART in message.headers and lines and first.isdecimal() and len(first) <= 15:
        lines = [number - lines[0] + int(first) for number in lines]
    return Read(syntax, rows, rows, lines, file.head, file.trailer)


def _tree(message: Message, inputs: Inputs, syntax: str) -> Read:
    repaired = False
    root: Any
    if syntax == "xml":
        root, repaired = _xml(message.body, inputs)
    else:
        root = parse_json(message.body)
    cut = inputs.records[syntax]
    if cut is None:
        found = root
    else:
        found = cut(Scope(message, root, []), root)
        if found is None:
            raise Unreadable(NO_RECORDS, "the selector `records` finds nothing")
    records = found if type(found) is list else [found]
    return Read(syntax, root, records, [], {}, {}, repaired)


def _xml(body: bytes, inputs: Inputs) -> tuple[etree._Element, bool]:
    repaired = False
    try:
        root = parse_xml(body)
    except Unreadable as error:
        if not inputs.repair or error.reason != MALFORMED_XML:
            raise
        root, repaired = parse_xml(repair_ampersands(body)), True
    if inputs.local_names:
        drop_namespaces(root)
    return root, repaired
