"""A product's webhook, sent on in its own words for a mapping to read."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from metrics.definitions.mistakes import nearest
from metrics.privacy.forms import is_code
from metrics.privacy.masking import masked_detail
from streams import topics
from streams.gateway.headers import KEY, QUERY, SENDER, masked_query
from streams.gateway.problems import Problem
from streams.gateway.replies import Reply
from streams.sources.native import outgoing
from streams.sources.redaction import redactor

_redact: Final = redactor(())
_DIGITS: Final = 16
_ACCEPTED: Final = b'{"status":"accepted"}'


class WebhookReader:
    """Turns the webhooks of one gateway into native messages."""

    def __init__(self, systems: Collection[str], keep: Callable[[Iterable[tuple[str, str]]], dict[str, str]]) -> None:
        self._systems = frozenset(systems)
        self._keep = keep

    def knows(self, system: str) -> bool:
        """Whether there is a mapping for it."""
        return system in self._systems

    def check(self, system: str) -> None:
        """Raises Problem where there is no such system."""
        if system not in self._systems:
            hint = nearest(system[:80], self._systems)
            named = masked_detail(repr(system[:80])) if not is_code(system) else repr(system[:80])
            detail = f"there is no mapping for {named}{hint}; post to /intake/ and one of `known`"
            raise Problem(404, "unknown_system", detail, more={"known": sorted(self._systems)})

    def read(
        self, body: bytes, system: str, headers: Mapping[str, str], query: str, sender: str, key_header: str = ""
    ) -> Reply:
        """The native message. Secrets that no mapping needs are masked before anything stores them.

        `key_header`: where the sender's own products name the object, unless the request says it in `fg-key`.
        """
        if not body:
            raise Problem(
                422, "empty_value", "the body is empty; set the product to send the document, not only a call"
            )
        kept = self._keep(headers.items())
        kept[SENDER] = sender
        if query:
            kept[QUERY] = masked_query(query)
        key = record_key(system, headers.get(KEY) or (headers.get(key_header, "") if key_header else ""))
        return Reply(records=[(topics.NATIVE, outgoing(system, redacted(body), kept, key))], body=_ACCEPTED, taken=1)


def record_key(system: str, named: str) -> str:
    """The key of a webhook's record: messages with one key stay in order.

    It holds a digest of what the sender named, which may be somebody's number; without that it is the system's name.
    """
    named = named.strip()
    if not named:
        return system
    return f"{system}/{hashlib.sha256(named.encode('utf-8', 'surrogateescape')).hexdigest()[:_DIGITS]}"


def redacted(body: bytes) -> bytes:
    """The body with passwords and the like masked; all other bytes, and its encoding, as they came."""
    if b"\0" not in body[:64]:
        return _redact(body)
    for encoding in ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-16-le", "utf-16-be"):
        try:
            narrow = body.decode(encoding).encode()
        except UnicodeError:
            continue
        masked = _redact(narrow)
        if masked != narrow:
            return masked.decode().encode(encoding)
    narrow = body.replace(b"\0", b"")
    masked = _redact(narrow)
    return body if masked == narrow else masked
