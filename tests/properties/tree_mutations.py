"""Messages made worse inside: still JSON or XML, but not what the mapping expects; seeded like `mutations`."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e300, 10**30, "", " ", "x" * 9_000, "NaN", "-0", "1,5", "‮٣", "\ud800", "\u0000",
    "2026-02-30", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01", "12/31/2026 14:00", "/Date(1)/", "PO/7",
    [], {}, [[]], [None], [1, "a", {}], {"a": {"a": {}}}, {"value": {}}, [{"id": None}], ["a"] * 1_200,
)  # fmt: skip
_ODD_TEXTS = tuple(one for one in _ODD if isinstance(one, str) and one.isprintable() and "\ud800" not in one)


def mutated_tree(body: bytes, rng: random.Random) -> bytes:
    """One to three changes inside a JSON or XML message; anything else as it is."""
    if body.lstrip()[:1] == b"<":
        return _xml(body, rng)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    for _ in range(rng.choice((1, 1, 2, 3))):
        document = _json(document, rng)
    return json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _json(document: Any, rng: random.Random) -> Any:
    places = list(_places(document))
    if not places:
        return deepcopy(rng.choice(_ODD))
    parent, key = rng.choice(places)
    change = rng.randrange(5)
    if change == 0:
        del parent[key]
    elif change == 1:
        parent[key] = [deepcopy(parent[key]) for _ in range(rng.choice((1, 2, 30)))]
    elif change == 2:
        other, name = rng.choice(places)
        parent[key] = deepcopy(other[name])
    else:
        parent[key] = deepcopy(rng.choice(_ODD))
    return document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every (object or array, key or index) in a document."""
    if isinstance(document, dict | list):
        for key in list(document) if isinstance(document, dict) else range(len(document)):
            yield document, key
            yield from _places(document[key])


def _xml(body: bytes, rng: random.Random) -> bytes:
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return body
    for _ in range(rng.choice((1, 1, 2, 3))):
        _change_element(rng.choice(list(root.iter("*"))), rng)
    return bytes(etree.tostring(root, encoding=rng.choice(("utf-8", "utf-8", "utf-16", "iso-8859-1"))))  # type: ignore[arg-type]


def _change_element(element: Any, rng: random.Random) -> None:
    parent = element.getparent()
    change = rng.randrange(6)
    if change == 0 and parent is not None:
        parent.remove(element)
    elif change == 1 and parent is not None:
        for _ in range(rng.choice((1, 2, 30))):
            parent.append(deepcopy(element))
    elif change == 2:
        element.tag = "{urn:other}" + etree.QName(element).localname
    elif change == 3 and element.attrib:
        name = rng.choice(sorted(map(str, element.attrib)))
        element.set(name, rng.choice(_ODD_TEXTS))
    elif change == 4:
        etree.SubElement(element, "odd").text = rng.choice(_ODD_TEXTS)
    else:
        element.text = rng.choice(_ODD_TEXTS)
