"""What a selector found, as one text or a list of texts."""

from typing import Any, Final

from lxml import etree

from streams.codecs.reasons import WRONG_TYPE, Unreadable

_ELEMENT: Final = etree._Element


def text_of(found: Any) -> str | None:
    """The text of a value, without blanks around it; None for nothing and for blank text.

    Whole numbers and booleans become text as JSON writes them; a list counts as its first element; an XML element
    as all the text in it. Raises `Unreadable` for a JSON object.
    """
    kind = type(found)
    if kind is str:
        return found.strip() or None
    if found is None:
        return None
    if kind is list:
        return text_of(found[0]) if found else None
    if kind is int:
        return str(found)
    if kind is bool:
        return "true" if found else "false"
    if kind is float:
        return str(int(found)) if found.is_integer() else repr(found)
    if isinstance(found, _ELEMENT):
        if not len(found):
            return (found.text or "").strip() or None  # a leaf, as nearly all are
        return "".join(map(str, found.itertext())).strip() or None
    raise Unreadable(WRONG_TYPE, f"the value is {_called(found)}, a single value is needed")


def texts_of(found: Any) -> list[str]:
    """Every text in a value: one for each element of a list, none for nothing."""
    if type(found) is list and len(found) != 1:
        return [text for one in found if (text := text_of(one)) is not None]
    text = text_of(found)
    return [] if text is None else [text]


def is_nothing(found: Any) -> bool:
    """Whether a step may go on looking: null, a blank text, an XML element that holds nothing, a list of such."""
    kind = type(found)
    if kind is str:
        return not found or found.isspace()
    if kind is list:
        return is_nothing(found[0]) if len(found) == 1 else all(map(is_nothing, found))
    return found is None or (isinstance(found, _ELEMENT) and _is_bare(found))


def _is_bare(element: etree._Element) -> bool:
    """No element in it, no text, and no attribute but one that says so (`nil`)."""
    if len(element) or ((text := element.text) and not text.isspace()):
        return False
    return all(name.rpartition("}")[2] == "nil" for name in map(str, element.attrib))


def is_true(found: Any) -> bool:
    """Whether a selector used as a condition holds: not nothing, not false, not empty (0 counts as something)."""
    if found is None or found is False:
        return False
    return found is True or type(found) in (int, float) or bool(len(found)) or isinstance(found, etree._Element)


def _called(found: Any) -> str:
    return "a JSON object" if isinstance(found, dict) else f"of type {type(found).__name__}"
