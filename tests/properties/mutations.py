"""Messages made worse in the ways that real senders and attackers find; seeded, so that a failure can be repeated."""

import random
import re
from collections.abc import Callable, Mapping

from tests.properties.tree_mutations import mutated_tree

_TEXTS = (
    b"", b"null", b"NaN", b"1e999", b"-", b"0" * 400, b"9" * 5000, b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800",
    b"&", b"&x;", b"<!--", b"]]>", b"<![CDATA[x]]>", b"{", b"}", b"[", b"]", b'"', b"'", b"/Date(99999999999999999)/",
    b"9999-99-99T99:99:99Z", b"0001-01-01", b"2026-02-30", b"12:00", b"1,2,3.4.5", b"\xc2\xa0", "‮٣".encode(),
)  # fmt: skip
_NUMBER = re.compile(rb"\d+")
_QUOTED = re.compile(rb'"[^"]*"')


def _cut(body: bytes, rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flip(body: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(body))
    return body[:place] + bytes([rng.randrange(256)]) + body[place + 1 :]


def _drop(body: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(body))
    return body[:start] + body[start + rng.randrange(1, 40) :]


def _repeat(body: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(body))
    return body[:start] + body[start : start + rng.randrange(1, 80)] * rng.choice((2, 3, 200)) + body[start:]


def _insert(body: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(body) + 1)
    return body[:place] + rng.choice(_TEXTS) + body[place:]


def _number(body: bytes, rng: random.Random) -> bytes:
    return _replace(body, _NUMBER, rng)


def _quoted(body: bytes, rng: random.Random) -> bytes:
    return _replace(body, _QUOTED, rng)


def _replace(body: bytes, pattern: re.Pattern[bytes], rng: random.Random) -> bytes:
    found = list(pattern.finditer(body))
    if not found:
        return body
    match = rng.choice(found)
    kind = rng.choice((b"null", b"true", b"[]", b"{}", b'{"a": 1}', b"[1, 2]", b'""', *_TEXTS))
    return body[: match.start()] + kind + body[match.end() :]


def _deep(body: bytes, rng: random.Random) -> bytes:
    depth = rng.choice((50, 300, 20_000))
    opening, closing = rng.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")))
    return opening * depth + body + closing * depth


def _recode(body: bytes, rng: random.Random) -> bytes:
    text = body.decode("latin-1")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp500")))


KINDS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flip, _drop, _repeat, _insert, _number, _quoted, _number, _quoted, _deep, _recode
)  # fmt: skip


def mutated(body: bytes, rng: random.Random) -> bytes:
    """One to four changes: half of the time inside the document, else anywhere in its bytes."""
    if rng.random() < 0.5:
        return mutated_tree(body, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if body:
            body = rng.choice(KINDS)(body, rng)
    return body


def mutated_headers(headers: Mapping[str, str], rng: random.Random) -> Mapping[str, str]:
    """Mostly as they are; now and then one is gone or says something else, or one is there that no one sent."""
    changed = dict(headers)
    if changed and rng.random() < 0.15:
        name = rng.choice(sorted(changed))
        text = mutated(changed.pop(name).encode(), rng).decode("utf-8", "replace")
        if rng.random() < 0.8:
            changed[name] = text
    if rng.random() < 0.05:
        changed[rng.choice(("fg-part", "fg-line", "traceparent", "ce_type", "ce_id", "ce-time"))] = rng.choice(
            _TEXTS
        ).decode("utf-8", "replace")
    return changed
