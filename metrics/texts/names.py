"""Names that people give to columns: made distinct, made comparable, and made words of ours."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def distinct(names: Iterable[str]) -> list[str]:
    """Nameless and repeated columns get names of their own: ``column 3``, ``note (2)``."""
    found: dict[str, int] = {}
    for place, given in enumerate(names, start=1):
        name = given = given.strip() or f"column {place}"
        while name in found:
            found[given] += 1
            name = f"{given} ({found[given]})"
        found[name] = 1
    return list(found)


def plain(name: str) -> str:
    """A name to compare: without case, blanks and punctuation."""
    return _NOT_WORD.sub("", name.lower())


def words(name: str) -> list[str]:
    """The words of a name in small letters: ``PurchaseOrder No.`` is purchase, order, no."""
    return [word for word in _NOT_WORD.split(_CAMEL.sub(" ", name).lower()) if word]


def ascii_letters(name: str) -> str:
    """A name with the letters of ours that come closest: ``März`` is Marz; what has none is left out."""
    bare = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return bare.encode("ascii", "ignore").decode()


def snake_case(name: str) -> str:
    """``Purchase Order`` and ``purchaseOrder`` as an object type: ``purchase_order``."""
    joined = "_".join(words(name))
    if not joined:
        return "object"
    return joined if joined[0].isalpha() else f"o_{joined}"
