"""Fingerprints: values by which objects are compared, without being kept.

Whatever is compared goes through a keyed hash, also what intake has made a token of already: equal tokens give equal
fingerprints, so any opaque equal value works.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from metrics.quality.facts import FINGERPRINT_DIGITS

Fingerprint = Callable[[str, str], str]
"""(what is compared, normalised value) → 24 hex digits."""

_SIGNS: Final = re.compile(r"[\W_]+")
_LEGAL_FORMS: Final = frozenset({
    "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "limited", "llc", "llp",
    "lp", "ltd", "nv", "plc", "pllc", "sa", "sarl", "srl", "the",
})  # fmt: skip
_TOKEN: Final = re.compile(r"[\w.-]{1,32}~[a-z2-7]{8,}\Z")
"""A token of the intake: a key's id and base32."""


def fingerprint_with(key: bytes) -> Fingerprint:
    """HMAC-SHA-256 with a key of this installation, cut to 96 bits."""

    def fingerprint(about: str, value: str) -> str:
        return hmac.digest(key, f"{about}\x1f{value}".encode(), "sha256").hex()[:FINGERPRINT_DIGITS]

    return fingerprint


def normalised(value: str, similar: str) -> str:
    """The value as it is compared; empty when nothing of it is left. Tokens stay as they are."""
    if _TOKEN.search(value):
        return value.strip()
    folded = unicodedata.normalize("NFKC", value).casefold()
    if similar == "exact":
        return " ".join(folded.split())
    if similar == "number":
        return _SIGNS.sub("", folded)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign))
    words = _SIGNS.sub(" ", plain.replace("&", " and ")).split()
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)
