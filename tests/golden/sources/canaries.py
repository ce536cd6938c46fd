"""Invented people, sown into every text of a message: whoever finds one of them later has found a leak."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree

CANARIES: Final = {
    "ssn": "078-05-1120",
    "iban": "DE89370400440532013000",
    "iban_in_groups": "GB82 WEST 1234 5698 7654 32",
    "mail": "zebulon.quartermain@mail.invalid",
    "telephone": "+1 212 555 0147",
    "free_text": "Her sister Zebulon Quartermain, who lies in bed four, asked to be called.",
    "name": "Zebulon Quartermain",
    "short_name": "Ana Quillon",
    "one_word": "Quartermain",
    "capitals": "QUILLON",
    "joined": "ana.quillon",
}
PATTERN: Final = (
    r"078-?05-?1120|DE89\s?3704\s?0044|3704\s?0044\s?0532|GB82\s?WEST|1234\s?5698\s?7654|quartermain|zebulon"
    r"|quillon|212\W?555\W?0147"
)
"""The canaries, however they are written; no matter whether letters are large."""
_SHOWN: Final = re.compile(PATTERN, re.IGNORECASE)
_FIELD: Final = re.compile(rb"[^\s,;|\"<>:{}\[\]]{2,10}")
_INSIDE: Final = re.compile(rb"(?<=>)[^<>]*\w[^<>]*(?=<)|(?<=\")[^\"<>]+(?=\")")
_KINDS: Final = 3
"""Kinds of canary with which a message is filled or broken; over all messages it is every kind."""
_MOST: Final = 24
"""Texts of one message that are replaced one by one; of a longer message every so many."""


def found_in(text: str) -> list[str]:
    """The canaries in a text, however they are written."""
    return [match[0] for match in _SHOWN.finditer(text)]


def sown(body: bytes) -> Iterator[tuple[str, bytes]]:
    """(kind, message): each text replaced by a canary, all of them, unknown fields added, and the message broken."""
    kinds = list(CANARIES)
    many = list(_variants(body))
    step = max(1, len(many) // _MOST)
    for turn, vary in enumerate(many[::step]):
        for kind in (kinds[turn % len(kinds)], kinds[(turn + 3) % len(kinds)]):
            yield kind, vary(CANARIES[kind])
    for kind in (kinds[(len(body) + turn) % len(kinds)] for turn in range(_KINDS)):
        yield from ((kind, one) for one in _everywhere(body, CANARIES[kind]))
        yield from ((kind, one) for one in _broken(body, CANARIES[kind].encode()))


def _variants(body: bytes) -> list[Callable[[str], bytes]]:
    """For each text of the message a function that puts another in its place."""
    tree = _json(body)
    if tree is not None:
        return [_in_json(tree, path) for path in _paths(tree)]
    if (root := _xml(body)) is not None:
        return [_in_xml(body, number, name) for number, name in _places(root)]
    if body.lstrip()[:1] == b"<":
        return [_in_bytes(body, match) for match in _INSIDE.finditer(body)]
    return [way(body, match) for match in _FIELD.finditer(body) for way in (_in_bytes, _over_bytes)]


def _everywhere(body: bytes, text: str) -> Iterator[bytes]:
    tree = _json(body)
    if tree is not None:
        changed = copy.deepcopy(tree)
        for path in _paths(tree):
            _put(changed, path, text)
        yield json.dumps(changed).encode()
        yield json.dumps(_with_unknown(tree, text)).encode()
    elif (root := _xml(body)) is not None:
        for element in root.iter(etree.Element):
            etree.SubElement(element, "UnknownElement", UnknownAttribute=text).text = text
        yield etree.tostring(root)


def _broken(body: bytes, text: bytes) -> Iterator[bytes]:
    half = len(body) // 2
    yield body[:half] + text
    yield text + body
    yield body[:half] + b'"' + text + b'"' + body[half:]
    yield b"\xff\xfe" + text + b"\x00" + body


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body.lstrip()[:1] in (b"{", b"[") else None
    except (ValueError, RecursionError):
        return None


def _xml(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(body, parser) if body.lstrip()[:1] == b"<" and b"<!ENTITY" not in body else None
    except (etree.XMLSyntaxError, ValueError):
        return None


Path = tuple[str | int, ...]


def _paths(tree: Any, path: Path = ()) -> list[Path]:
    if isinstance(tree, dict):
        return [one for name, value in tree.items() for one in _paths(value, (*path, name))]
    if isinstance(tree, list):
        return [one for place, value in enumerate(tree) for one in _paths(value, (*path, place))]
    return [path] if isinstance(tree, str) and path else []


def _put(tree: Any, path: Path, text: str) -> None:
    for step in path[:-1]:
        tree = tree[step]
    tree[path[-1]] = text


def _in_json(tree: Any, path: Path) -> Callable[[str], bytes]:
    def vary(text: str) -> bytes:
        changed = copy.deepcopy(tree)
        _put(changed, path, text)
        return json.dumps(changed).encode()

    return vary


def _with_unknown(tree: Any, text: str) -> Any:
    if isinstance(tree, dict):
        inside = {name: _with_unknown(value, text) for name, value in tree.items()}
        return {**inside, "unknown_field": text, "notes": {"text": text, "lines": [text]}}
    return [_with_unknown(value, text) for value in tree] if isinstance(tree, list) else tree


def _places(root: Any) -> list[tuple[int, str]]:
    """The number of an element and the name of its attribute, '' for its text."""
    return [
        (number, name)
        for number, element in enumerate(root.iter(etree.Element))
        for name in ([""] if (element.text or "").strip() else []) + list(element.attrib)
    ]


def _in_xml(body: bytes, number: int, name: str) -> Callable[[str], bytes]:
    def vary(text: str) -> bytes:
        root = _xml(body)
        element = list(root.iter(etree.Element))[number]
        if name:
            element.set(name, text)
        else:
            element.text = text
        return bytes(etree.tostring(root))

    return vary


def _in_bytes(body: bytes, match: re.Match[bytes]) -> Callable[[str], bytes]:
    return lambda text: body[: match.start()] + text.encode() + body[match.end() :]


def _over_bytes(body: bytes, match: re.Match[bytes]) -> Callable[[str], bytes]:
    """The text written over what is there, so that the columns behind stay in their places."""

    def vary(text: str) -> bytes:
        start, end = match.start(), body.find(b"\n", match.start())
        room = (len(body) if end < 0 else end) - start
        written = text.encode()[:room]
        return body[:start] + written + body[start + len(written) :]

    return vary
