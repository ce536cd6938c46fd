"""How much of one span is kept; what is beyond is cut with a mark, never dropped in silence."""

from typing import Final

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in characters of JSON or text, counts in pieces. The defaults hold every span the SDKs send by default."""

    value: int = 8_192
    """One attribute's value."""
    attributes: int = 65_536
    """All attributes of a span, an event or a resource together."""
    name: int = 1_024
    message: int = 4_096
    interface: int = 256
    object_id: int = 256
    """A longer business key is no key."""
    refs: int = 100
    """Business keys and links a span."""
    events: int = 128
    depth: int = 32
    """Nested lists and maps in a value; deeper is a dead letter."""
    spans: int = 1 << 20
    """Spans a message: the index in a message takes 20 bits of a position."""


DEFAULT_LIMITS: Final = Limits()


def shortened(text: str, limit: int) -> str:
    """The text, or its first `limit` characters with a mark that tells the whole length."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}…[truncated, {len(text)} characters]"
