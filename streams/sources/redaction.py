"""Secrets taken out of a raw message before anybody stores it, well formed or not."""

import re
from collections.abc import Callable, Sequence
from typing import Final

MASK: Final = b"***"
ALWAYS: Final = ("SharedSecret", "password", "Password", "client_secret", "access_token", "authorization")
"""Names that no mapping needs to list."""

_JSON_VALUE: Final = rb'("(?:[^"\\]|\\.)*+(?:"|\Z)|[^\s"{\[,}\]][^,}\]\s]*+)'


def redactor(names: Sequence[str]) -> Callable[[bytes], bytes]:
    """Masks the value of each name wherever it is a JSON member, an XML element or an XML attribute.

    It works on the text, so that a message that cannot be parsed is covered too; every pattern is linear.
    """
    alternatives = b"|".join(re.escape(name.encode()) for name in sorted({*ALWAYS, *names}))
    name = rb"(?:" + alternatives + rb")"
    member = re.compile(rb'("' + name + rb'"\s*+:\s*+)' + _JSON_VALUE)
    element = re.compile(
        rb"(<(?:[\w.-]++:)?(" + name + rb")(?=[\s>])[^<>]*+(?<!/)>).*?(?=</(?:[\w.-]++:)?\2\s*+>|\Z)", re.DOTALL
    )
    attribute = re.compile(rb"(\s" + name + rb'\s*+=\s*+)("[^"]*+"|' + rb"'[^']*+')")

    def redact(body: bytes) -> bytes:
        if b"\0" in body[:64]:
            body = _one_byte_wide(body)
        if b":" in body:
            body = member.sub(rb'\1"' + MASK + rb'"', body)
        if b"<" in body:
            body = element.sub(rb"\1" + MASK, body)
            body = attribute.sub(rb'\1"' + MASK + rb'"', body)
        return body

    return redact


def _one_byte_wide(body: bytes) -> bytes:
    """UTF-16 as UTF-8, so that the patterns meet the names; anything else as it is."""
    try:
        return body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le").encode()
    except UnicodeError:
        return body.replace(b"\0", b"")
