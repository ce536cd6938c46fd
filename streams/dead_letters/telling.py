"""What a letter tells in clear, once more held against its message: no value of it may stand in a sentence."""

import re
from collections.abc import Callable
from typing import Final

from metrics.privacy.forms import is_code
from metrics.privacy.masking import masked_detail, masked_excerpt, shape
from streams.codecs.reasons import MALFORMED_JSON
from streams.sources.reasons import MALFORMED_XML, UNDECODABLE
from streams.sources.redaction import is_wide

LONGEST: Final = 2_000
"""Signs of an excerpt."""
NO_TEXT: Final = "(binary)"
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_WORD: Final = re.compile(r"[^\s'\",;:()\[\]{}<>=|]{3,}")
_TELLING: Final = re.compile(r"[^\x00-\x7f]|[A-Z]|\d.*\d")
_MANY_DIGITS: Final = re.compile(r"\d{6,}")
_UNPRINTABLE: Final = re.compile(r"[^\S \n\t]|[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORM: Final = re.compile(r"in the form '([a-z_]+)'")
"""The one word in quotes that is the mapping's own."""
_OTHERS_WORDS: Final = frozenset((MALFORMED_XML, MALFORMED_JSON, UNDECODABLE))
"""Reasons whose sentences are those of a library, which quotes what it likes."""


def excerpt(payload: bytes, names: Callable[[str], bool] = is_code) -> str:
    """The beginning of a message with every value as its shape; names that are numbers are values, too.

    `names`: which names of members and elements may stay.
    """
    if _BINARY.search(payload, 0, LONGEST) and not is_wide(payload):
        return NO_TEXT
    shown = _MANY_DIGITS.sub(lambda found: "9" * len(found[0]), masked_excerpt(payload, LONGEST, names))
    return _UNPRINTABLE.sub("·", shown)


def sentence(reason: str, detail: str, payload: bytes, shown: str) -> str:
    """A detail in which what was quoted, and every word that stands in the message as a value, is its shape.

    `shown`: the message's excerpt, whose words are names and may stay.
    """
    strict = reason in _OTHERS_WORDS

    def word(found: re.Match[str]) -> str:
        text = found[0]
        sought = text.encode(errors="replace")
        if text in shown:
            return text
        told = sought in payload if _TELLING.search(text) else strict and _stands_alone(sought, payload)
        return shape(text) if told else text

    return _WORD.sub(word, masked_detail(_FORM.sub(r"in the form \1", detail)))


def _stands_alone(word: bytes, payload: bytes) -> bool:
    return re.search(rb"(?<!\w)" + re.escape(word) + rb"(?!\w)", payload) is not None
