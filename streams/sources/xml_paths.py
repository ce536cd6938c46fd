"""XPath 1.0 expressions, compiled once, with namespaces bound by their URI (prefixes in messages vary)."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree

from streams.codecs.reasons import Unreadable
from streams.sources.readers import Reader
from streams.sources.reasons import SELECTOR_FAILED

_FUNCTION = re.compile(r"([A-Za-z][\w.-]*:)?([A-Za-z][\w-]*)\s*\(")
_SHORT = re.compile(r"(@|self::)?(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)", re.ASCII)
_ELEMENT: Final = etree._Element
_KNOWN = frozenset(
    "last position count id local-name namespace-uri name string concat starts-with contains substring-before "  # noqa: SIM905
    "substring-after substring string-length normalize-space translate boolean not true false lang number sum floor "
    "ceiling round node text comment processing-instruction and or div mod".split()
)


def compile_xml_path(text: str, namespaces: Mapping[str, str]) -> Reader:
    """The closure of an expression: a list, a text, a number, a boolean, or None where there is no element.

    Raises ValueError with a sentence when it is not XPath 1.0, or uses a prefix or function that is not known.
    """
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    for prefix, name in _FUNCTION.findall(bare):
        if prefix or name not in _KNOWN:
            raise ValueError(f"XPath 1.0 has no function '{prefix}{name}'")
    for prefix in re.findall(r"([A-Za-z_][\w.-]*):(?!:)", bare):
        if prefix not in namespaces:
            known = ", ".join(sorted(namespaces)) or "none"
            raise ValueError(f"the prefix '{prefix}' is not bound; bound under inputs.xml.namespaces: {known}")
    try:
        path = etree.XPath(text, namespaces=dict(namespaces) or None, smart_strings=False)
        path(etree.Element("probe"))
    except (etree.XPathError, etree.LxmlError, ValueError, TypeError) as error:
        raise ValueError(f"not an XPath 1.0 expression: {error}") from None
    short = _short_path(text, namespaces)

    def run(scope: Any, value: Any) -> Any:
        element = value[0] if type(value) is list and value else value
        if not isinstance(element, _ELEMENT):
            return None
        if short is not None:
            return short(element)
        try:
            found = path(element)
        except (etree.XPathError, ValueError) as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None
        return None if type(found) is list and not found else found

    return run


def _short_path(text: str, namespaces: Mapping[str, str]) -> Callable[[etree._Element], Any] | None:
    """``@name``, ``name`` and ``self::name`` without the XPath engine. Longer ones gain nothing by it."""
    match = _SHORT.fullmatch(text)
    if match is None:
        return None
    start, prefix, local = match.groups()
    name = f"{{{namespaces[prefix]}}}{local}" if prefix else local
    if start == "self::":
        return lambda element: [element] if element.tag == name else None
    if start:
        return lambda element: None if (value := element.get(name)) is None else [value]
    return lambda element: list(element.iterchildren(name)) or None
