"""Which span attributes name business objects: the key rules, and the ids found by them.

An attribute is a key when its name stands in the vocabulary's `span_keys`, or reads
``flowglass.<object_type>.id``. With the prefix ``baggage.`` it is a copy of W3C baggage, and says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from streams.spans.limits import Limits

ATTRIBUTE: Final = "attribute"
BAGGAGE: Final = "baggage"
SPAN_LINK: Final = "span_link"

_BAGGAGE_PREFIX: Final = "baggage."
_NO_TRACE: Final = "0" * 32
_OWN_KEY: Final = re.compile(r"flowglass\.([a-z][a-z0-9_]*)\.id", re.ASCII)


KeyRef = tuple[str, str, str, str]
"""Object type, object id, carrier, and the attribute that named the object ('' for a span link)."""


class KeyRules:
    """Attribute name → object type and carrier; a name without a rule is an ordinary attribute."""

    def __init__(self, span_keys: Mapping[str, str], limits: Limits) -> None:
        self._span_keys = dict(span_keys)
        self._limits = limits

    def rule(self, name: str) -> tuple[str, str] | None:
        """(object type, carrier) of an attribute name, or None."""
        carrier, base = ATTRIBUTE, name
        if name.startswith(_BAGGAGE_PREFIX):
            carrier, base = BAGGAGE, name[len(_BAGGAGE_PREFIX) :]
        object_type = self._span_keys.get(base)
        if object_type is None:
            match = _OWN_KEY.fullmatch(base)
            if match is None:
                return None
            object_type = match[1]
        return object_type, carrier

    def refs(self, rule: tuple[str, str], name: str, value: Any) -> tuple[tuple[KeyRef, ...], int]:
        """The references a value gives (several for a list, each once), and how many elements were refused."""
        object_type, carrier = rule
        if type(value) is str and 0 < len(value) <= self._limits.object_id and not value.isspace():
            return ((object_type, value.strip(), carrier, name),), 0
        elements = value if isinstance(value, list) else [value]
        found: dict[KeyRef, None] = {}
        refused = 0
        for element in elements:
            object_id = self._id(element)
            if object_id:
                found[object_type, object_id, carrier, name] = None
            else:
                refused += 1
        return tuple(found), refused

    def _id(self, element: Any) -> str:
        """Text or whole number as an id; '' for what is none (empty, too long, flag, fraction, map)."""
        if isinstance(element, bool) or not isinstance(element, str | int):
            return ""
        text = str(element).strip()
        return text if len(text) <= self._limits.object_id else ""


def linked(links: Iterable[str], trace_id: str) -> list[KeyRef]:
    """The other traces that a span's links point to, each once; an invalid id or the own trace is no link."""
    others = [one for one in dict.fromkeys(links) if len(one) == 32 and one not in (_NO_TRACE, trace_id)]
    return [("trace", one, SPAN_LINK, "") for one in others]
