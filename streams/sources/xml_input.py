"""XML messages: parsed without entities, DTD or network; a DOCTYPE is accepted and nothing of it is loaded."""

import re
from typing import Any, Final

from lxml import etree

from streams.codecs.reasons import TOO_DEEP, Unreadable
from streams.sources.reasons import MALFORMED_XML, XML_ENTITIES

_LONE_AMPERSAND: Final = re.compile(rb"&(?!(?:[A-Za-z_][\w.-]{0,63}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*\?>")


# One parser for all: to make one takes longer than to read a small message.
_PARSER: Final = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    dtd_validation=False,
    attribute_defaults=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def parse_xml(body: bytes, *, declared_utf8: bool = False) -> etree._Element:
    """The root element. `declared_utf8`: the bytes are UTF-8 whatever their declaration says. Raises `Unreadable`."""
    if declared_utf8:
        body = _DECLARATION.sub(b"", body, count=1)
    try:
        root = etree.fromstring(body.lstrip() if body[:1].isspace() else body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _verdict(str(error)) from None
    except (etree.LxmlError, ValueError, LookupError, AssertionError) as error:
        raise Unreadable(MALFORMED_XML, str(error)[:200]) from None
    if root is None:
        raise Unreadable(MALFORMED_XML, "there is no element in it")
    _refuse_entities(root)
    return root


def _verdict(problem: str) -> Unreadable:
    if "depth" in problem.lower():
        return Unreadable(TOO_DEEP, problem[:200])
    if "entity" in problem.lower() and "amplification" in problem.lower():
        return Unreadable(XML_ENTITIES, problem[:200])
    return Unreadable(MALFORMED_XML, problem[:200])


def _refuse_entities(root: etree._Element) -> None:
    document: Any = root.getroottree().docinfo
    if not document.doctype:
        return
    subset = document.internalDTD
    if subset is not None and next(iter(subset.iterentities()), None) is not None:
        raise Unreadable(XML_ENTITIES, "the DOCTYPE defines entities")
    if next(root.iter(etree.Entity), None) is not None:
        raise Unreadable(XML_ENTITIES, "an entity is used that is never loaded")


def repair_ampersands(body: bytes) -> bytes:
    """Every ``&`` that begins no entity as ``&amp;``; the parser's own recovery would drop it in silence."""
    return _LONE_AMPERSAND.sub(b"&amp;", body)


def drop_namespaces(root: etree._Element) -> None:
    """Local names only, for elements and attributes, in place."""
    for element in root.iter("*"):
        tag = str(element.tag)
        if tag[0] == "{":
            element.tag = tag.rpartition("}")[2]
        for name in [name for name in element.attrib if name[:1] == "{"]:
            local = str(name).rpartition("}")[2]
            if local not in element.attrib:
                element.set(local, element.attrib[name])
            del element.attrib[name]
