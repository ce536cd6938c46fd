"""The steps of a chain: each takes what the step before found. A list is worked on element by element."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, unquote

from lxml import etree

from metrics.texts.money import added, decimal_reader, multiplied
from streams.codecs.reasons import Unreadable
from streams.sources.json_input import parse_json
from streams.sources.message import Scope
from streams.sources.readers import Reader
from streams.sources.reasons import UNDECODABLE
from streams.sources.scalars import is_nothing, text_of
from streams.sources.xml_input import parse_xml

_LONGEST_MATCHED: Final = 2_000  # characters that a pattern of the author's is let loose on
_MOST_PARTS: Final = 1_000
_DIGITS: Final = re.compile(r"\D")
TEXT_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "digits": lambda text: _DIGITS.sub("", text),
    "strip_zeros": lambda text: text.lstrip("0") or "0",
    "spaces": lambda text: " ".join(text.split()),
    "url": lambda text: quote(text, safe="", errors="replace"),
    "odata": lambda text: quote(text.replace("'", "''"), safe="", errors="replace"),
}
_URL_SAFE: Final = str.maketrans("-_", "+/", " \t\r\n")
DECODERS: Final = ("json", "xml", "base64", "url")


def each(change: Callable[[str], Any]) -> Reader:
    """The step that changes a text, or every text of a list; nothing stays nothing."""

    def run(scope: Scope, found: Any) -> Any:
        if type(found) is list and len(found) > 1:
            return [change(text) for one in found if (text := text_of(one)) is not None]
        text = text_of(found)
        return None if text is None else change(text)

    return run


def each_in_scope(change: Reader) -> Reader:
    """The same for a change that looks at the scope; what becomes nothing is left out of a list."""

    def run(scope: Scope, found: Any) -> Any:
        if type(found) is list and len(found) > 1:
            return [changed for one in found if (changed := change(scope, one)) is not None]
        return change(scope, found)

    return run


def decoder(form: str) -> Reader:
    """A text that is itself JSON, XML, base64 or percent-encoded."""
    forms: dict[str, Callable[[str], Any]] = {"json": _json, "xml": _xml, "base64": _base64, "url": unquote}
    decode = forms[form]

    def run(scope: Scope, found: Any) -> Any:
        text = text_of(found)
        return None if text is None else decode(text)

    return run


def _json(text: str) -> Any:
    try:
        return parse_json(text.encode())
    except (Unreadable, UnicodeEncodeError) as error:
        raise Unreadable(UNDECODABLE, f"not JSON: {error}") from None


def _xml(text: str) -> etree._Element:
    try:
        return parse_xml(text.encode(), declared_utf8=True)
    except UnicodeEncodeError as error:
        raise Unreadable(UNDECODABLE, f"not XML: {error.reason}") from None
    except Unreadable as error:
        raise Unreadable(UNDECODABLE, error.detail) from None


def _base64(text: str) -> str:
    try:
        compact = text.translate(_URL_SAFE).rstrip("=")
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Unreadable(UNDECODABLE, f"not base64 of a UTF-8 text: {str(error)[:100]}") from None


def matcher(pattern: re.Pattern[str]) -> Reader:
    """The first group of a pattern (or all it matched); nothing where it does not match."""

    def match(text: str) -> str | None:
        found = pattern.search(text[:_LONGEST_MATCHED])
        return None if found is None else found[1 if pattern.groups else 0]

    return each(match)


def padder(width: int, sign: str) -> Reader:
    """Signs to the left until the text is `width` long."""
    return each(lambda text: text.rjust(width, sign))


def splitter(sign: str) -> Reader:
    """A text as the list of its parts, without blank ones."""

    def run(scope: Scope, found: Any) -> Any:
        text = text_of(found)
        parts = [] if text is None else [part.strip() for part in text.split(sign, _MOST_PARTS)]
        return [part for part in parts if part] or None

    return run


def adder(form: str) -> Reader:
    """The sum of a list of decimal texts, as a decimal text."""
    read = decimal_reader(form)

    def run(scope: Scope, found: Any) -> Any:
        if found is None:
            return None
        texts = found if type(found) is list else [found]
        numbers = [read(text) for one in texts if (text := text_of(one)) is not None]
        return f"{added(numbers):f}" if numbers else None

    return run


def multiplier(parts: list[Reader], form: str) -> Reader:
    """The product of decimals, of each element of a list; nothing for all of them when one part of one is nothing."""
    read = decimal_reader(form)

    def product(scope: Scope, found: Any) -> str | None:
        texts = [text_of(part(scope, found)) for part in parts]
        return None if None in texts else f"{multiplied(map(read, texts)):f}"  # type: ignore[arg-type]

    def run(scope: Scope, found: Any) -> Any:
        if type(found) is not list:
            return product(scope, found)
        products = [product(scope, one) for one in found]
        return None if None in products else products

    return run


def joiner(parts: list[Reader], sign: str) -> Reader:
    """All parts with a sign between them; nothing when one of them is nothing."""

    def run(scope: Scope, found: Any) -> Any:
        texts = [text_of(part(scope, found)) for part in parts]
        return None if None in texts else sign.join(texts)  # type: ignore[arg-type]

    return run


def chooser(parts: list[Reader]) -> Reader:
    """The first part that finds something."""

    def run(scope: Scope, found: Any) -> Any:
        for part in parts:
            value = part(scope, found)
            if value is not None and not is_nothing(value):
                return value
        return None

    return run


def previous(field: str) -> Reader:
    """The watched field as it was before."""
    return lambda scope, found: scope.before.get(field)
