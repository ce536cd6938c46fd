"""Secrets inside parts of a message that are themselves base64, JSON or XML: the part is masked from there on."""

import base64
import re
from collections.abc import Collection, Sequence
from typing import Final

from streams.sources.redaction import MASK, Redactor, any_of, text_redactor

_BASE64: Final = re.compile(rb"(?:[A-Za-z0-9+/_-]|\\[/rn]|[\r\n]){12,}+={0,2}")
_BROKEN_LINES: Final = re.compile(rb"\\[rn]|[\r\n\\]")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_IN_JSON: Final = rb'(?<!\\)\\++(?:"|u0022)'  # a quotation mark inside a JSON string
_IN_XML: Final = rb"&(?:quot|#34|#[xX]22);"  # and inside XML


def encoded_redactor(names: Sequence[str], decoded: Collection[str]) -> Redactor:
    """Masks what the decode steps of a mapping (`base64`, `json`, `xml`) would make readable."""
    steps: list[Redactor] = []
    if "json" in decoded or "xml" in decoded:
        steps.append(_escaped(any_of(names)))
    if "base64" in decoded:
        steps.append(_base64(text_redactor(names)))

    def redact(body: bytes) -> bytes:
        for step in steps:
            body = step(body)
        return body

    return redact


def _escaped(name: bytes) -> Redactor:
    """From a name in an escaped text to the end of that text."""

    def begins(quote: bytes, less: bytes) -> bytes:
        member = quote + name + quote + rb"\s*+:"
        element = less + rb"(?:[\w.-]++:)?" + name + rb"(?![\w.-])"
        attribute = rb"\s" + name + rb"\s*+=\s*+" + quote
        return b"(" + b"|".join((member, element, attribute)) + b")"

    in_json = re.compile(begins(_IN_JSON, rb"\\u003[cC]") + rb'(?:[^"\\]|\\.)*+', re.DOTALL)
    in_xml = re.compile(begins(_IN_XML, rb"&(?:lt|#60|#[xX]3[cC]);") + rb"[^<]*+")

    def redact(body: bytes) -> bytes:
        if b"\\" in body:
            body = in_json.sub(rb"\1" + MASK, body)
        if b"&" in body:
            body = in_xml.sub(rb"\1" + MASK, body)
        return body

    return redact


def _base64(masked: Redactor) -> Redactor:
    """Every run of base64 in which something would be masked, as a whole; one that is cut off too."""

    def replaced(match: re.Match[bytes]) -> bytes:
        return MASK if any(masked(text) != text for text in _readings(match[0])) else match[0]

    return lambda body: _BASE64.sub(replaced, body)


def _readings(run: bytes) -> list[bytes]:
    """What a run may say, wherever in it the encoded text begins."""
    compact = _BROKEN_LINES.sub(b"", run).rstrip(b"=").translate(_URL_SAFE)
    parts = (compact[start:] for start in range(4))
    return [base64.b64decode(part + b"A" * (-len(part) % 4)) for part in parts]


def decoded_forms(written: object) -> frozenset[str]:
    """The forms that the decode steps in a mapping name, wherever they are written."""
    if isinstance(written, dict):
        own = {str(one) for word, one in written.items() if word == "decode"}
        return frozenset(own).union(*map(decoded_forms, written.values()))
    if isinstance(written, list | tuple):
        return frozenset().union(*map(decoded_forms, written))
    return frozenset()
