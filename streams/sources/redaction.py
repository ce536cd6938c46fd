"""Secrets taken out of a raw message before anybody stores it, well formed or not."""

import re
from collections.abc import Callable, Sequence
from typing import Final

MASK: Final = b"***"
ALWAYS: Final = ("SharedSecret", "password", "Password", "client_secret", "access_token", "authorization")
"""Names that no mapping needs to list."""

Redactor = Callable[[bytes], bytes]

_STRING: Final = rb'"(?:[^"\\]|\\.)*+(?:"|\Z)'
_VALUE: Final = re.compile(_STRING + rb'|[^\s"{\[,}\]][^,}\]\s]*+|([{\[])', re.DOTALL)
_NESTED: Final = re.compile(_STRING + rb"|([{\[])|[}\]]", re.DOTALL)


def any_of(names: Sequence[str]) -> bytes:
    """The pattern of a name to mask: one of these or of those that are always masked."""
    return b"(?:" + b"|".join(re.escape(name.encode()) for name in sorted({*ALWAYS, *names})) + b")"


def redactor(names: Sequence[str]) -> Redactor:
    """Masks the value of each name, however much it holds: a JSON member, an XML element or an XML attribute.

    It works on the text, so that a message that cannot be parsed is covered too; every pattern is linear.
    """
    masked = text_redactor(names)

    def redact(body: bytes) -> bytes:
        if not is_wide(body):
            return masked(body)
        narrow = _one_byte_wide(body)
        text = masked(narrow)
        return body if text == narrow else text

    return redact


def text_redactor(names: Sequence[str]) -> Redactor:
    """The same for texts whose signs are one byte wide."""
    name = any_of(names)
    member = re.compile(rb'"' + name + rb'"\s*+:\s*+')
    element = re.compile(
        rb"(<(?:[\w.-]++:)?(" + name + rb")(?=[\s>])[^<>]*+(?<!/)>).*?(?=</(?:[\w.-]++:)?\2\s*+>|\Z)", re.DOTALL
    )
    attribute = re.compile(rb"(\s" + name + rb'\s*+=\s*+)("[^"]*+"|' + rb"'[^']*+')")

    def redact(body: bytes) -> bytes:
        if b":" in body:
            body = _mask_members(body, member)
        if b"<" in body:
            body = element.sub(rb"\1" + MASK, body)
            body = attribute.sub(rb'\1"' + MASK + rb'"', body)
        return body

    return redact


def _mask_members(body: bytes, member: re.Pattern[bytes]) -> bytes:
    """Masks the value behind each match; what lies inside a masked one is not looked at again."""
    pieces: list[bytes] = []
    done = 0
    for match in member.finditer(body):
        start = match.end()
        if match.start() >= done and (end := _end_of_value(body, start)) > start:
            pieces += (body[done:start], b'"', MASK, b'"')
            done = end
    return b"".join((*pieces, body[done:])) if pieces else body


def _end_of_value(body: bytes, start: int) -> int:
    """Where a JSON value ends; an object or array that is cut off ends with the message."""
    match = _VALUE.match(body, start)
    if match is None:
        return start
    if match[1] is None:
        return match.end()
    depth = 0
    for token in _NESTED.finditer(body, start):
        if token[1]:
            depth += 1
        elif token[0][:1] != b'"':
            depth -= 1
            if depth == 0:
                return token.end()
    return len(body)


def is_wide(body: bytes) -> bool:
    """Whether the bytes are UTF-16: by its mark, or by a nought behind each of the first signs."""
    return body[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"\0" in body[1:2] and not any(body[1:8:2]))


def _one_byte_wide(body: bytes) -> bytes:
    """UTF-16 as UTF-8, so that the patterns meet the names; what is none after all without its noughts."""
    try:
        return body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le").encode()
    except UnicodeError:
        return body.replace(b"\0", b"")
